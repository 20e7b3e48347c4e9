"""Where the subject stands and how the picture behind it lies: sliders beside what is dragged on
the cards. Both are of one photo, and kept with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from compositing.background import LARGEST_ZOOM, Picture
from compositing.fitting import play
from compositing.stand import LARGEST, SMALLEST, Stand
from photos.painting import Painting
from photos.photo import PhotoFile
from ui.backgrounds import chosen_fill, picture_controls, takes_picture
from ui.frame import chosen_frame
from ui.render import View
from ui.sidebar import is_phone
from ui.state import Placement, bench

PANEL = "Placement"
FOLLOWS = (
    "The frame is cropped to the subject and goes with it. To place the subject, show all of the "
    "photo under Frame."
)


def placement_controls(photo: PhotoFile) -> None:
    """The panel."""
    if takes_picture():
        picture_controls(photo)
    width = 140 if is_phone() else 180
    follows = _follows()
    _subject_sliders(width, disabled=follows)
    if takes_picture():
        _picture_sliders(photo, width)
    st.caption(FOLLOWS if follows else _how())
    _buttons()


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
    return frame is not None and frame.crop == "subject"


def _how() -> str:
    if is_phone():
        return "Drag the subject on its picture; two fingers or a corner scale it."
    return (
        "Drag the subject on its picture, or a corner to scale it; arrow keys and + − do the same. "
        "With Alt nothing snaps."
    )


def _subject_sliders(width: int, *, disabled: bool) -> None:
    stand = bench().placement.stand
    grid = st.grid("auto", min_column_width=width, key="standing")
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


def _picture_sliders(photo: PhotoFile, width: int) -> None:
    placement, behind = bench().placement, chosen_fill(photo)[0]
    frame, _ = chosen_frame()
    size = (frame and frame.canvas) or (photo.width, photo.height)
    free = play(behind, size[1], size[0]) if isinstance(behind, Picture) else (False, False)
    grid = st.grid("auto", min_column_width=width, key="fitting")
    names = {"across": "Picture, left to right", "down": "Picture, top to bottom"}
    for axis, (name, label) in enumerate(names.items()):

        def take(value: float, axis: int = axis) -> None:
            x, y = bench().placement.position
            bench().place(position=(x, value) if axis else (value, y))

        with grid.cell():
            value = placement.position[axis]
            _slider(label, name, 0.0, 1.0, value, take, disabled=not free[axis], step=0.05)
    with grid.cell():
        _slider(
            "Picture's zoom", "zoom", 1.0, float(LARGEST_ZOOM), placement.zoom,
            lambda value: bench().place(zoom=value), disabled=not isinstance(behind, Picture),
        )  # fmt: skip
    if isinstance(behind, Picture) and (why := _why_dead(free)):
        st.caption(why)


def _why_dead(free: tuple[bool, bool]) -> str | None:
    if all(free):
        return None
    ways = {
        (False, False): "in both directions",
        (False, True): "from left to right",
        (True, False): "from top to bottom",
    }
    return f"The picture fits exactly {ways[free]}: zoom in to move it that way."


def _buttons() -> None:
    """To put it back, and to place all photos alike."""
    held = bench()
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Put back",
            icon=":material/undo:",
            key="put_back",
            on_click=lambda: held.place(**vars(Placement())),
            disabled=held.placement == Placement(),
        )
        if len(held.trays) > 1:
            st.button("Place all photos alike", key="place_alike", on_click=_alike)


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
    step: float = 0.01,
) -> None:
    """A slider that shows the photo's own value, wherever that was set last."""
    st.session_state[key] = min(max(float(value), least), most)
    st.slider(
        label, least, most, step=step, key=key, format="percent", disabled=disabled,
        on_change=lambda: take(st.session_state[key]),
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
