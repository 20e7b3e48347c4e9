"""The floor and the focus of the photo at hand: set by sliders, or dragged on the photo itself."""

import streamlit as st

from compositing.floor import Floor
from ui.components import depth_lines
from ui.depths import chosen_teller, found_floor, middle_of, own_floor, set_floor, subject
from ui.leaving import of_this_page
from ui.state import bench

USUAL = (0.4, 0.9)
"""Where the lines begin if nothing was found: horizon and feet, from the top."""
APART = 0.01
"""The horizon lies above the feet by as much, at least."""


def depth_handles() -> None:
    """The horizon, the feet and the focus of the photo at hand, over its picture."""
    held, cut, spec = bench(), subject(), chosen_teller()
    key, tray = held.current, held.tray
    assert key is not None
    assert tray is not None
    depth_lines(
        key,
        (tray.photo.width, tray.photo.height),
        lines=None if spec else _lines(),
        by_hand=by_hand(),
        focus=tray.focus,
        subject=middle_of(cut.key, cut) if cut else (0.5, 0.5),
        on_floor=lambda horizon, feet: set_floor(apart(horizon, feet)),
        on_focus=set_focus,
        key="depth_lines",
    )


def set_focus(place: tuple[float, float] | None) -> None:
    """Of the photo at hand. None: its subject."""
    if tray := bench().tray:
        tray.focus = place


def floor_switch() -> None:
    """Whether the floor of the photo at hand is set by hand."""

    @of_this_page
    def switch() -> None:
        found = found_floor() if st.session_state["floor_set"] else None
        begin = (found.horizon, found.feet) if found and found.feet else USUAL
        set_floor(apart(begin[0] or 0.0, begin[1]) if st.session_state["floor_set"] else Floor())

    st.session_state["floor_set"] = by_hand()
    st.toggle(
        "Set the floor",
        key="floor_set",
        on_change=switch,
        help="Otherwise it begins at the subject's feet and ends where a camera at chest height "
        "sees the horizon. Dragging a line on the photo sets it, too.",
    )


def floor_slider() -> None:
    """The second way to set it, beside the lines on the photo."""

    @of_this_page
    def take() -> None:
        set_floor(apart(*st.session_state["floor"]))

    st.session_state["floor"] = _lines()
    st.slider(
        "Horizon and feet",
        0.0,
        1.0,
        step=0.01,
        key="floor",
        format="percent",
        disabled=not by_hand(),
        on_change=take,
        help="From the photo's top to its bottom. Above the horizon all is far; at the feet the "
        "floor is sharp.",
    )


def by_hand() -> bool:
    """Whether a person said where the floor of the photo at hand is."""
    return own_floor() != Floor()


def _lines() -> tuple[float, float]:
    """Horizon and feet: as they are set, or else found, or else anywhere."""
    floor, found = own_floor(), found_floor() or Floor()
    settled = floor if floor != Floor() else found
    if settled.horizon is None or settled.feet is None:
        return USUAL
    return round(settled.horizon, 2), round(settled.feet, 2)


def apart(horizon: float, feet: float) -> Floor:
    """A floor whose feet are below its horizon, whatever was said."""
    feet = min(max(feet, APART), 1.0)
    return Floor(round(max(0.0, min(horizon, feet - APART)), 3), round(feet, 3))


def told_of_floor() -> str:
    """What a person should know of the floor."""
    if by_hand():
        return "What is nearer than the feet is blurred, too. A press on the photo sets the focus."
    floor = found_floor()
    if floor is None:
        return "The floor is found by the subject's matte, once a model has run."
    if floor.feet is None or floor.horizon is None:
        return (
            "The subject's feet aren't in sight: all of the background is blurred alike. If "
            "there is a floor, drag the lines to it."
        )
    found = f"Found: feet at {floor.feet:.0%} of the height, the horizon at {floor.horizon:.0%}."
    return f"{found} Drag the lines to set them, press on the photo to set the focus."
