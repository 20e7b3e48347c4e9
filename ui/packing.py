"""All results as a ZIP, and what is to be in it."""

from collections.abc import Callable, Iterable
from typing import Literal

import streamlit as st

from photos.contents import Contents
from photos.cut import Cut
from photos.encoding import FORMATS, Format
from photos.export import archive
from photos.framing import Kind
from ui.downloads import file_button
from ui.sidebar import is_phone
from ui.view import View

KINDS: dict[Kind, str] = {"matte": "Mattes", "cutout": "Cutouts", "composite": "Pictures"}
_AS_FITS: Literal["As fits each"] = "As fits each"


def pack(
    cuts: list[Cut], more: Callable[[], Iterable[Cut]], view: View, photos: int, told: str
) -> None:
    """The button that gets all results as a ZIP, and one that opens what is to be in it.

    more: cuts that are made once it's pressed, such as a consensus. photos: how many there are, of
    which not all may have results. told: how they got on, which is said here where there is no room
    beside.
    """
    done = len({cut.photo.key for cut in cuts})
    part = f" ({done} of {photos} photos)" if done < photos else ""

    def button(label: str, contents: Contents) -> None:
        if not contents.kinds:
            st.caption("Nothing is chosen for the ZIP.", width="content")
            return
        file_button(
            label,
            lambda: archive([*cuts, *more()], view.look_of, contents=contents, lacking_all=True),
            "cutouts.zip", "application/zip", key="zip", icon=":material/folder_zip:",
        )  # fmt: skip

    if is_phone():  # one button's room
        with st.popover("ZIP", icon=":material/folder_zip:"):
            button(f"Download ZIP{part}", _choose())
            if told:
                st.caption(told)
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="pack"):
        with st.popover("What is in the ZIP", icon=":material/checklist:"):
            contents = _choose()
        button(f"All as ZIP{part}", contents)


def _choose() -> Contents:
    kinds: list[Kind] = st.pills(
        "In the ZIP",
        list(KINDS),
        default=list(KINDS),
        selection_mode="multi",
        format_func=lambda kind: KINDS[kind],
        key="packed_kinds",
        help="Pictures are blurred or on the new background, as the view or its settings say. "
        "results.json is always there: models, seconds and settings.",
        persist_state="session",
    )
    # None would be shown as nothing chosen, once the person has been on another page.
    format_: Format | Literal["As fits each"] = st.selectbox(
        "Format",
        [_AS_FITS, *FORMATS],
        key="packed_format",
        help="As fits each: PNG for what is transparent, JPEG for what isn't. Mattes are PNGs in "
        "any case, and so are cutouts where the format has no transparency.",
        persist_state="session",
    )
    return Contents(frozenset(kinds), None if format_ == _AS_FITS else format_)
