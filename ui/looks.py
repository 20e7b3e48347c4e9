"""The controls above the cards: the view, and everything that changes it without a model's run."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from compositing.overlay import TINTS
from photos.blurring import Method, blur_with
from photos.cut import Cut
from photos.look import Look
from photos.photo import PhotoFile
from ui import kernels
from ui.backgrounds import chosen_fill, chosen_setting, fill_controls
from ui.depths import scenes
from ui.edges import chosen_edges
from ui.frame import chosen_frame
from ui.leaving import of_this_page
from ui.panels import PANELS, choose_panel, fold_button, panel_frame, panels_of, unfold_for_view
from ui.photo_bar import overlooks
from ui.portrait import chosen_optics
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
BLUR_HELP = (
    "The slider is the blur's size in pixels of the full-size photo; photos of other sizes are "
    "blurred as strongly for theirs. 1 leaves the background sharp.\n\n"
    "**Natural** takes the old background's colours out of hair and edges before it blurs.\n\n"
    "**Inpainted** fills the hole behind the subject and blurs that.\n\n"
    "**Lens** draws discs of light, as a wide aperture does.\n\n"
    "**Portrait** does so by distance: the floor stays sharp at the feet, and fades. The slider is "
    "then the blur of what is farthest: the lens's aperture."
)
TOLD = {
    "Matte": "White is the subject, black the background, grey a bit of both.",
    "Cutout": "The subject alone: all around it is transparent.",
}
"""Of the views that have nothing to set."""


def controls() -> DeltaGenerator:
    """The place of the controls: above the pictures; on a phone in a sheet at the bottom, which
    leaves the pictures in sight. Its lowest line are the views, whatever unfolds above."""
    if is_phone():
        return st.bottom.container(key="sheet", gap="xsmall")
    return st.container(key="controls", gap="xsmall")


def choose_view(
    photo: PhotoFile, subjects: tuple[Cut, ...], place: AbstractContextManager[Any]
) -> View:
    """Draw the row of controls, and return the view that they describe.

    subjects: cuts made by a prompt. The other models' mattes may be kept to their subject. place:
    of the panel that is open.
    """
    row = partial(st.container, horizontal=True, vertical_alignment="center", gap="xsmall")
    with row(key="view_row"):
        kind: ViewKind = st.segmented_control(
            "View",
            KINDS,
            default="Overlay",
            required=True,
            key="kind",
            on_change=of_this_page(unfold_for_view),
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        panels = panels_of(kind, by_depth=_by_depth())
        if is_phone():
            fold_button()
        with row(key="own"):  # as high as its largest, whatever the view
            filled = _own_controls(kind, photo)
    panel = choose_panel(panels)
    if panel and (draw := PANELS[panel].controls):
        with panel_frame(panel, place):
            if panel == "Edges":
                _subject_switch(photo, subjects)
            draw(photo)
    if not st.session_state.get("only_subject"):
        subjects = ()
    frame, max_kb = chosen_frame()
    blurred = replace(chosen_blur(photo), subjects=subjects, frame=frame, max_kb=max_kb)
    background, behind = chosen_fill(photo)
    light, shadow = chosen_setting()
    stand = bench().placement.stand
    replaced = replace(blurred, background=background, light=light, shadow=shadow)
    replaced = replace(replaced, stand=None if stand.still else stand)
    placements = {tray.photo.key: tray.placement for tray in bench().trays.values()}
    return View(
        kind, blurred, replaced, behind, filled, kernels.OWN.strength, kernels.PICTURE.strength,
        tint(photo), placements,
    )  # fmt: skip


def _own_controls(kind: ViewKind, photo: PhotoFile) -> bool:
    """What one view has, and the others don't. Returns whether an overlay is filled."""
    if kind == "Overlay":
        return _overlay_fill()
    if kind == "Blur":
        _blur_controls(photo)
    elif kind == "Replace":
        fill_controls()
    else:
        st.caption(TOLD[kind])
    return True


def _subject_switch(photo: PhotoFile, subjects: Sequence[Cut]) -> None:
    """Asked where a prompted subject is looked at; of other photos it holds as it was said."""
    if subjects and (overlooks(bench()) or any(cut.photo.key == photo.key for cut in subjects)):
        st.toggle(
            "Only the prompted subject",
            key="only_subject",
            help="Keeps every matte to what your prompt chose: one model finds whom, another the "
            "hair.",
            persist_state="session",
        )


def tint(photo: PhotoFile, key: str | None = None) -> tuple[int, int, int]:
    """The overlay's colour for a photo: the chosen one, or that which stands out best from it. key:
    its own; by default that of the photo at hand."""
    chosen = st.session_state.get("tint", AUTOMATIC)
    if chosen == AUTOMATIC:
        chosen = contrasting_tint(key or bench().current or photo.key, photo)
    return TINTS[chosen]


def view_of(view: View, key: str, photo: PhotoFile, *, overlaid: bool = True) -> View:
    """The view of another photo of the visit than the one at hand. overlaid: whether an overlay may
    be looked at; its colour takes a moment to find."""
    return view.of(photo, tint(photo, key) if overlaid else view.tint)


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
    kernels.OWN.draw(photo, label_visibility="collapsed")
    st.segmented_control(
        "Blur method",
        list(METHODS),
        default="unmix",
        required=True,
        format_func=lambda name: METHODS[name],
        key="blur_method",
        on_change=of_this_page(_open_portrait),
        help=BLUR_HELP,
        persist_state="session",
    )
