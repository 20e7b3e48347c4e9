"""Where the subject stands and how the picture behind it lies: sliders beside what is dragged on
the cards. Both are of one photo, and kept with it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.elements.lib.grid_container import GridContainer

from compositing.background import LARGEST_ZOOM, Background, Picture
from compositing.fitting import play
from compositing.stand import LARGEST, SMALLEST, Stand
from photos.painting import Painting
from photos.photo import PhotoFile
from ui import kernels
from ui.backgrounds import chosen_fill, picture_file, picture_fit, takes_picture
from ui.frame import chosen_frame
from ui.leaving import of_this_page
from ui.sidebar import is_phone
from ui.state import bench
from ui.tray import Placement
from ui.view import View

PANEL = "Placement"
ENDS = {"across": "Picture, left to right", "down": "Picture, top to bottom"}
WAYS = ("from left to right", "from top to bottom")
FOLLOWS = (
    "The frame is cropped to the subject and goes with it. To place the subject, show all of the "
    "photo under Frame."
)


def placement_controls(photo: PhotoFile) -> None:
    """The panel."""
    follows = _follows()
    if follows:
        st.caption(FOLLOWS)  # first: it says why the sliders are grey
    if takes_picture():
        picture_file()
    told = [] if follows else [_how()]
    grid = st.grid("auto", min_column_width=140, key="placing")
    _subject_sliders(grid, disabled=follows)
    if takes_picture():
        told += _picture_sliders(grid, photo)
    with grid.cell():
        _buttons()
    if told:
        st.caption(" ".join(told))
    if not (follows or is_phone()):
        with st.container(key="placing_keys"):  # only for who has a mouse or a pad
            st.caption("Arrow keys, + and − do it too. With Alt nothing snaps.")


def placing(view: View) -> bool:
    """Whether subjects can be dragged on the cards now."""
    state = st.session_state
    return view.kind == "Replace" and state.get("panel") == PANEL and not _follows()


def can_move_picture(view: View, photo: PhotoFile) -> bool:
    """Whether the background is a picture that can be dragged, and not painted for the photo."""
    behind = view.look.behind(photo)
    return isinstance(behind, Picture) and not isinstance(behind, Painting)


def _follows() -> bool:
    frame, _ = chosen_frame()
    return frame is not None and (frame.crop == "subject" or frame.head is not None)


def _how() -> str:
    if is_phone():
        return "Drag the subject on its picture; two fingers or a corner scale it."
    return "Drag what is on the card, or a corner to scale it."


def _subject_sliders(grid: GridContainer, *, disabled: bool) -> None:
    stand = bench().placement.stand
    for part, label, least, most in (
        ("across", "Subject, to the right", -1.0, 1.0),
        ("down", "Subject, down", -1.0, 1.0),
        ("scale", "Subject's size", SMALLEST, LARGEST),
    ):

        def take(value: float, part: str = part) -> None:
            bench().place(stand=replace(bench().placement.stand, **{part: value}))

        with grid.cell():
            value = getattr(stand, part)
            _slider(label, f"stand_{part}", least, most, value, take, disabled=disabled)


def _picture_sliders(grid: GridContainer, photo: PhotoFile) -> list[str]:
    """Returns a sentence on those that can't be moved."""
    placement, behind = bench().placement, chosen_fill(photo)[0]
    free = _play(behind, photo)
    for axis, (name, label) in enumerate(ENDS.items()):

        def take(value: float, axis: int = axis) -> None:
            x, y = bench().placement.position
            bench().place(position=(x, value) if axis else (value, y))

        with grid.cell():
            value = placement.position[axis]
            _slider(label, name, 0.0, 1.0, value, take, disabled=not free[axis])
    there = isinstance(behind, Picture)
    with grid.cell():
        zoom, most = placement.zoom, float(LARGEST_ZOOM)
        take_zoom = partial(_set, "zoom")
        _slider("Picture's zoom", "zoom", 1.0, most, zoom, take_zoom, disabled=not there)
    with grid.cell():
        kernels.PICTURE.draw(photo)
    with grid.cell(column_span=2):
        picture_fit()
    if all(free) or not there:
        return []
    ways = " and ".join(way for way, play in zip(WAYS, free, strict=True) if not play)
    return [f"The picture fits exactly {ways}: zoom in to move it that way."]


def _play(behind: Background, photo: PhotoFile) -> tuple[bool, bool]:
    """In which directions the picture can be moved."""
    frame, _ = chosen_frame()
    width, height = (frame and frame.canvas) or (photo.width, photo.height)
    return play(behind, height, width) if isinstance(behind, Picture) else (False, False)


def _set(name: str, value: Any) -> None:
    bench().place(**{name: value})


def _buttons() -> None:
    """To put it back, and to place all photos alike."""
    held = bench()
    st.button(
        "Put back",
        icon=":material/undo:",
        key="put_back",
        on_click=lambda: held.place(**vars(Placement())),
        disabled=held.placement == Placement(),
    )
    if len(held.trays) > 1:
        st.button("Place all photos alike", key="alike", on_click=_alike)


def _alike() -> None:
    placement = bench().placement
    for tray in bench().trays.values():
        tray.placement = placement


def _slider(
    label: str,
    key: str,
    least: float,
    most: float,
    value: float,
    take: Callable[[float], Any],
    *,
    disabled: bool,
) -> None:
    """A slider that shows the photo's own value, wherever that was set last, in whole percent."""

    @of_this_page
    def heard() -> None:
        take(st.session_state[key])

    st.session_state[key] = round(min(max(float(value), least), most), 2)
    st.slider(
        label, least, most, step=0.01, key=key, format="percent", disabled=disabled,
        on_change=heard,
    )  # fmt: skip


def sent(told: Any, photo: str) -> None:
    """Take what the browser sent of the photo with this key, as far as that can be."""
    held = bench()
    if photo != held.current or not isinstance(told, dict):
        return
    numbers = {name: float(told[name]) for name in ("across", "down", "scale", "x", "y", "zoom")}
    within = {
        name: min(max(numbers[name], least), most)
        for name, least, most in (
            ("across", -1, 1), ("down", -1, 1), ("scale", SMALLEST, LARGEST),
            ("x", 0, 1), ("y", 0, 1), ("zoom", 1, LARGEST_ZOOM),
        )
    }  # fmt: skip
    stand = Stand(within["across"], within["down"], within["scale"])
    held.place(stand=stand, position=(within["x"], within["y"]), zoom=within["zoom"])
