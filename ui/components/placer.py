"""Lies on a card's picture: the subject and the picture behind it are dragged into place there."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from ui.components.assets import register

type Box = tuple[float, float, float, float]

_placer = register("placer", "placer_geometry.js", "placer_gestures.js", "placer.js")


@dataclass(frozen=True)
class MovablePicture:
    """A background picture: its address, its size in pixels, and how it's fitted; blur: the σ of
    its blur in parts of the photo's width."""

    src: str
    width: int
    height: int
    fit: str
    blur: float


@dataclass(frozen=True)
class PlacedScene:
    """What is put into place.

    size: the finished picture's (width, height). photo: left, top, width and height of where the
    photo lies in it, in parts of the picture. In parts of the photo: box, the subject's (x0, y0,
    x1, y1); kept, the point that scaling leaves where it is; layer_box, where the layer lies, the
    subject's own picture. cut: whether the photo's upper, right, lower and left edge cuts it off.
    layer, behind: addresses of the layer and of the background. picture: the background, if it can
    be moved.
    """

    size: tuple[int, int]
    photo: Box
    box: Box
    kept: tuple[float, float]
    layer_box: Box
    cut: tuple[bool, bool, bool, bool]
    layer: str
    behind: str
    picture: MovablePicture | None


def placer(
    scene: PlacedScene,
    placed: dict[str, float],
    photo: str,
    label: str,
    *,
    key: str,
    on_placed: Callable[[Any, str], None],
) -> None:
    """Lie on the picture of the card that this is drawn in.

    placed: the numbers across, down, scale (of the subject), x, y, zoom (of the picture). photo:
    the photo's key. label: what the card is called. `on_placed` is called with the new numbers and
    with the key of the photo that they are of, when the person has let go.
    """

    def take() -> None:
        told = st.session_state[key]["placed"]
        on_placed(told, str(told["photo"]))

    _placer(
        key=key,
        data={**asdict(scene), "placed": placed, "key": photo, "label": label},
        on_placed_change=take,
    )
