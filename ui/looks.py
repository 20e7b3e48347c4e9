"""The controls above the cards: which view, and everything that changes it without a model."""

import hashlib

import streamlit as st

from compositing.alpha import Edges
from compositing.background import (
    Background,
    Blur,
    BlurMethod,
    Colour,
    Fit,
    Gradient,
    Picture,
    Transparent,
    default_kernel,
)
from photos.cutting import Cut
from photos.export import Look
from photos.reading import SUFFIXES, PhotoError, PhotoFile, open_photo
from ui.render import KINDS, Kind, View

METHODS: dict[BlurMethod, str] = {"unmix": "Natural", "inpaint": "Inpainted", "lens": "Lens"}
METHOD_HELP = (
    "Natural takes the old background's colours out of hair and edges before it blurs. "
    "Inpainted fills the hole behind the subject and blurs that. "
    "Lens draws discs of light, as a wide aperture does."
)
FROM_WORDS = "From words"
FILLS = ("Colour", "Gradient", "Picture", FROM_WORDS, "Transparent")


def choose_view(photo: PhotoFile, subjects: tuple[Cut, ...]) -> View:
    """Draws the row of controls and returns what they say. subjects: cuts that a prompt made, to
    which the other models' mattes may be kept."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
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
            background, key = _replacement()
        else:
            background = _blur(photo, shown=kind == "Blur")
            key = repr(background)
        edges, unmix, refined = _edges()
        if subjects and not _keep_to_subject():
            subjects = ()
    look = Look(background, edges, unmix, refined, subjects)
    whom = [cut.key for cut in subjects]
    return View(kind, look, fill, f"{kind}/{fill}/{key}/{edges}/{unmix}/{refined}/{whom}")


def from_words(view: View) -> bool:
    """Whether the background is to be painted."""
    return view.kind == "Replace" and st.session_state.get("fill") == FROM_WORDS


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
    # The kernel that suits a photo depends on its size, so each size has a slider of its own.
    kernel_key = f"kernel_{photo.width}x{photo.height}"
    kernel = st.session_state.get(kernel_key, default_kernel(photo.width, photo.height))
    method: BlurMethod = st.session_state.get("blur_method", "unmix")
    if shown:
        kernel = st.slider(
            "Blur: kernel size in pixels",
            1,
            301,
            default_kernel(photo.width, photo.height),
            2,
            key=kernel_key,
            width=260,
            help="In pixels of the full-size photo. 1 leaves the background sharp.",
            persist_state="session",
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


def _replacement() -> tuple[Background, str]:
    """The new background, and a key that tells it from every other."""
    fill = st.segmented_control(
        "New background",
        FILLS,
        default="Colour",
        required=True,
        key="fill",
        label_visibility="collapsed",
        persist_state="session",
    )
    background: Background
    if fill == FROM_WORDS:
        background = Colour(255, 255, 255)  # until something is painted
    elif fill == "Transparent":
        background = Transparent()
    elif fill == "Gradient":
        background = Gradient(
            Colour.parse(_colour("Top", "top", "#dfe7ff")),
            Colour.parse(_colour("Bottom", "bottom", "#8a94c8")),
        )
    elif fill == "Picture":
        return _picture()
    else:
        background = Colour.parse(_colour("Background colour", "colour", "#f2f2f2"))
    return background, repr(background)


def _colour(label: str, key: str, start: str) -> str:
    return st.color_picker(
        label, start, key=key, label_visibility="collapsed", persist_state="session"
    )


def _picture() -> tuple[Background, str]:
    with st.popover("Background picture", icon=":material/wallpaper:", key="picture_popover"):
        file = st.file_uploader("Picture", SUFFIXES, key="backdrop")
        if file is not None:
            _take_picture(file.getvalue(), file.name)
        fit: Fit = st.segmented_control(
            "Fit",
            ("cover", "contain", "stretch"),
            default="cover",
            required=True,
            format_func=str.capitalize,
            key="fit",
            persist_state="session",
        )
        kernel = st.slider(
            "Blur it: kernel in pixels",
            1,
            301,
            1,
            2,
            key="fit_kernel",
            persist_state="session",
        )
    held = st.session_state.get("backdrop_photo")
    if held is None:
        st.caption("No picture yet: white stands in for it.")
        return Colour(255, 255, 255), "no picture"
    digest, pixels = held
    return Picture(pixels, fit, kernel), f"{digest}/{fit}/{kernel}"


def _take_picture(data: bytes, name: str) -> None:
    """Keep the opened picture: the uploader forgets it when another view hides it."""
    digest = hashlib.sha256(data).hexdigest()
    if st.session_state.get("backdrop_photo", ("", None))[0] == digest:
        return
    try:
        st.session_state["backdrop_photo"] = (digest, open_photo(data, name).pixels())
    except PhotoError as error:
        st.error(str(error))


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
