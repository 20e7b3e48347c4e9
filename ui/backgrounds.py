"""What goes behind the subject under Replace: the controls, and their values.

The controls are drawn in that view alone. Their values are asked for in the others too.
"""

from dataclasses import asdict, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from compositing.background import Background, Colour, Fit, Gradient, Transparent
from compositing.shadow import Shadow
from photos.file_picture import FilePicture
from photos.photo import PhotoError, PhotoFile
from photos.reading import KINDS, open_photo
from ui import kernels
from ui.leaving import of_this_page
from ui.photo_bar import plain, upload_limit
from ui.state import Backdrop, bench

FROM_WORDS = "Words"
PAINT = "Paint"
"""The panel for a background from words."""
FILLS = ("Colour", "Gradient", "Picture", FROM_WORDS, "Transparent")
FITS: tuple[Fit, ...] = ("cover", "contain", "stretch")
COLOURS = {"colour": "#ffffff", "top": "#dfe7ff", "bottom": "#8a94c8"}
"""The colour that each picker begins with, by its key."""


def fill_controls() -> None:
    """Controls for the kind of background, and for its colours."""
    fill = st.segmented_control(
        "New background",
        FILLS,
        default=FILLS[0],
        required=True,
        key="fill",
        on_change=of_this_page(_open_panel),
        label_visibility="collapsed",
        wrap=True,
        persist_state="session",
    )
    if fill == "Colour":
        _colour_picker("Background colour", "colour")
    elif fill == "Gradient":
        _colour_picker("Top", "top")
        _colour_picker("Bottom", "bottom")


def chosen_fill(photo: PhotoFile) -> tuple[Background, str]:
    """The new background, and a key that tells it from every other."""
    fill = st.session_state.get("fill", FILLS[0])
    if fill == "Picture":
        return _picture(photo)
    background: Background
    if fill == FROM_WORDS:
        background = Colour(255, 255, 255)  # until something is painted
    elif fill == "Transparent":
        background = Transparent()
    elif fill == "Gradient":
        background = Gradient(_colour("top"), _colour("bottom"))
    else:
        background = _colour("colour")
    return background, repr(background)


def takes_picture() -> bool:
    """Whether the new background is a picture."""
    return st.session_state.get("fill") == "Picture"


def _open_panel() -> None:
    """That in which the background is given, if it has one."""
    if from_words():
        st.session_state["panel"] = PAINT
    elif takes_picture() and bench().backdrop is None:
        st.session_state["panel"] = "Placement"


def from_words() -> bool:
    """Whether the new background is to be painted."""
    return st.session_state.get("fill") == FROM_WORDS


def setting_controls() -> None:
    """Controls for how the subject is set into its new background."""
    grid = st.grid("auto", min_column_width=140, key="setting")
    with grid.cell():
        st.slider(
            "Match the light",
            0.0,
            1.0,
            0.0,
            0.05,
            key="light",
            help="Brightness and tint of the subject, on the way to those of its new background.",
            persist_state="session",
        )
    with grid.cell():
        cast = st.toggle(
            "Shadow",
            key="shadow",
            help="A soft contact shadow, for things that stand in the photo. What its lower edge "
            "cuts off casts none.",
            persist_state="session",
        )
    for part, start in asdict(Shadow()).items():
        with grid.cell():
            st.slider(
                f"The shadow's {part}",
                0.0,
                1.0,
                start,
                0.05,
                key=f"shadow_{part}",
                disabled=not cast,
                persist_state="session",
            )


def chosen_setting() -> tuple[float, Shadow | None]:
    """(how far the light is matched, the shadow)."""
    state = st.session_state
    if not state.get("shadow", False):
        return state.get("light", 0.0), None
    parts = {part: state.get(f"shadow_{part}", start) for part, start in asdict(Shadow()).items()}
    return state.get("light", 0.0), Shadow(**parts)


def _colour_picker(label: str, key: str) -> None:
    st.color_picker(
        label, COLOURS[key], key=key, label_visibility="collapsed", persist_state="session"
    )


def _colour(key: str) -> Colour:
    return Colour.parse(st.session_state.get(key, COLOURS[key]))


def picture_file() -> None:
    """Where the picture is given."""
    file = st.file_uploader(
        "Background picture",
        help=f"{KINDS}.",
        max_upload_size=upload_limit(),
        key="backdrop",
        on_change=of_this_page(_forget_picture),
    )
    if file is not None:
        _take_picture(file)
    picture = bench().backdrop
    if picture is None:
        st.caption("No picture yet: white stands in for it.")
    elif file is None:  # it forgets the picture when another view hides it
        st.caption(f"In use: {plain(picture.picture.name)}")


def picture_fit() -> None:
    """How the picture fills the photo."""
    st.segmented_control(
        "Fit",
        FITS,
        default=FITS[0],
        required=True,
        format_func=str.capitalize,
        key="fit",
        persist_state="session",
    )


def _picture(photo: PhotoFile) -> tuple[Background, str]:
    state, chosen = st.session_state, bench().backdrop
    if chosen is None:
        return Colour(255, 255, 255), "no picture"
    fit, kernel = state.get("fit", FITS[0]), kernels.PICTURE.kernel(photo)
    position, zoom = bench().placement.position, bench().placement.zoom
    picture = replace(chosen.picture, fit=fit, kernel=kernel, position=position, zoom=zoom)
    return picture, f"{chosen.file}/{fit}/{kernel}/{position}/{zoom}"


def _forget_picture() -> None:
    """Called when the person removed the picture or chose another, not when the uploader hides."""
    bench().backdrop = None


def _take_picture(file: UploadedFile) -> None:
    held = bench()
    if held.backdrop and held.backdrop.file == file.file_id:
        return
    try:
        picture = FilePicture.of(open_photo(file.getvalue(), file.name))
        held.backdrop = Backdrop(file.file_id, picture)
    except PhotoError as error:
        st.error(plain(str(error)))
