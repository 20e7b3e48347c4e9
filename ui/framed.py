"""What a frame shows of a photo, and what the person should know of it."""

import streamlit as st

from compositing.placing import Placing
from photos.cut import Cut
from photos.framing import notes_of, placing_of
from photos.photo import PhotoError
from photos.previews import PREVIEW_SIDE
from ui.photo_bar import plain
from ui.render import PICTURES, View, preview_alpha

_NO_FILES = "Here is the photo without the frame; there are no files with it."


def placing(photo_key: str, cut: Cut, view: View) -> Placing | None:
    """What the view's frame shows of a cut's photo; None if it shows all of it as it is, or can't
    be kept."""
    found = _found(photo_key, cut, view)
    return found if isinstance(found, Placing) else None


def _found(photo_key: str, cut: Cut, view: View) -> Placing | str | None:
    """A sentence if the frame can't be kept."""
    if view.kind == "Overlay" or view.look.frame is None:
        return None
    return _placing(photo_key, cut.key, view.key, cut, view)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _placing(key: str, cut: str, view: str, _cut: Cut, _view: View) -> Placing | str | None:  # noqa: ARG001
    alpha = preview_alpha(_cut, _view, PREVIEW_SIDE)
    try:
        return placing_of(_cut, _view.look, alpha, PICTURES[_view.kind])
    except PhotoError as error:
        return str(error)


def notes(photo_key: str, cut: Cut, view: View) -> tuple[str, ...]:
    """What the person should know of the frame and of where the subject stands, a sentence each."""
    found, look = _found(photo_key, cut, view), view.look
    if isinstance(found, str):
        return (plain(f"{found} {_NO_FILES}"),)
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
