"""What a frame shows of a photo, and what the person should know of it."""

import streamlit as st

from compositing.frame import Frame
from compositing.placing import Placing
from photos.cut import Cut
from photos.framing import notes_of, placing_of
from photos.heads import headed
from photos.photo import PhotoError
from photos.previews import PREVIEW_SIDE
from ui.photo_bar import plain
from ui.render import preview_alpha
from ui.view import PICTURES, View

_NO_FILES = "Here is the photo without the frame; there are no files with it."


def placing(photo_key: str, cut: Cut, view: View) -> Placing | None:
    """What the view's frame shows of a cut's photo; None if it shows all of it as it is, or can't
    be kept."""
    if view.kind == "Overlay" or view.look.frame is None or why_not(cut, view):
        return None
    return _placing(photo_key, cut.key, view.key, cut, view)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _placing(key: str, cut: str, view: str, _cut: Cut, _view: View) -> Placing | None:  # noqa: ARG001
    alpha = preview_alpha(_cut, _view, PREVIEW_SIDE)
    return placing_of(_cut, _view.look, alpha, PICTURES[_view.kind])


def why_not(cut: Cut, view: View) -> str:
    """Why there are no files with the view's frame, for want of a head; empty if there are."""
    frame = view.look.frame
    if frame is None or frame.head is None:
        return ""
    return _why_not(cut.key, repr(frame), cut, frame)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _why_not(cut: str, frame: str, _cut: Cut, _frame: Frame) -> str:  # noqa: ARG001
    try:
        headed(_cut, _frame)
    except PhotoError as error:
        return str(error)
    return ""


def notes(photo_key: str, cut: Cut, view: View) -> tuple[str, ...]:
    """What the person should know of the frame and of where the subject stands, a sentence each."""
    if told := why_not(cut, view):
        return (plain(f"{told} {_NO_FILES}"),)
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
