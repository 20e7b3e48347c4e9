"""The Prompt page: say what the subject is by drawing on the photo."""

from dataclasses import replace
from functools import partial

import streamlit as st

from models.catalog import ModelSpec, cutters, find
from models.running.default import default_model
from photos.cut import Cut
from photos.photo import PhotoFile
from ui import kernels
from ui.cards import failure_card
from ui.drawing import canvas, take_strokes, told
from ui.files import download
from ui.leaving import of_this_page
from ui.looks import chosen_blur, tint
from ui.objects import choose_objects
from ui.photo_bar import photo_bar, welcome
from ui.progress import follow, job_place, notice
from ui.render import cut_preview
from ui.resources import workers
from ui.retouching import strokes_told
from ui.sidebar import allowed, badges, chosen_device, commercial_use, sidebar
from ui.sidebar import picked as picked_models
from ui.state import Bench, bench
from ui.timings import seconds
from ui.tray import Failure, Tray
from ui.view import View, ViewKind
from ui.work import start

PREVIEWS: tuple[ViewKind, ...] = ("Cutout", "Blur", "Overlay")


def page() -> None:
    """Draw boxes and points, and watch what a model makes of them."""
    workers()
    held = bench()
    sidebar()
    key, tray = held.current, held.tray
    if key is None or tray is None:
        welcome(held)
        return
    shown = notice(held)
    photo_bar(held, picked_models())
    _prompting(held, key, tray)
    with st.bottom:
        place = job_place()
    follow(held, shown, place)


def _prompting(held: Bench, key: str, tray: Tray) -> None:
    """The canvas and what came of it."""
    left, right = st.columns([5, 3], gap="medium")
    with right:
        spec = _model()
        st.markdown(badges(spec), help=commercial_use(spec))
        words = _words(held, key, spec) if "text" in spec.prompts else tray.prompt.text
    take_strokes(key, tray)
    outcome = held.outcome(key, spec)
    # While the model looks again, and if it fails, there is what it found before to pick from.
    latest = _latest(tray, spec)
    with left:
        drawn = canvas(key, tray, spec, outcome, latest, _view(tray.photo, "Matte"))
        prompt = replace(drawn, text=words)
    with right:
        told(prompt, spec)
        picture = st.container()
        if latest and "objects" in spec.prompts:
            picks = tray.picks.get(spec.name, ())
            choose_objects(key, latest, picks, partial(tray.choose, spec.name))
        strokes_told(tray.photo, tray.brushwork)  # below: the first moves nothing
    tray.prompt = prompt
    if _follows(held, key, tray, spec):
        _run(held, key, spec, chosen_device())
        st.rerun()
    with picture:
        _result(held, key, tray, spec, outcome)


def _follows(held: Bench, key: str, tray: Tray, spec: ModelSpec) -> bool:
    """Whether the model should run by itself, because what it's asked has changed: it does once it
    has seen the photo, or when it needs no time."""
    asked, last = tray.asked(spec), tray.outcomes.get(spec.name)
    enough = asked.names_subject or not spec.needs_prompt
    if _busy(held) or not enough or asked == tray.asking.get(spec.name):
        return False
    return last is not None or held.awaits(key, spec) or (spec.built_in and bool(asked))


def _brushable() -> list[ModelSpec]:
    """Those that can be told what the subject is, then the others: the brush serves all."""
    return sorted(allowed(cutters()), key=lambda spec: not spec.prompts)


def _model() -> ModelSpec:
    labels = {spec.name: spec.label for spec in _brushable()}
    names, first = list(labels), default_model().spec.name
    if st.session_state.get("prompt_model") not in names:
        st.session_state["prompt_model"] = first if first in names else names[0]
    name = st.selectbox(
        "Model",
        names,
        format_func=lambda name: labels[name],
        key="prompt_model",
        persist_state="session",
    )
    return find(name)


def _words(held: Bench, key: str, spec: ModelSpec) -> tuple[str, ...]:
    @of_this_page
    def forget_picks() -> None:
        # Other words find other objects. Streamlit keeps this for as long as the tab is open.
        if tray := held.trays.get(key):
            tray.picks.pop(spec.name, None)

    typed = st.text_input(
        "Words",
        key=f"words_{key}",
        placeholder="person, dog",
        help="Several, with commas."
        + " With nothing written and nothing drawn, people are sought." * (not spec.needs_prompt),
        on_change=forget_picks,
        persist_state="session",
    )
    return tuple(word for part in typed.split(",") if (word := part.strip()))


def _latest(tray: Tray, spec: ModelSpec) -> Cut | None:
    cut = tray.latest.get(spec.name)
    return tray.brushwork.over(cut) if cut else None


def _run(held: Bench, key: str, spec: ModelSpec, device: str) -> None:
    """Start anew with the prompt as it is now; a run for an older prompt is of no use."""
    if held.job:
        held.job.cancel()
    start(held, {key: [spec]}, device)
    held.trial = held.job


def _busy(held: Bench) -> bool:
    """Whether something runs that was asked for elsewhere, many photos or a painting, and is not
    to be broken off for a trial."""
    return held.running and held.job is not held.trial


def _result(
    held: Bench, key: str, tray: Tray, spec: ModelSpec, outcome: Cut | Failure | None
) -> None:
    busy = _busy(held)
    if held.awaits(key, spec):
        outcome = _latest(tray, spec)
        if outcome is None:
            return
    if outcome is None:
        st.button(
            f"Run {spec.label}",
            type="primary",
            icon=":material/play_arrow:",
            disabled=busy,
            on_click=_run,
            args=(held, key, spec, chosen_device()),
        )
        if busy:
            st.caption("Once what runs now has ended.")
    elif isinstance(outcome, Failure):
        failure_card(spec, outcome)
    elif outcome.empty:
        st.info("Nothing found in this photo.", icon=":material/search_off:")
        _notes(outcome)
    else:
        kind: ViewKind = st.segmented_control(
            "Preview",
            PREVIEWS,
            default="Cutout",
            required=True,
            key="prompt_view",
            label_visibility="collapsed",
            persist_state="session",
        )
        image = cut_preview(key, outcome, _view(tray.photo, kind), 960)
        st.image(image, width="stretch", alt=f"{kind} by {spec.label}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{seconds(outcome)} · {outcome.share:.0%} kept", width="content")
            st.space("stretch")
            words, icon = f"Download {spec.label}", ":material/download:"
            download(outcome, _view(tray.photo, kind), "PNG", words, "save_trial", icon)
        _notes(outcome)


def _notes(cut: Cut) -> None:
    for note in cut.notes:
        st.info(note)


def _view(photo: PhotoFile, kind: ViewKind) -> View:
    look = chosen_blur(photo)
    return View(kind, look, look, "", strength=kernels.OWN.strength, tint=tint(photo))
