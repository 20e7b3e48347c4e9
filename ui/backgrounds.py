"""What goes behind the subject under Replace: the controls, and what they say.

The controls are drawn in that view alone; what they say is asked for in the others too.
"""

import hashlib

import streamlit as st

from compositing.background import Background, Colour, Fit, Gradient, Picture, Transparent
from photos.reading import SUFFIXES, PhotoError, open_photo

FILLS = ("Colour", "Gradient", "Picture", "Transparent")
FITS: tuple[Fit, ...] = ("cover", "contain", "stretch")
COLOURS = {"colour": "#f2f2f2", "top": "#dfe7ff", "bottom": "#8a94c8"}
"""What each colour picker, by its key, begins with."""


def fill_controls() -> None:
    """Which background, and what there is to say of it."""
    fill = st.segmented_control(
        "New background",
        FILLS,
        default=FILLS[0],
        required=True,
        key="fill",
        label_visibility="collapsed",
        persist_state="session",
    )
    if fill == "Colour":
        _colour_picker("Background colour", "colour")
    elif fill == "Gradient":
        _colour_picker("Top", "top")
        _colour_picker("Bottom", "bottom")
    elif fill == "Picture":
        _picture_controls()


def chosen_fill() -> tuple[Background, str]:
    """The new background, and a key that tells it from every other."""
    fill = st.session_state.get("fill", FILLS[0])
    if fill == "Picture":
        return _picture()
    background: Background
    if fill == "Transparent":
        background = Transparent()
    elif fill == "Gradient":
        background = Gradient(_colour("top"), _colour("bottom"))
    else:
        background = _colour("colour")
    return background, repr(background)


def _colour_picker(label: str, key: str) -> None:
    st.color_picker(
        label, COLOURS[key], key=key, label_visibility="collapsed", persist_state="session"
    )


def _colour(key: str) -> Colour:
    return Colour.parse(st.session_state.get(key, COLOURS[key]))


def _picture_controls() -> None:
    with st.popover("Background picture", icon=":material/wallpaper:", key="picture_popover"):
        file = st.file_uploader("Picture", SUFFIXES, key="backdrop")
        if file is not None:
            _take_picture(file.getvalue(), file.name)
        st.segmented_control(
            "Fit",
            FITS,
            default=FITS[0],
            required=True,
            format_func=str.capitalize,
            key="fit",
            persist_state="session",
        )
        st.slider(
            "Blur it: kernel in pixels",
            1,
            301,
            1,
            2,
            key="fit_kernel",
            persist_state="session",
        )
    if "backdrop_photo" not in st.session_state:
        st.caption("No picture yet: white stands in for it.")


def _picture() -> tuple[Background, str]:
    state = st.session_state
    if "backdrop_photo" not in state:
        return Colour(255, 255, 255), "no picture"
    digest, pixels = state["backdrop_photo"]
    fit, kernel = state.get("fit", FITS[0]), state.get("fit_kernel", 1)
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
