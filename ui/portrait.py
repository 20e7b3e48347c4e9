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
from ui.components import depth_picture
from ui.components.assets import media_url
from ui.depths import (
    FLOOR,
    chosen_teller,
    found_floor,
    lacks,
    middle_of,
    offered,
    own_floor,
    set_floor,
    share_floor,
    subject,
    trouble,
)
from ui.render import photo_preview
from ui.sidebar import badges, chosen_device, commercial_use, is_phone
from ui.state import bench
from ui.work import start_depths

BLADES: dict[Blades, str] = {"disc": "Round", "hexagon": "Six"}
USUAL = (0.4, 0.9)
"""Where the lines begin if nothing was found: horizon and feet, from the top."""
APART = 0.01
"""The horizon lies above the feet by as much, at least."""
SIDE = 720
"""Longest side, in pixels, of the picture on which the floor is set."""


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
        floor = _apart(min(USUAL[0], feet) if horizon is None else horizon, feet)
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
    """The photo with the horizon, the feet and the focus to be dragged, and the controls beside."""
    if bench().tray is None:
        _controls()
        return
    with st.container(horizontal=not is_phone(), key="depth_row", gap="small"):
        with st.container(width="stretch" if is_phone() else "content", key="depth_place"):
            _picture(photo)
        with st.container(key="depth_controls"):
            _controls()


def _controls() -> None:
    spec = _teller()
    grid = st.grid("auto", min_column_width=140 if is_phone() else 200, key="portrait")
    if spec is None:
        with grid.cell():
            _floor_switch()
        with grid.cell():
            _floor_slider()
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
    _shortcuts()
    st.caption(_told_of(spec) if spec else _told())


def _teller() -> ModelSpec | None:
    """Who tells the depth; a model that hasn't yet is offered to be run."""
    models = offered()
    if st.session_state.get("depth_from", FLOOR) not in (FLOOR, *models):
        st.session_state["depth_from"] = FLOOR
    st.segmented_control(
        "Depth from",
        [FLOOR, *models],
        default=FLOOR,
        required=True,
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
    if error := trouble():
        title = "Could not be loaded" if isinstance(error, LoadFailed) else "Did not finish"
        st.error(f"{title}. {error}", icon=":material/error:")
    if not todo:
        return

    def run() -> None:
        there = [key for key in todo if key in held.trays]
        if there and held is bench() and not held.running:
            start_depths(held, there, spec, chosen_device())

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
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


def _floor_switch() -> None:
    def switch() -> None:
        found = found_floor() if st.session_state["floor_set"] else None
        begin = (found.horizon, found.feet) if found and found.feet else USUAL
        by_hand = st.session_state["floor_set"]
        set_floor(_apart(begin[0] or 0.0, begin[1]) if by_hand else Floor())

    st.session_state["floor_set"] = _by_hand()
    st.toggle(
        "Set the floor",
        key="floor_set",
        on_change=switch,
        help="Otherwise it begins at the subject's feet and ends where a camera at chest height "
        "sees the horizon. Dragging a line on the photo sets it, too.",
    )


def _floor_slider() -> None:
    st.session_state["floor"] = _lines()
    st.slider(
        "Horizon and feet",
        0.0,
        1.0,
        step=0.01,
        key="floor",
        format="percent",
        disabled=not _by_hand(),
        on_change=lambda: set_floor(_apart(*st.session_state["floor"])),
        help="From the photo's top to its bottom. Above the horizon all is far; at the feet the "
        "floor is sharp.",
    )


def _shortcuts() -> None:
    """What undoes a focus, and what gives one photo's floor to the others."""
    held = bench()
    tray = held.tray
    shared = tray is None or tray.floor is None or len(held.trays) < 2 or chosen_teller()
    if shared and not (tray and tray.focus):
        return
    with st.container(horizontal=True, gap="small"):
        if tray and tray.focus:
            st.button("Focus on the subject", key="focus_back", on_click=lambda: _focus(None))
        if not shared:
            st.button("Use this floor for all photos", key="floor_shared", on_click=share_floor)


def _picture(photo: PhotoFile) -> None:
    held, cut, spec = bench(), subject(), chosen_teller()
    key, tray = held.current, held.tray
    assert key is not None
    assert tray is not None
    depth_picture(
        media_url(photo_preview(key, photo, SIDE), "depth_picture"),
        key,
        (photo.width, photo.height),
        alt=f"{photo.name}: where the floor and the focus are",
        lines=None if spec else _lines(),
        by_hand=_by_hand(),
        focus=tray.focus,
        subject=middle_of(cut.key, cut) if cut else (0.5, 0.5),
        on_floor=lambda horizon, feet: set_floor(_apart(horizon, feet)),
        on_focus=_focus,
        key="depth_picture",
    )


def _focus(place: tuple[float, float] | None) -> None:
    if tray := bench().tray:
        tray.focus = place


def _by_hand() -> bool:
    return own_floor() != Floor()


def _lines() -> tuple[float, float]:
    """Horizon and feet: as they are set, or else found, or else anywhere."""
    floor, found = own_floor(), found_floor() or Floor()
    settled = floor if floor != Floor() else found
    if settled.horizon is None or settled.feet is None:
        return USUAL
    return round(settled.horizon, 2), round(settled.feet, 2)


def _apart(horizon: float, feet: float) -> Floor:
    feet = min(max(feet, APART), 1.0)
    return Floor(round(max(0.0, min(horizon, feet - APART)), 3), round(feet, 3))


def _told() -> str:
    """What a person should know of the floor."""
    if _by_hand():
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


def _told_of(spec: ModelSpec) -> str:
    """What a person should know of the depth that a model tells."""
    tray = bench().tray
    seen = tray.depths.get(spec.name) if tray else None
    if not isinstance(seen, Seen):
        return f"Until {spec.label} has seen the photo, it is blurred by the floor."
    return f"{seen.told} A press on the photo sets the focus."
