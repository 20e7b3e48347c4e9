"""One card a model: its picture, its time, and what went wrong if something did."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from compositing.alpha import adjust
from compositing.background import Transparent
from compositing.overlay import matte_image
from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError, PromptMissing
from photos.cutting import Cut
from photos.export import FORMATS, MIME, SUFFIX, Format, Look, encode, picture
from photos.reading import PhotoFile
from ui.components.before_after import before_after
from ui.render import KINDS, Kind, View, cut_preview, photo_preview
from ui.sidebar import badges
from ui.state import Failure

CARD_SIDE = 1280
_RESULT: dict[Kind, str] = {
    "Overlay": "cutout",
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "blurred",
    "Replace": "replaced",
}


def original_card(key: str, photo: PhotoFile) -> None:
    with _head("Original"):
        st.badge(f"{photo.width} × {photo.height}", color="gray")
    st.image(photo_preview(key, photo, CARD_SIDE), width="stretch", alt=f"Original of {photo.name}")


def waiting_card(spec: ModelSpec, detail: str) -> None:
    with _head(spec.label):
        pass
    st.skeleton(height=220)
    st.caption(detail)


def cut_card(key: str, cut: Cut, view: View, *, fastest: bool) -> None:
    """The card of a cut: picture, time, zoom and download."""
    with _head(cut.spec.label):
        icon, colour = (":material/bolt:", "green") if fastest else (":material/timer:", "gray")
        st.badge(f"{cut.inference:.2f} s", icon=icon, color=colour)
    st.image(
        cut_preview(key, cut, view, CARD_SIDE),
        width="stretch",
        alt=f"{view.kind} by {cut.spec.label}",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if cut.empty:
            st.badge("No subject found", icon=":material/person_off:", color="orange")
        else:
            st.caption(f"{cut.share:.0%} kept", width="content")
        st.space("stretch")
        name = cut.spec.name
        if st.button(":material/zoom_in:", key=f"zoom_{name}", help="Zoom and compare"):
            zoom(key, cut, view)
        _download(cut, view, "PNG", ":material/download:", f"save_{name}")


def failure_card(spec: ModelSpec, failure: Failure) -> None:
    """A load that failed, a run that failed and a missing prompt read differently."""
    with _head(spec.label):
        pass
    title, icon = _kind_of(failure.error)
    if isinstance(failure.error, PromptMissing):
        st.info(f"{title}. {failure.error}", icon=icon)
    else:
        st.error(f"{title}. {failure.error}", icon=icon)


def zoom(key: str, cut: Cut, view: View) -> None:
    """A dialog with a before/after handle, the facts, and downloads in every format."""

    def body() -> None:
        shown = st.segmented_control(
            "After", KINDS, default=view.kind, required=True, label_visibility="collapsed"
        )
        after = View(shown, view.look, view.fill, f"{shown}{view.key}")
        before_after(
            photo_preview(key, cut.photo),
            cut_preview(key, cut, after),
            (cut.photo.width, cut.photo.height),
            key=f"compare_{cut.key}",
            labels=("Original", shown),
            max_height=560,
        )
        st.caption("Drag the handle, or focus it and use the arrow keys.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{cut.inference:.2f} s** on {cut.device} · {cut.share:.0%} kept")
            st.markdown(badges(cut.spec))
        with st.container(horizontal=True):
            for format_ in FORMATS:
                _download(cut, after, format_, format_, f"full_{format_}_{cut.key}")

    st.dialog(f"{cut.spec.label} · {cut.photo.name}", width="large")(body)()


def _download(cut: Cut, view: View, format_: Format, label: str, key: str) -> None:
    """A button whose file is made when it's pressed, at the photo's full size."""
    what = _RESULT[view.kind]
    st.download_button(
        label,
        data=lambda: encode(_full_size(cut, view), format_, cut.photo),
        file_name=f"{cut.photo.stem}_{cut.spec.name}_{what}{SUFFIX[format_]}",
        mime=MIME[format_],
        on_click="ignore",
        key=key,
        help=f"Full-size {what}, {format_}",
    )


def _full_size(cut: Cut, view: View) -> NDArray[np.uint8]:
    """What the view is about: an overlay is for looking, so its download is the cutout."""
    if view.kind == "Matte":
        return matte_image(adjust(cut.alpha(), view.look.edges))
    look = view.look
    if view.kind in ("Overlay", "Cutout"):
        look = Look(Transparent(), look.edges, look.unmix)
    return picture(cut, cut.photo.pixels(), look)


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
