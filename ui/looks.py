"""The controls above the cards: the view, and everything that changes it without a model's run."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from compositing.overlay import TINTS
from photos.blurring import Method, blur_with
from photos.cut import Cut
from photos.look import Look
from photos.photo import PhotoFile
from ui import kernels
from ui.backgrounds import (
    chosen_fill,
    chosen_setting,
    fill_controls,
    setting_controls,
)
from ui.depths import scenes
from ui.edges import chosen_edges, edge_controls
from ui.frame import chosen_frame, frame_controls
from ui.photo_bar import overlooks
from ui.placement import placement_controls
from ui.portrait import chosen_optics, portrait_controls
from ui.recipes import recipe_controls
from ui.render import KINDS, View, ViewKind, contrasting_tint
from ui.sidebar import is_phone
from ui.state import bench

AUTOMATIC = "Automatic colour"
METHODS: dict[Method, str] = {
    "unmix": "Natural",
    "inpaint": "Inpainted",
    "lens": "Lens",
    "portrait": "Portrait",
}
METHOD_HELP = (
    "Natural takes the old background's colours out of hair and edges before it blurs. "
    "Inpainted fills the hole behind the subject and blurs that. "
    "Lens draws discs of light, as a wide aperture does. "
    "Portrait does so by distance: the floor stays sharp at the feet, and fades."
)


class Panel(NamedTuple):
    """Controls that open in `panel_place`."""

    icon: str
    controls: Callable[[PhotoFile], None]


PANELS = {
    "Depth": Panel(":material/camera:", portrait_controls),
    "Placement": Panel(":material/open_with:", placement_controls),
    "Blend in": Panel(":material/light_mode:", lambda _: setting_controls()),
    "Edges": Panel(":material/gesture:", lambda _: edge_controls()),
    "Frame": Panel(":material/crop:", lambda _: frame_controls()),
    "Recipe": Panel(":material/receipt_long:", recipe_controls),
}


def controls() -> DeltaGenerator:
    """The place of the controls: above the pictures; on a phone in a sheet at the bottom, which
    leaves the pictures in sight and scrolls inside itself."""
    if is_phone():
        return st.bottom.container(key="sheet", gap="xsmall")
    return st.container(key="controls")


def panel_place() -> AbstractContextManager[Any]:
    """Where a panel opens: in the sidebar, above the models if they are drawn after this, where it
    neither moves a picture nor covers one; on a phone in the sheet, beneath its own button."""
    return nullcontext() if is_phone() else st.sidebar.container(key="panel_place")


def choose_view(
    photo: PhotoFile, subjects: tuple[Cut, ...], place: AbstractContextManager[Any]
) -> View:
    """Draw the row of controls, and return the view that they describe.

    subjects: cuts made by a prompt. The other models' mattes may be kept to their subject. place:
    of the panel that is open.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        kind: ViewKind = st.segmented_control(
            "View",
            KINDS,
            default="Overlay",
            required=True,
            key="kind",
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        fill = _overlay_fill() if kind == "Overlay" else True
        if kind == "Replace":
            fill_controls()
        if kind == "Blur":
            _blur_controls(photo)
        panel = _choose_panel(kind)
        if subjects and not _keep_to_subject(photo, subjects):
            subjects = ()
    if panel:
        with place, st.container(border=is_phone(), key="panel_open"):
            if not is_phone():  # where the button that is pressed tells what it is
                st.header(panel, anchor=False)
            PANELS[panel].controls(photo)
    frame, max_kb = chosen_frame()
    blurred = replace(chosen_blur(photo), subjects=subjects, frame=frame, max_kb=max_kb)
    background, behind = chosen_fill(photo)
    light, shadow = chosen_setting()
    stand = bench().placement.stand
    replaced = replace(blurred, background=background, light=light, shadow=shadow)
    replaced = replace(replaced, stand=None if stand.still else stand)
    slider = kernels.PICTURE if kind == "Replace" else kernels.OWN
    placements = {tray.photo.key: tray.placement for tray in bench().trays.values()}
    return View(kind, blurred, replaced, behind, fill, slider.strength, tint(photo), placements)


def opened() -> str | None:
    """Which panel is open, once `choose_view` was called."""
    panel: str | None = st.session_state.get("panel")
    return panel


def _choose_panel(kind: ViewKind) -> str | None:
    """Which panel is open, if any."""
    replaces = kind == "Replace"
    there = {
        "Depth": kind == "Blur" and _by_depth(),
        "Placement": replaces,
        "Blend in": replaces,
    }
    names = [name for name in PANELS if there.get(name, True)]
    if st.session_state.get("panel") not in names:
        st.session_state["panel"] = None
    return st.pills(
        "Adjust",
        names,
        format_func=lambda name: f"{PANELS[name].icon} {name}",
        key="panel",
        label_visibility="collapsed",
        wrap=True,
    )


def _keep_to_subject(photo: PhotoFile, subjects: Sequence[Cut]) -> bool:
    """Asked where a prompted subject is looked at; of other photos it holds as it was said."""
    if overlooks(bench()) or any(cut.photo.key == photo.key for cut in subjects):
        return st.toggle(
            "Only the prompted subject",
            key="only_subject",
            help="Keeps every matte to what your prompt chose: one model finds whom, another the "
            "hair.",
            persist_state="session",
        )
    return bool(st.session_state.get("only_subject"))


def tint(photo: PhotoFile, key: str | None = None) -> tuple[int, int, int]:
    """The overlay's colour for a photo: the chosen one, or that which stands out best from it. key:
    its own; by default that of the photo at hand."""
    chosen = st.session_state.get("tint", AUTOMATIC)
    if chosen == AUTOMATIC:
        chosen = contrasting_tint(key or bench().current or photo.key, photo)
    return TINTS[chosen]


def _overlay_fill() -> bool:
    """Whether the overlay is filled; its colour is chosen beside that."""
    st.selectbox(
        "Overlay colour",
        (AUTOMATIC, *TINTS),
        key="tint",
        label_visibility="collapsed",
        width=150 if is_phone() else 190,
        persist_state="session",
    )
    choice = st.segmented_control(
        "Overlay style",
        ("Filled", "Outline only"),
        default="Filled",
        required=True,
        key="overlay_style",
        label_visibility="collapsed",
        persist_state="session",
    )
    return choice == "Filled"


def chosen_blur(photo: PhotoFile) -> Look:
    """The blurred look that the controls describe. It is known on every page."""
    kernel, method = kernels.OWN.kernel(photo), _method()
    optics = chosen_optics() if _by_depth() else {}
    blur = blur_with(kernel, method, **optics)
    return Look(blur, *chosen_edges(), scenes=scenes() if _by_depth() else {})


def _method() -> Method:
    method: Method = st.session_state.get("blur_method", "unmix")
    return method


def _by_depth() -> bool:
    return _method() == "portrait"


def _open_portrait() -> None:
    if _by_depth():
        st.session_state["panel"] = "Depth"


def _blur_controls(photo: PhotoFile) -> None:
    kernels.OWN.draw(
        photo,
        width=260,
        help="The blur's size in pixels of the full-size photo; photos of other sizes are blurred "
        "as strongly for theirs. 1 leaves the background sharp. Under Portrait it is that of what "
        "is farthest: the lens's aperture.",
    )
    st.segmented_control(
        "Blur method",
        list(METHODS),
        default="unmix",
        required=True,
        format_func=lambda name: METHODS[name],
        key="blur_method",
        on_change=_open_portrait,
        help=METHOD_HELP,
        persist_state="session",
    )
