"""What a frame shows of a photo, and what the person should know of it."""

import streamlit as st

from compositing.placing import Placing
from photos.cut import Cut
from photos.framing import notes_of, placing_of
from photos.previews import PREVIEW_SIDE
from ui.render import PICTURES, View, preview_alpha


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
    """What the person should know of the frame and of where the subject stands, a sentence each."""
    look = view.look
    if view.kind == "Overlay" or (look.frame is None and look.stand is None):
        return ()
    return _notes(photo_key, cut.key, view.key, cut, view)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _notes(key: str, cut: str, view: str, _cut: Cut, _view: View) -> tuple[str, ...]:  # noqa: ARG001
    alpha = preview_alpha(_cut, _view, PREVIEW_SIDE)
    return notes_of(_cut, _view.look, alpha, PICTURES[_view.kind])


def shown_size(photo_key: str, cut: Cut, view: View) -> tuple[int, int]:
    """Width and height of the finished picture in pixels."""
    found = placing(photo_key, cut, view)
    return (found.width, found.height) if found else (cut.photo.width, cut.photo.height)
