"""The blur by depth: the controls of its floor and its lens, and their values."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import streamlit as st

from compositing.background import Portrait
from compositing.floor import LONGEST, Floor
from compositing.portrait import Blades
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.previews import shrink
from photos.recipes.file import BlurWish
from ui.sidebar import is_phone
from ui.state import bench

BLADES: dict[Blades, str] = {"disc": "Round", "hexagon": "Six"}
FLOOR = (0.4, 0.9)
"""Where the slider begins if nothing was cut out yet: horizon and feet, from the top."""
APART = 0.01
"""The horizon lies above the feet by as much, at least."""


def chosen_optics() -> dict[str, Any]:
    """What the controls say of a blur by depth, as `photos.blurring.blur_with` takes it."""
    state = st.session_state
    told = {"blades": state.get("blades", "disc"), "bloom": state.get("bloom", Portrait.bloom)}
    if state.get("floor_set", False):
        horizon, feet = state.get("floor", FLOOR)
        feet = max(feet, APART)
        told |= {"horizon": min(horizon, feet - APART), "feet": feet}
    return told


def take_optics(wish: BlurWish) -> Iterator[str]:
    """Set the controls as a recipe has it. Yields what can't be set here."""
    state, horizon, feet = st.session_state, wish.horizon, wish.feet
    state["floor_set"] = horizon is not None or feet is not None
    if state["floor_set"]:
        feet = FLOOR[1] if feet is None else feet
        state["floor"] = (round(min(FLOOR[0], feet) if horizon is None else horizon, 2), feet)
        if None in (wish.horizon, wish.feet):
            yield "It says only one of the horizon and the feet: see where the other is here."
    state["blades"] = wish.blades or "disc"
    state["bloom"] = Portrait.bloom if wish.bloom is None else float(wish.bloom)
    if wish.focus:
        yield "Another focus than the subject can't be set here."


def portrait_controls(photo: PhotoFile) -> None:
    """Controls for where the floor is, and for how lights look out of focus."""
    del photo
    grid = st.grid("auto", min_column_width=140 if is_phone() else 220, key="portrait")
    with grid.cell():
        by_hand = st.toggle(
            "Set the floor",
            key="floor_set",
            on_change=_begin_with_what_was_found,
            help="Otherwise it begins at the subject's feet and ends where a camera at chest "
            "height sees the horizon. It holds for all photos.",
            persist_state="session",
        )
    with grid.cell():
        st.slider(
            "Horizon and feet",
            0.0,
            1.0,
            FLOOR,
            0.01,
            key="floor",
            format="percent",
            disabled=not by_hand,
            help="From the photo's top to its bottom. Above the horizon all is far; at the feet "
            "the floor is sharp.",
            persist_state="session",
        )
    with grid.cell():
        st.segmented_control(
            "Blades",
            list(BLADES),
            default="disc",
            required=True,
            format_func=lambda name: BLADES[name],
            key="blades",
            help="The shape that lights have when they are out of focus.",
            persist_state="session",
        )
    with grid.cell():
        st.slider(
            "Bloom of lamps",
            0.0,
            1.0,
            Portrait.bloom,
            0.05,
            key="bloom",
            help="How much brighter lamps are than the photo shows, which can show no more than "
            "white.",
            persist_state="session",
        )
    st.caption(_told(by_hand))


def _told(by_hand: bool) -> str:
    """What a person should know of the floor."""
    if by_hand:
        return "What is nearer than the feet is blurred, too."
    floor = _found()
    if floor is None:
        return "The floor is found by the subject's matte, once a model has run."
    if floor.feet is None or floor.horizon is None:
        return (
            "The subject's feet aren't in sight: all of the background is blurred alike. If "
            "there is a floor, set it by hand."
        )
    return f"Found: feet at {floor.feet:.0%} of the height, the horizon at {floor.horizon:.0%}."


def _begin_with_what_was_found() -> None:
    floor = _found()
    if st.session_state["floor_set"] and floor and floor.feet and floor.horizon is not None:
        st.session_state["floor"] = (round(floor.horizon, 2), round(floor.feet, 2))


def _found() -> Floor | None:
    """The floor by the photo's first cut that has a subject."""
    tray = bench().tray
    cuts = [cut for cut in tray.latest.values() if not cut.empty] if tray else []
    return _floor_of(cuts[0].key, cuts[0]) if cuts else None


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _floor_of(key: str, _cut: Cut) -> Floor:  # noqa: ARG001
    return Floor().settled(shrink(_cut.levels(), LONGEST) * np.float32(1 / 255))
