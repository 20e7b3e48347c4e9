"""The controls above the cards: which view, and everything that changes it without a model."""

from dataclasses import replace

import streamlit as st

from compositing.alpha import Edges
from compositing.background import Blur, BlurMethod, default_kernel, strength_of
from photos.cutting import Cut
from photos.look import Look
from photos.reading import PhotoFile
from ui.backgrounds import chosen_fill, chosen_setting, fill_controls, setting_controls
from ui.render import KINDS, Kind, View

METHODS: dict[BlurMethod, str] = {"unmix": "Natural", "inpaint": "Inpainted", "lens": "Lens"}
METHOD_HELP = (
    "Natural takes the old background's colours out of hair and edges before it blurs. "
    "Inpainted fills the hole behind the subject and blurs that. "
    "Lens draws discs of light, as a wide aperture does."
)


def choose_view(photo: PhotoFile, subjects: tuple[Cut, ...]) -> View:
    """Draws the row of controls and returns what they say. subjects: cuts that a prompt made, to
    which the other models' mattes may be kept."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        kind: Kind = st.segmented_control(
            "View",
            KINDS,
            default="Overlay",
            required=True,
            key="kind",
            label_visibility="collapsed",
            persist_state="session",
        )
        fill = _overlay_fill() if kind == "Overlay" else True
        if kind == "Replace":
            fill_controls()
            setting_controls()
        blur = _blur(photo, shown=kind == "Blur")
        edges, unmix, refined = _edges()
        if subjects and not _keep_to_subject():
            subjects = ()
    background, behind = chosen_fill()
    blurred = Look(blur, edges, unmix, refined, subjects=subjects)
    light, shadow = chosen_setting()
    replaced = replace(blurred, background=background, light=light, shadow=shadow)
    return View(kind, blurred, replaced, behind, fill, _strength())


def _keep_to_subject() -> bool:
    return st.toggle(
        "Only the prompted subject",
        key="only_subject",
        help="Keeps every matte to what your prompt chose: one model finds whom, another the hair.",
        persist_state="session",
    )


def _overlay_fill() -> bool:
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


def _blur(photo: PhotoFile, *, shown: bool) -> Blur:
    """The chosen blur; also what downloads use while another view is open."""
    # The slider is in pixels of this photo; what is kept is how strong that is for its size.
    size = photo.width, photo.height
    kernel = default_kernel(*size, _strength())
    method: BlurMethod = st.session_state.get("blur_method", "unmix")
    if shown:

        def keep() -> None:
            st.session_state["strength"] = strength_of(st.session_state["kernel"], *size)

        if st.session_state.get("kernel") != kernel:
            st.session_state["kernel"] = kernel
        st.slider(
            "Blur: kernel size in pixels",
            1,
            301,
            step=2,
            key="kernel",
            on_change=keep,
            width=260,
            help="In pixels of the full-size photo; photos of other sizes are blurred as strongly "
            "for theirs. 1 leaves the background sharp.",
        )
        method = st.segmented_control(
            "Blur method",
            list(METHODS),
            default="unmix",
            required=True,
            format_func=lambda name: METHODS[name],
            key="blur_method",
            help=METHOD_HELP,
            persist_state="session",
        )
    return Blur(kernel, method)


def _strength() -> float:
    strength: float = st.session_state.get("strength", 1.0)
    return strength


def _edges() -> tuple[Edges, bool, bool]:
    """Sliders for the matte's edge, folded away until asked for; whether edge colours are cleaned
    and masks show their refined edges."""
    with st.popover("Edges", icon=":material/gesture:", key="edges_popover"):
        grow = st.slider("Grow or shrink, pixels", -30, 30, 0, key="grow", persist_state="session")
        feather = st.slider("Feather, pixels", 0, 60, 0, key="feather", persist_state="session")
        hard = st.toggle("Hard threshold", key="hard", persist_state="session")
        threshold = st.slider(
            "Threshold", 0.05, 0.95, 0.5, 0.05, key="threshold", persist_state="session"
        )
        largest = st.toggle("Keep only the largest part", key="largest", persist_state="session")
        holes = st.toggle("Fill holes", key="holes", persist_state="session")
        refined = st.toggle(
            "Refine the edges of masks",
            True,
            key="refined",
            help="Draws them anew by the photo's colours. The mattes of matting networks stay.",
            persist_state="session",
        )
        unmix = st.toggle(
            "Clean edge colours",
            True,
            key="unmix",
            help="Takes the old background's colours out of hair and soft edges.",
            persist_state="session",
        )
    edges = Edges(
        grow=grow,
        feather=feather,
        threshold=threshold if hard else None,
        keep_largest=largest,
        fill_holes=holes,
    )
    return edges, unmix, refined
