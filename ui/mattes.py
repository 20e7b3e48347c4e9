"""Mattes of other tools: uploaded beside the photo, and compared as a model's are."""

import streamlit as st

from models.catalog import other_tool
from photos.elsewhere import added_to, belongs_to, matte_cut
from photos.mattes import MatteFile
from photos.photo import PhotoError
from ui.leaving import of_this_page
from ui.photo_bar import plain, upload_limit
from ui.state import Bench
from ui.tray import Tray

NAMELESS = "Other tool"
"""What a tool is called that neither the person nor the file's name tells."""


def matte_uploader(held: Bench, key: str) -> None:
    """Files that are chosen join the photo that they are called after, else the one at hand."""
    tray = held.trays[key]
    with st.popover("Add a matte from another tool", icon=":material/layers:", width="stretch"):
        st.caption(
            "A finished cutout or mask, PNG, TIFF or WebP, of the photo's size or its proportions. "
            "It is compared as a model's is. Files for other photos of this visit are called as "
            "those are."
        )
        st.text_input(
            "The tool's name",
            placeholder="By default as the file is called",
            max_chars=40,
            key="matte_tool",
            persist_state="session",
        )
        _uploader(held, tray, f"mattes_{held.visit}_{key}")
        for name, cut in tray.mattes.items():
            _listed(tray, name, cut.spec.label)


def _uploader(held: Bench, tray: Tray, widget: str) -> None:
    # Of each file that the uploader shows, the photo's tray and the tool's row.
    known: dict[str, tuple[Tray, str]] = st.session_state.setdefault(f"{widget}_known", {})

    @of_this_page
    def take() -> None:
        held.refused.clear()
        given = {file.file_id: file for file in st.session_state[widget]}
        for gone in known.keys() - given.keys():
            place, name = known.pop(gone)
            place.mattes.pop(name, None)
        for file_id, file in given.items():
            if file_id in known:
                continue
            if added := _add(held, tray, MatteFile(file.name, file.getvalue())):
                known[file_id] = added

    # No list of endings is given: with one, Streamlit refuses files and doesn't say why.
    st.file_uploader(
        "Mattes",
        accept_multiple_files=True,
        max_upload_size=upload_limit(),
        key=widget,
        on_change=take,
    )
    # After a visit to another page the uploader is empty, and the mattes stay, as photos do.
    shown = {file.file_id for file in st.session_state[widget]}
    for file in known.keys() - shown:
        del known[file]


def _add(held: Bench, tray: Tray, file: MatteFile) -> tuple[Tray, str] | None:
    """The photo's tray that it went to, and the tool's row; None if it was refused, which is
    told."""
    by_name = {each.photo.name: each for each in reversed(held.trays.values())}
    theirs = belongs_to(file.name, by_name)
    if belongs_to(file.name, [tray.photo.name]) is None and theirs:
        tray = by_name[theirs]
    said = str(st.session_state.get("matte_tool") or "").strip()
    label = said or _from_name(tray.photo.name, file.name)
    others = [cut.spec for cut in tray.mattes.values() if cut.spec.label != label]
    try:
        cut = matte_cut(tray.photo, file, other_tool(label, others), bits=16)
    except PhotoError as error:
        held.refused.append(str(error))
        return None
    tray.mattes[cut.spec.name] = cut
    return tray, cut.spec.name


def _from_name(photo: str, file: str) -> str:
    added = added_to(photo, file)
    return file.rpartition(".")[0] or file if added is None else added or NAMELESS


def _listed(tray: Tray, name: str, label: str) -> None:
    def remove() -> None:
        tray.mattes.pop(name, None)

    st.button(
        f"Remove {plain(label)}",
        icon=":material/close:",
        key=f"remove_matte_{name}",
        on_click=remove,
    )
