"""What the finished picture shows, and how large it is: the controls, and their values, even while
they are hidden."""

from dataclasses import replace
from typing import Any

import streamlit as st

from compositing.frame import LARGEST_SIDE, WIDEST, Align, Crop, Frame, Length
from photos.look import MOST_KB
from photos.presets import DOCUMENTS, DPI, PRESETS, Document, find_document
from ui.leaving import of_this_page

MOST_ROWS = 100_000
AS_IT_IS, OWN = "As the photo is", "My own"
CROPS: dict[Crop, str] = {"photo": "Photo", "subject": "Subject"}
ALIGNS: dict[Align, str] = {"top": "Top", "centre": "Centre", "bottom": "Bottom"}
UNTOUCHED: dict[str, Any] = {
    "frame_crop": "photo",
    "frame_margin": 8.0,
    "frame_width": None,
    "frame_height": None,
    "frame_align": "centre",
    "max_kb": None,
    "frame_document": None,
    "frame_dpi": 300,
    "frame_crown": None,
    "frame_chin": None,
}
"""The value that each control begins with, by its key."""
_FRAMES = {preset.label: preset.frame for preset in PRESETS}
_GROUNDS = {preset.label: preset.ground for preset in PRESETS if preset.ground}
_DOCUMENTS = {document.label: document for document in DOCUMENTS}


def frame_controls() -> None:
    if st.session_state.get("kind") == "Overlay" and chosen_frame()[0]:
        st.caption("The overlay shows all of the photo. The frame is seen under the other views.")
    grid = st.grid("auto", min_column_width=140, key="framing")
    with grid.cell():
        _preset()
    if document := find_document(_chosen("frame_document") or ""):
        _head_controls(grid, document)
        return
    with grid.cell():
        st.segmented_control(
            "Show all of the",
            list(CROPS),
            default=UNTOUCHED["frame_crop"],
            required=True,
            format_func=lambda name: CROPS[name],
            key="frame_crop",
            persist_state="session",
        )
    with grid.cell():
        st.slider(
            "Margin around the subject",
            0.0,
            float(WIDEST),
            UNTOUCHED["frame_margin"],
            0.5,
            format="%g%%",
            key="frame_margin",
            disabled=_chosen("frame_crop") != "subject",
            persist_state="session",
        )
    with grid.cell():
        st.selectbox(
            "Where it stands",
            list(ALIGNS),
            index=list(ALIGNS).index(UNTOUCHED["frame_align"]),
            format_func=lambda name: ALIGNS[name],
            key="frame_align",
            disabled=_canvas() is None,
            persist_state="session",
        )
    with grid.cell():
        _number("Width, pixels", "frame_width", LARGEST_SIDE, "as it is")
    with grid.cell():
        _number("Height, pixels", "frame_height", LARGEST_SIDE, "as it is")
    with grid.cell():
        _number("JPEG, WebP: kB at most", "max_kb", MOST_KB, "no limit")
    if (_chosen("frame_width") is None) != (_chosen("frame_height") is None):
        st.caption("A canvas needs both a width and a height; until then it is as large as it is.")


def _head_controls(grid: Any, document: Document) -> None:
    """What is left to say where an authority says the rest."""
    with grid.cell():
        st.segmented_control(
            "Dots an inch",
            DPI,
            default=UNTOUCHED["frame_dpi"],
            required=True,
            key="frame_dpi",
            persist_state="session",
        )
    with grid.cell():
        _number("Crown: row of the photo", "frame_crown", MOST_ROWS, "looked for")
    with grid.cell():
        _number("Chin: row of the photo", "frame_chin", MOST_ROWS, "looked for")
    with grid.cell():
        _number("JPEG, WebP: kB at most", "max_kb", MOST_KB, "no limit")
    words, colour = document.ground
    least, most = document.head
    st.caption(
        f"Head {least:g} to {most:g} mm, background {words}, such as {colour} ({document.source}). "
        "Crown and chin are estimated: compare the print with the authority's template."
    )
    crown, chin = _chosen("frame_crown"), _chosen("frame_chin")
    if (crown is None) != (chin is None):
        st.caption("It takes both rows, from above; until then they are looked for.")
    elif crown is not None and crown >= chin:
        st.warning("The crown's row comes first, then the chin's below it: rows count from above.")


def _document_frame(document: Document) -> Frame:
    crown, chin = _chosen("frame_crown"), _chosen("frame_chin")
    by_hand = crown is not None and chin is not None and crown < chin
    frame = document.frame(_chosen("frame_dpi"))
    return replace(frame, lines=(crown, chin)) if by_hand else frame


def chosen_frame() -> tuple[Frame | None, int | None]:
    """(the frame, the most kilobytes of a JPEG or WebP file)."""
    if document := find_document(_chosen("frame_document") or ""):
        return _document_frame(document), _chosen("max_kb")
    crop, canvas = _chosen("frame_crop"), _canvas()
    if crop == "photo" and canvas is None:
        return None, _chosen("max_kb")
    margin = Length(_chosen("frame_margin"), percent=True) if crop == "subject" else Length()
    return Frame(crop, margin, canvas, _chosen("frame_align")), _chosen("max_kb")


def take_frame(frame: Frame | None, max_kb: int | None) -> str | None:
    """Set the controls, before they are drawn. Returns a sentence on what they can't show of it."""
    state = st.session_state
    state["max_kb"] = max_kb
    state["frame_document"] = (frame and frame.document) or None
    if frame and frame.document:
        crown, chin = frame.lines or (None, None)
        state["frame_dpi"], state["frame_crown"], state["frame_chin"] = frame.dpi, crown, chin
        return None
    state["frame_crop"] = frame.crop if frame else "photo"
    state["frame_width"], state["frame_height"] = (frame and frame.canvas) or (None, None)
    state["frame_align"] = frame.align if frame else "centre"
    if frame is None or frame.crop == "photo":
        return None
    margin = frame.margin.value
    if frame.margin.percent:
        state["frame_margin"] = float(margin)
        return None
    if frame.canvas:
        state["frame_margin"] = round(200 * margin / min(frame.canvas)) / 2
    return f"Margins are percent here: {state.get('frame_margin', 0):g}% stands for {frame.margin}."


def _canvas() -> tuple[int, int] | None:
    width, height = _chosen("frame_width"), _chosen("frame_height")
    return (width, height) if width and height else None


def _preset() -> None:
    frame, _ = chosen_frame()
    document = find_document(frame.document) if frame else None
    named = (
        document.label
        if document
        else next((label for label, each in _FRAMES.items() if each == frame), OWN)
    )
    st.session_state["frame_preset"] = named if frame else AS_IT_IS

    @of_this_page
    def take() -> None:
        chosen = st.session_state["frame_preset"]
        if chosen in _DOCUMENTS:
            take_frame(_DOCUMENTS[chosen].frame(_chosen("frame_dpi")), _chosen("max_kb"))
        elif chosen != OWN:
            take_frame(_FRAMES.get(chosen), _chosen("max_kb"))
        else:
            st.session_state["frame_document"] = None

    options = [AS_IT_IS, *_FRAMES, *_DOCUMENTS, OWN]
    st.selectbox("Frame", options, key="frame_preset", on_change=take)
    if ground := _GROUNDS.get(named):
        st.caption(f"{named} {ground}: Replace, Colour, #ffffff.")


def _chosen(key: str) -> Any:
    return st.session_state.get(key, UNTOUCHED[key])


def _number(label: str, key: str, most: int, nothing: str) -> None:
    st.number_input(label, 1, most, None, 1, key=key, placeholder=nothing, persist_state="session")
