"""Framed pictures for the screen: the photo beside them in the same frame, and what to know."""

import streamlit as st

from compositing.placing import Placing
from photos.cut import Cut
from photos.framing import placing_of
from photos.previews import PREVIEW_SIDE, shrink
from ui.render import PICTURES, View, jpeg, photo_pixels, photo_preview, preview_alpha


def placing(photo_key: str, cut: Cut, view: View) -> Placing | None:
    """What the view's frame shows of a cut's photo; None if it shows all of it as it is."""
    if view.kind == "Overlay" or view.look.frame is None:
        return None
    return _placing(photo_key, cut.key, view.key, cut, view)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _placing(key: str, cut: str, view: str, _cut: Cut, _view: View) -> Placing | None:  # noqa: ARG001
    alpha = preview_alpha(_cut, _view, PREVIEW_SIDE)
    return placing_of(_cut, _view.look, alpha, PICTURES[_view.kind])


def notes(photo_key: str, cut: Cut, view: View) -> tuple[str, ...]:
    """What the person should know of the frame, a sentence each."""
    found = placing(photo_key, cut, view)
    return found.notes if found else ()


def shown_size(photo_key: str, cut: Cut, view: View) -> tuple[int, int]:
    """Width and height of the finished picture in pixels."""
    found = placing(photo_key, cut, view)
    return (found.width, found.height) if found else (cut.photo.width, cut.photo.height)


def before(photo_key: str, cut: Cut, view: View, side: int = PREVIEW_SIDE) -> bytes:
    """A JPEG of the photo as the frame shows it, to lay beside the finished picture."""
    found = placing(photo_key, cut, view)
    if found is None:
        return photo_preview(photo_key, cut.photo, side)
    return _before(photo_key, cut.key, view.key, side, cut, found)


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def _before(key: str, cut: str, view: str, side: int, _cut: Cut, _found: Placing) -> bytes:  # noqa: ARG001
    shown = _found.reduced(side)
    pixels = shrink(photo_pixels(key, _cut.photo), side)
    if shown.scale > pixels.shape[1] / _cut.photo.width:
        pixels = _cut.photo.pixels()
    return jpeg(shown.picture(pixels))
