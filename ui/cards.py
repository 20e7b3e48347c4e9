"""One card a model: its picture, its time, and what went wrong if something did."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError, PromptMissing
from models.running.extra import lacked_by
from models.running.jobs import Job
from photos.cut import Cut
from photos.photo import PhotoFile
from ui import depths, framed
from ui.files import download
from ui.hard import HARD, hard_preview
from ui.located import located
from ui.parts import Part
from ui.placed import place_on
from ui.render import CARD, CARD_SIDE, cut_preview, disagreement_preview, photo_preview
from ui.sidebar import is_phone
from ui.star import star
from ui.timings import seconds
from ui.to_prompt import to_prompt
from ui.tray import Failure
from ui.view import View
from ui.zoom import zoom_in


def original_card(
    key: str,
    photo: PhotoFile,
    hint: str | None = None,
    over: Callable[[], None] | None = None,
    part: Part | None = None,
) -> None:
    """The photo as it is. over: draws what lies over its picture. part: what the cards show of it;
    below it, all of the photo tells where that is."""
    with _head("Original"):
        st.badge(f"{photo.width} × {photo.height}", color="gray")
    with st.container(key="original"):
        image = photo_preview(key, photo, CARD_SIDE, part)
        st.image(image, width="stretch", alt=f"Original of {photo.name}")
        if over:
            over()
    if part:
        st.image(located(key, photo, part), width="stretch", alt=f"All of {photo.name}")
        st.caption("The cards show what is in the frame.")
    if hint:
        st.caption(hint)


def waiting_card(key: str, spec: ModelSpec, job: Job | None) -> None:
    """The place of a cut to come."""
    _head(spec.label)
    st.skeleton(height=220)
    runs = job and job.current and job.current.key == (key, spec.name)
    st.caption("Running…" if runs else "Waiting…")


def cut_card(
    key: str,
    cut: Cut,
    view: View,
    width: int,
    *,
    fastest: bool = False,
    hard: bool = False,
    choosable: bool = False,
    part: Part | None = None,
) -> None:
    """The card of a cut: picture, time, zoom and download. width: about its own, in CSS pixels.
    hard: shown on HARD colours, too. choosable: whether there are others to choose it from. part:
    what is shown of the photo."""
    with _head(cut.spec.label):
        if cut.inference:
            icon = ":material/bolt:" if fastest else ":material/timer:"
            st.badge(seconds(cut), icon=icon, color="green" if fastest else "gray")
        elif cut.spec.foreign:
            st.badge("–", icon=":material/timer:", color="gray")
    with st.container(key=f"card_{cut.spec.name}"):
        _pictures(key, cut, view, width, part, hard=hard)
        _buttons(key, cut, view, choosable=choosable)
    if part:
        st.caption(":material/crop: A part of the photo. Zoom shows all of it.")
    if view.look.subject_of(cut):
        st.caption("Kept to the prompted subject: Edges turns that off.")
    for note in (*cut.notes, *framed.notes(key, cut, view), *depths.notes(key, view)):
        st.caption(note)
    if not cut.prompt and "boxes" in cut.spec.prompts and not cut.spec.soft:
        st.caption("A first guess: a box makes it dependable.")
        to_prompt(cut.spec, "box")


def outdated_card(
    key: str,
    spec: ModelSpec,
    cut: Cut | None,
    view: View,
    width: int,
    told: str,
    again: Callable[[], None],
    part: Part | None = None,
) -> None:
    """The place of a cut that isn't what the model would make now. cut: what it made before, if
    anything. width, part: as `cut_card` takes them. told: what that lacks. again: draws the button
    that runs the model."""
    _head(spec.label)
    if cut:
        with st.container(key=f"outdated_{spec.name}"):  # paler, and without zoom and files
            picture = cut_preview(key, cut, view, CARD_SIDE, (width, CARD[1]), part)
            st.image(picture, width="stretch", alt=f"{view.kind} by {spec.label}, outdated")
    st.caption(f":material/history: {told}")
    again()


def _pictures(key: str, cut: Cut, view: View, width: int, part: Part | None, *, hard: bool) -> None:
    st.image(
        cut_preview(key, cut, view, CARD_SIDE, (width, CARD[1]), part),
        width="stretch",
        alt=f"{view.kind} by {cut.spec.label}",
    )
    place_on(key, cut, view)
    if hard and not cut.empty:
        told = f"{cut.spec.label} on {', '.join(HARD)}"
        st.image(hard_preview(key, cut, view, part), width="stretch", alt=told)


def _share(cut: Cut) -> None:
    if cut.empty:
        st.badge("No subject found", icon=":material/person_off:", color="orange")
    else:
        st.caption(f"{cut.share:.0%} kept", width="content")


def _buttons(key: str, cut: Cut, view: View, *, choosable: bool) -> None:
    if is_phone():  # where there is no room beside them
        _share(cut)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if not is_phone():
            _share(cut)
        st.space("stretch")
        # Icons to look at; the words, which style.css hides, are read out.
        name, label = cut.spec.name, cut.spec.label
        if choosable:
            star(key, cut.spec, f"choose_{name}")
        st.button(
            f"Zoom {label}",
            icon=":material/zoom_in:",
            key=f"zoom_{name}",
            help="Zoom and compare",
            on_click=zoom_in,
            args=(key, cut),
        )
        download(cut, view, "PNG", f"Download {label}", f"save_{name}", icon=":material/download:")


def lacking_card(spec: ModelSpec) -> None:
    """The place of a model whose package isn't here."""
    _head(spec.label)
    st.info(lacked_by(spec), icon=":material/extension:")


def prompt_card(spec: ModelSpec) -> None:
    """The place of a model that can't run before it's told what to cut out."""
    _head(spec.label)
    st.info("It must be told what the subject is.", icon=":material/ads_click:")
    to_prompt(spec, "tell")


def disagreement_card(cuts: Sequence[Cut], view: View, part: Part | None = None) -> None:
    """Where to look before choosing between models."""
    _head("Disagreement")
    st.image(
        disagreement_preview(cuts, view, CARD_SIDE, part),
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
        to_prompt(spec, "tell")
    else:
        st.error(f"{title}. {failure.error}", icon=icon)


def _head(title: str) -> DeltaGenerator:
    row = st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"head_{title}"
    )
    with row:
        st.header(title, anchor=False, width="content")
        st.space("stretch")
    return row


def _kind_of(error: ModelError) -> tuple[str, str]:
    if isinstance(error, PromptMissing):
        return "Say what the subject is", ":material/ads_click:"
    if isinstance(error, LoadFailed):
        return "Could not be loaded", ":material/cloud_off:"
    return "Did not finish", ":material/error:"
