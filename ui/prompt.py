"""The Prompt page: say what the subject is by drawing on the photo."""

from dataclasses import replace

import streamlit as st

from compositing.strokes import Stroke
from models.catalog import ModelSpec, cutters, find
from models.interface import Box, Point, Prompt
from models.running.default import default_model
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.previews import PREVIEW_SIDE
from ui import kernels
from ui.cards import failure_card
from ui.components.prompt_canvas import Drawn, drawn_so_far, looked_at, picked, prompt_canvas
from ui.files import download
from ui.leaving import of_this_page
from ui.looks import chosen_blur, tint
from ui.objects import choose_objects, pickable
from ui.outlines import outline_of
from ui.photo_bar import photo_bar, welcome
from ui.progress import follow, job_place, notice
from ui.render import cut_preview, photo_preview
from ui.resources import workers
from ui.retouching import close_up, strokes_told
from ui.sidebar import allowed, badges, chosen_device, commercial_use, sidebar
from ui.sidebar import picked as picked_models
from ui.state import Bench, bench
from ui.timings import seconds
from ui.tray import Failure, Tray
from ui.view import View, ViewKind
from ui.work import start

OVERLAY = 800
"""The longest side of the matte that lies over all of the photo."""
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
    _take_strokes(key, tray)
    outcome = held.outcome(key, spec)
    # While the model looks again, and if it fails, there is what it found before to pick from.
    latest = _latest(tray, spec)
    with left:
        prompt = replace(_canvas(key, tray, spec, outcome, latest), text=words)
    with right:
        _told(prompt, spec)
        picture = st.container()
        if latest and "objects" in spec.prompts:
            picks = tray.picks.get(spec.name, ())
            tray.picks[spec.name] = choose_objects(key, latest, picks)
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


def _canvas(
    key: str, tray: Tray, spec: ModelSpec, outcome: Cut | Failure | None, latest: Cut | None
) -> Prompt:
    """The photo with its tools; returns what is drawn on it now."""
    photo = tray.photo
    cut = outcome if isinstance(outcome, Cut) else latest
    matte = _view(photo, "Matte")
    box = looked_at("canvas", (photo.width, photo.height), key)

    def pick() -> None:
        tray.picks[spec.name] = picked("canvas")

    drawn = prompt_canvas(
        photo_preview(key, photo),
        (photo.width, photo.height),
        key,
        key="canvas",
        initial=_as_drawn(tray.prompt, tray.brushwork.strokes),
        drawing="boxes" in spec.prompts,
        objects=pickable(latest.objects) if latest else (),
        selected=tray.picks.get(spec.name, ()),
        overlay=cut_preview(key, cut, matte, OVERLAY) if cut else None,
        outline=outline_of(cut, matte, OVERLAY) if cut else "",
        told=bool(cut and cut.prompt and cut is outcome),
        close=close_up(cut, box) if cut and box else None,
        preview_width=round(photo.width * min(1, PREVIEW_SIDE / max(photo.width, photo.height))),
        tint=tint(photo),
        on_picked=pick,
        alt=f"{photo.stem}, to draw on",
    )
    return Prompt(
        boxes=tuple(Box(*box) for box in drawn.boxes),
        points=tuple(Point(*point) for point in drawn.points),
    )


def _take_strokes(key: str, tray: Tray) -> None:
    """Before the matte is shown: a run of the page shows what was painted before it."""
    drawn = drawn_so_far("canvas", (tray.photo.width, tray.photo.height), key)
    if drawn is not None:
        tray.brushwork.strokes = drawn.strokes


def _latest(tray: Tray, spec: ModelSpec) -> Cut | None:
    cut = tray.latest.get(spec.name)
    return tray.brushwork.over(cut) if cut else None


def _as_drawn(prompt: Prompt, strokes: tuple[Stroke, ...]) -> Drawn:
    boxes = tuple((int(b.x0), int(b.y0), int(b.x1), int(b.y1)) for b in prompt.boxes)
    return Drawn(boxes, tuple((int(p.x), int(p.y), p.include) for p in prompt.points), strokes)


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


def _told(prompt: Prompt, spec: ModelSpec) -> None:
    if "boxes" not in spec.prompts:
        return
    include = sum(point.include for point in prompt.points)
    exclude = len(prompt.points) - include
    st.markdown(
        f":blue-badge[{len(prompt.boxes)} box{'es' * (len(prompt.boxes) != 1)}] "
        f":green-badge[{include} include] "
        f":red-badge[{exclude} exclude]"
    )
    st.caption("Points add what a box misses, or take away what is too much.")


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
