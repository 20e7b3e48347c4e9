"""The blur by depth: the controls of its depth and its lens, and their values."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from compositing.background import Portrait
from compositing.floor import Floor
from compositing.portrait import Blades
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import download_size
from models.interface import LoadFailed
from photos.depth import Seen
from photos.photo import PhotoFile
from photos.recipes.file import BlurWish
from ui.depths import FLOOR, chosen_teller, lacks, offered, own_floor, share_floor, trouble
from ui.floors import (
    USUAL,
    apart,
    depth_handles,
    floor_slider,
    floor_switch,
    set_focus,
    told_of_floor,
)
from ui.render import photo_preview
from ui.sidebar import badges, chosen_device, commercial_use, is_phone
from ui.state import bench
from ui.work import start_depths

BLADES: dict[Blades, str] = {"disc": "Round", "hexagon": "Six"}
SIDE = 720
"""Longest side, in pixels, of the photo in the panel of a phone."""


def chosen_optics() -> dict[str, Any]:
    """What the controls say of a blur by depth, as `photos.blurring.blur_with` takes it; floor and
    focus are those of the photo at hand."""
    state, floor, tray = st.session_state, own_floor(), bench().tray
    told = {"blades": state.get("blades", "disc"), "bloom": state.get("bloom", Portrait.bloom)}
    if tray and tray.focus:
        told["focus"] = tray.focus
    if spec := chosen_teller():
        return told | {"depth": spec.name}
    return told | {name: place for name, place in vars(floor).items() if place is not None}


def take_optics(wish: BlurWish) -> Iterator[str]:
    """Set the controls as a recipe has it, for all photos. Yields what can't be set here."""
    state, held, horizon, feet = st.session_state, bench(), wish.horizon, wish.feet
    floor = Floor()
    if horizon is not None or feet is not None:
        feet = USUAL[1] if feet is None else feet
        floor = apart(min(USUAL[0], feet) if horizon is None else horizon, feet)
        if None in (wish.horizon, wish.feet):
            yield "It says only one of the horizon and the feet: see where the other is here."
    held.floor = floor
    for tray in held.trays.values():
        tray.floor, tray.focus = None, wish.focus
    if wish.focus and not held.trays:
        yield "Its focus holds for the photos that are here."
    state["depth_from"] = wish.depth or FLOOR
    if state["depth_from"] not in (FLOOR, *offered()):
        state["depth_from"] = FLOOR
        yield f"{wish.depth} can't tell the depth here: the floor does."
    state["blades"] = wish.blades or "disc"
    state["bloom"] = Portrait.bloom if wish.bloom is None else float(wish.bloom)


def portrait_controls(photo: PhotoFile) -> None:
    """The depth and the lens. On a phone the photo is here, with its lines; else `depth_handles`
    are on the photo's own card."""
    key = bench().current
    if key and is_phone():
        with st.container(key="depth_photo"):
            image = photo_preview(key, photo, SIDE)
            st.image(image, width="stretch", alt=f"Horizon, feet and focus in {photo.name}")
            depth_handles()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        spec = _teller()
        _shortcuts()
        st.caption(_told_of(spec) if spec else told_of_floor())
    if error := trouble():
        title = "Could not be loaded" if isinstance(error, LoadFailed) else "Did not finish"
        st.error(f"{title}. {error}", icon=":material/error:")
    grid = st.grid("auto", min_column_width=140, key="portrait")
    if spec is None:
        with grid.cell():
            floor_switch()
        with grid.cell():
            floor_slider()
    with grid.cell():
        st.segmented_control(
            "Blades",
            list(BLADES),
            default="disc",
            required=True,
            format_func=lambda name: BLADES[name],
            key="blades",
            help="The shape of lights that are out of focus: of a round aperture, or of six "
            "blades.",
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


def _teller() -> ModelSpec | None:
    """Who tells the depth; a model that hasn't yet is offered to be run."""
    models = offered()
    if st.session_state.get("depth_from", FLOOR) not in (FLOOR, *models):
        st.session_state["depth_from"] = FLOOR
    st.radio(  # their names are too long to stand side by side
        "Depth from",
        [FLOOR, *models],
        format_func=lambda name: models[name].label if name in models else "The floor",
        key="depth_from",
        help="The floor needs no model: it is sharp at the feet, and all above the horizon is "
        "far. A model sees how far each thing is.",
        persist_state="session",
    )
    spec = chosen_teller()
    if spec and bench().tray:
        _offer(spec)
    return spec


def _offer(spec: ModelSpec) -> None:
    """The run of a model that tells the depth, for all photos that lack it."""
    held = bench()
    todo = [key for key in held.trays if lacks(key)]
    if not todo:
        return

    def run() -> None:
        there = [key for key in todo if key in held.trays]
        if there and held is bench() and not held.running:
            start_depths(held, there, spec, chosen_device())

    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", width="content", key="teller"
    ):
        st.button(
            "See depth" if len(todo) == 1 else f"See depth of {len(todo)} photos",
            icon=":material/play_arrow:",
            key="see_depth",
            type="primary",
            on_click=run,
            disabled=held.running,
        )
        st.markdown(badges(spec), width="content", help=commercial_use(spec))
        if weights.awaits_download(spec):
            st.caption(f":material/download: {download_size(spec)} to download first")


def _shortcuts() -> None:
    """What undoes a focus, and what gives one photo's floor to the others."""
    held = bench()
    tray = held.tray
    shared = tray is None or tray.floor is None or len(held.trays) < 2 or chosen_teller()
    if shared and not (tray and tray.focus):
        return
    if tray and tray.focus:
        st.button("Focus on the subject", key="focus_back", on_click=lambda: set_focus(None))
    if not shared:
        st.button("Use this floor for all photos", key="floor_shared", on_click=share_floor)


def _told_of(spec: ModelSpec) -> str:
    """What a person should know of the depth that a model tells."""
    tray = bench().tray
    seen = tray.depths.get(spec.name) if tray else None
    if not isinstance(seen, Seen):
        return f"Until {spec.label} has seen the photo, it is blurred by the floor."
    return f"{seen.told} A press on the photo sets the focus."
