"""One card a model: its picture, its time, and what went wrong if something did."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError, PromptMissing
from models.running.jobs import Job
from photos.cut import Cut
from photos.encoding import FORMATS, MIME, SUFFIX, Format, refusal
from photos.export import left_out_of, picture_file
from photos.photo import PhotoFile
from photos.previews import PREVIEW_SIDE
from ui.components.before_after import before_after
from ui.downloads import lasting
from ui.further import further_files
from ui.photo_bar import plain
from ui.render import (
    CARD_SIDE,
    HARD,
    KINDS,
    PICTURES,
    View,
    ViewKind,
    cut_preview,
    disagreement_preview,
    full_size,
    hard_preview,
    photo_preview,
)
from ui.sidebar import badges, is_phone
from ui.state import Failure

SENT = 50  # megapixels: two larger photos, pixel by pixel, are too much for one message
_SUFFIX: dict[ViewKind, str] = {
    "Overlay": "cutout",
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "blurred",
    "Replace": "replaced",
}
_NOUN: dict[ViewKind, str] = {
    "Overlay": "cutout",
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "blurred photo",
    "Replace": "photo on its new background",
}


def original_card(key: str, photo: PhotoFile) -> None:
    with _head("Original"):
        st.badge(f"{photo.width} × {photo.height}", color="gray")
    st.image(photo_preview(key, photo, CARD_SIDE), width="stretch", alt=f"Original of {photo.name}")


def waiting_card(key: str, spec: ModelSpec, job: Job | None) -> None:
    """The place of a cut to come."""
    _head(spec.label)
    st.skeleton(height=220)
    runs = job and job.current and job.current.key == (key, spec.name)
    st.caption("Running…" if runs else "Waiting…")


def cut_card(key: str, cut: Cut, view: View, *, fastest: bool = False, hard: bool = False) -> None:
    """The card of a cut: picture, time, zoom and download. hard: shown on HARD colours, too."""
    with _head(cut.spec.label):
        if cut.inference:
            icon = ":material/bolt:" if fastest else ":material/timer:"
            st.badge(f"{cut.inference:.2f} s", icon=icon, color="green" if fastest else "gray")
        elif cut.spec.foreign:
            st.badge("–", icon=":material/timer:", color="gray")
    st.image(
        cut_preview(key, cut, view, CARD_SIDE),
        width="stretch",
        alt=f"{view.kind} by {cut.spec.label}",
    )
    if hard and not cut.empty:
        told = f"{cut.spec.label} on {', '.join(HARD)}"
        st.image(hard_preview(key, cut, view), width="stretch", alt=told)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if cut.empty:
            st.badge("No subject found", icon=":material/person_off:", color="orange")
        elif not is_phone():
            st.caption(f"{cut.share:.0%} kept", width="content")
        st.space("stretch")
        # Icons to look at; the words, which style.css hides, are read out.
        name, label = cut.spec.name, cut.spec.label
        if st.button(
            f"Zoom {label}",
            icon=":material/zoom_in:",
            key=f"zoom_{name}",
            help="Zoom and compare",
        ):
            zoom_in(cut)  # `zoomed` comes later in the same run
        download(cut, view, "PNG", f"Download {label}", f"save_{name}", icon=":material/download:")
    for note in cut.notes:
        st.caption(note)
    if not cut.prompt and "boxes" in cut.spec.prompts and not cut.spec.soft:
        st.caption("A first guess: a box on the Prompt page makes it dependable.")


def disagreement_card(cuts: Sequence[Cut], view: View) -> None:
    """Where to look before choosing between models."""
    _head("Disagreement")
    st.image(
        disagreement_preview(cuts, view, CARD_SIDE),
        width="stretch",
        alt="Where the models disagree",
    )
    st.caption("Black where all mattes agree; the brighter, the more they differ.")


def failure_card(spec: ModelSpec, failure: Failure) -> None:
    """What went wrong: a failed load, a failed run and a missing prompt look different."""
    _head(spec.label)
    title, icon = _kind_of(failure.error)
    if isinstance(failure.error, PromptMissing):
        st.info(f"{title}. {failure.error}", icon=icon)
    else:
        st.error(f"{title}. {failure.error}", icon=icon)


def zoomed(key: str, cuts: Sequence[Cut], view: View) -> None:
    """The dialog of the cut whose zoom was pressed, until the person closes it or its cut is gone.

    Each run of the page has to draw it: otherwise it closes.
    """
    for cut in cuts:
        if cut.key == st.session_state.get("zoomed"):
            _zoom(key, cut, view)
            return
    forget_zoom()


def zoom_in(cut: Cut, at: tuple[float, float] | None = None) -> None:
    """Have `zoomed` open this cut's dialog. at: a place in the photo's pixels to begin with."""
    st.session_state["zoomed"], st.session_state["zoomed_at"] = cut.key, at


def forget_zoom() -> None:
    """Forget which dialog is open, so that none is drawn."""
    st.session_state.pop("zoomed", None)


def _zoom(key: str, cut: Cut, view: View) -> None:
    """A dialog with a before/after handle, the facts, and downloads in every format."""
    size = cut.photo.width, cut.photo.height
    larger = max(size) > PREVIEW_SIDE and cut.photo.megapixels <= SENT
    larger = larger and not refusal(cut.photo, "JPEG")

    def body() -> None:
        shown = st.segmented_control(
            "After", KINDS, default=view.kind, required=True, label_visibility="collapsed"
        )
        after = replace(view, kind=shown)
        wide = size[0] > 1.3 * size[1]
        left, right = (st.container(), st.container()) if wide else st.columns([3, 2], gap="medium")
        with left:
            before_after(
                photo_preview(key, cut.photo),
                cut_preview(key, cut, after),
                size,
                key=f"compare_{cut.key}",
                full_size=partial(full_size, key, cut, after) if larger else None,
                labels=("Original", shown),
                max_height=540,
                at=st.session_state["zoomed_at"],
            )
            st.caption("Drag the handle. Double-click for 100%, then drag the picture.")
        with right:
            _facts(cut)
            st.caption(f"Download the {_NOUN[shown]}, {size[0]} × {size[1]}")
            with st.container(horizontal=True, gap="small"):
                for format_ in FORMATS:
                    download(cut, after, format_, format_, f"full_{format_}_{cut.key}")
                further_files(cut, after)
            for format_ in FORMATS:
                if lost := left_out_of(cut, after.look, PICTURES[shown], format_):
                    st.caption(plain(lost))

    title = f"{cut.spec.label} · {plain(cut.photo.name)}"
    st.dialog(title, width="large", on_dismiss=forget_zoom)(body)()


def _facts(cut: Cut) -> None:
    with st.container(horizontal=True):
        if cut.inference:
            st.metric("Time", f"{cut.inference:.2f} s", width="content")
        st.metric("Kept", f"{cut.share:.0%}", width="content")
        if cut.device:
            st.metric("Device", cut.device.upper(), width="content")
    st.markdown(badges(cut.spec))
    st.caption(cut.spec.summary)


def download(
    cut: Cut, view: View, format_: Format, label: str, key: str, icon: str | None = None
) -> None:
    """A button whose file is made when it's pressed, at the photo's full size; or why not."""
    what, refused = _SUFFIX[view.kind], refusal(cut.photo, format_)
    if refused:
        st.caption(plain(refused))
        return
    name, mime = f"{cut.photo.stem}_{cut.spec.name}_{what}{SUFFIX[format_]}", MIME[format_]

    def make() -> bytes:
        return picture_file(cut, view.look, PICTURES[view.kind], format_)

    st.download_button(
        label,
        data=lasting(make, name, mime),
        file_name=name,
        mime=mime,
        on_click="ignore",
        icon=icon,
        key=key,
        help=f"The {_NOUN[view.kind]} at full size, {format_}",
    )


def _head(title: str) -> DeltaGenerator:
    row = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    with row:
        st.markdown(f"**{title}**", width="content")
        st.space("stretch")
    return row


def _kind_of(error: ModelError) -> tuple[str, str]:
    if isinstance(error, PromptMissing):
        return "Say what the subject is", ":material/ads_click:"
    if isinstance(error, LoadFailed):
        return "Could not be loaded", ":material/cloud_off:"
    return "Did not finish", ":material/error:"
