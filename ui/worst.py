"""Where the models differ most: the same places of the photo and of each card, at 100 %."""

import functools
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from compositing.arrays import Photo
from compositing.overlay import spread
from evaluation.crops import worst_crops
from photos.cut import Cut
from photos.look import final_alpha
from photos.previews import PREVIEW_SIDE
from ui.components.crop_rows import crop_rows
from ui.render import drawn, jpeg, on_screen, preview_alpha
from ui.sidebar import is_phone
from ui.view import View
from ui.zoom import zoom_in

COUNT, SIDE, ON_A_PHONE = 3, 224, 112

type Place = tuple[int, int, int, int]
"""Left, top, right and bottom, in the photo's pixels."""


def worst_places(key: str, cuts: Sequence[Cut], view: View) -> None:
    """Draw them. A press zooms the model's card in there; on the photo's own, the first one's."""
    if len(cuts) < 2:
        st.caption("Two models or more show where they differ.")
        return
    st.header("Where they differ most", anchor=False)
    side, view = ON_A_PHONE if is_phone() else SIDE, view.in_place
    with st.spinner("Looking for the worst places…"):
        own = [cut.own for cut in cuts]
        keys = tuple(cut.key for cut in own)
        places = _places(keys, view.key, side, own, view)
        if not places:
            st.caption("They differ nowhere.")
            return
        pixels = functools.cache(cuts[0].photo.pixels)
        pictures = [_photo_crops(key, places, pixels)]
        pictures += [_crops(cut.key, view.key, places, cut, view, pixels) for cut in cuts]

    def pick(row: int, column: int) -> None:
        left, top, right, bottom = places[row]
        zoom_in(key, cuts[max(0, column - 1)], ((left + right) / 2, (top + bottom) / 2))

    width = places[0][2] - places[0][0]
    labels = ["Original", *(cut.spec.label for cut in cuts)]
    names = [f"Zoom in on place {number}" for number in range(1, len(places) + 1)]
    crop_rows(list(zip(*pictures, strict=True)), labels, width, pick, names, key="worst")
    st.caption("Pixel by pixel; press one to zoom in there.")


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _places(
    keys: tuple[str, ...], view: str, side: int, _cuts: Sequence[Cut], _view: View
) -> list[Place]:
    apart = spread([preview_alpha(cut, _view, PREVIEW_SIDE) for cut in _cuts])
    return places_in(apart, (_cuts[0].photo.width, _cuts[0].photo.height), side)


def places_in(apart: NDArray[np.uint8], size: tuple[int, int], side: int) -> list[Place]:
    """Squares of that side, or as much of them as the photo has, where mattes differ most.

    apart: `uint8 (h, w)`, how much they differ, no larger than the photo. size: the photo's.
    """
    scale = size[0] / apart.shape[1]
    wide, high = min(side, size[0]), min(side, size[1])
    places = []
    for rows, columns in worst_crops(apart, COUNT, max(1, round(side / scale))):
        left = min(round(columns.start * scale), size[0] - wide)
        top = min(round(rows.start * scale), size[1] - high)
        places.append((left, top, left + wide, top + high))
    return places


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _photo_crops(key: str, places: list[Place], _pixels: Callable[[], Photo]) -> list[bytes]:
    return cropped(_pixels(), places)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _crops(
    cut: str,
    view: str,
    places: list[Place],
    _cut: Cut,
    _view: View,
    _pixels: Callable[[], Photo],
) -> list[bytes]:
    """Of the whole picture, drawn at full size: a blur's colours come from far away."""
    return cropped(drawn(_cut, _pixels(), final_alpha(_cut, _view.look), _view), places)


def cropped(picture: NDArray[np.uint8], places: Sequence[Place]) -> list[bytes]:
    """JPEG files of these parts of a picture, as a screen shows it."""
    parts = (picture[top:bottom, left:right] for left, top, right, bottom in places)
    return [jpeg(on_screen(np.ascontiguousarray(part)), fine=True) for part in parts]
