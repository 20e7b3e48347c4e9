"""A photo on which the person draws boxes and points and picks objects."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from ui.components.assets import data_url, register

type Polygon = Sequence[tuple[float, float]]

_canvas = register(
    "prompt_canvas",
    "zoomable.js",
    "prompt_canvas_geometry.js",
    "prompt_canvas_marks.js",
    "prompt_canvas_gestures.js",
    "prompt_canvas_keyboard.js",
    "prompt_canvas.js",
)


@dataclass(frozen=True)
class Drawn:
    """What is drawn on a photo, in its own pixels.

    boxes: (x0, y0, x1, y1) with 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height.
    points: (x, y, include), the pixel that was clicked: 0 <= x < width and 0 <= y < height.
    """

    boxes: tuple[tuple[int, int, int, int], ...] = ()
    points: tuple[tuple[int, int, bool], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.boxes or self.points)


@dataclass(frozen=True)
class PickableObject:
    """Something that a model found: `name` is unique ("person 2"), `label` is what the photo shows,
    `score` is from 0 to 1.

    A click picks it inside its `outline` (polygons, filled by the even-odd rule), or inside its
    `box` (x0, y0, x1, y1) if it has no outline. Of several objects the smallest is picked.
    """

    name: str
    label: str
    score: float
    box: tuple[float, float, float, float]
    outline: Sequence[Polygon] = ()


def prompt_canvas(
    preview: bytes,
    size: tuple[int, int],
    image_id: str,
    *,
    key: str,
    nonce: int = 0,
    initial: Drawn = Drawn(),
    drawing: bool = True,
    objects: Sequence[PickableObject] = (),
    selected: Sequence[str] = (),
    overlay: bytes | None = None,
    tint: tuple[int, int, int] = (235, 0, 170),
    on_picked: Callable[[], None] | None = None,
    max_height: int = 620,
    alt: str = "Photo",
) -> Drawn:
    """Show the photo with its tools and return what is drawn on it.

    preview: a JPEG, PNG or WebP of the photo whose full `size` is (width, height).
    image_id: names the photo. A new image_id or a new `nonce` starts again from `initial`.
    drawing: whether boxes and points are shown and can be drawn; if not, they are kept unseen.
    objects: what the pick tool offers; `selected` names those chosen. When the person picks,
    `on_picked` is called, and `picked(key)` tells the new choice.
    overlay: a grey matte of the photo's shape, white = subject. The subject is tinted, in RGB.
    """
    # Sent along: a browser that builds the widget anew starts from what has been drawn so far.
    so_far = from_browser(st.session_state.get(key), size, image_id, nonce)
    result = _canvas(
        key=key,
        data={
            "src": data_url(preview),
            "width": size[0],
            "height": size[1],
            "image_id": image_id,
            "nonce": nonce,
            "drawn": asdict(initial if so_far is None else so_far),
            "drawing": drawing,
            "objects": [asdict(found) for found in objects],
            "selected": list(selected),
            "overlay": data_url(overlay) if overlay else None,
            "tint": f"rgb{tint}",
            "max_height": max_height,
            "alt": alt,
        },
        default={"drawn": None},
        on_drawn_change=lambda: None,
        on_picked_change=on_picked or (lambda: None),
    )
    drawn = from_browser(result, size, image_id, nonce)
    return initial if drawn is None else drawn


def picked(key: str) -> tuple[str, ...]:
    """The names chosen after the person's latest pick; for use in `on_picked`."""
    return tuple(st.session_state[key]["picked"])


def from_browser(state: Any, size: tuple[int, int], image_id: str, nonce: int) -> Drawn | None:
    """What the browser sent; None if that was for another photo, or before a reset."""
    sent = state and state.get("drawn")
    if not sent or (sent["image_id"], sent["nonce"]) != (image_id, nonce):
        return None
    width, height = size
    boxes = (tuple(map(int, box)) for box in sent["boxes"])
    points = ((int(x), int(y), bool(include)) for x, y, include in sent["points"])
    return Drawn(
        tuple(
            (x0, y0, x1, y1)
            for x0, y0, x1, y1 in boxes
            if 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height
        ),
        tuple((x, y, include) for x, y, include in points if 0 <= x < width and 0 <= y < height),
    )
