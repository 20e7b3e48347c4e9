"""The Prompt page: say what the subject is by drawing on the photo."""

from dataclasses import replace

import streamlit as st

from compositing.background import Blur, default_kernel
from models.catalog import MODELS, ModelSpec, find
from models.interface import Box, Point, Prompt
from photos.cutting import Cut
from photos.export import Look
from ui.cards import failure_card
from ui.components.prompt_canvas import Drawn, picked, prompt_canvas
from ui.objects import choose_objects, pickable
from ui.photo_bar import photo_bar, welcome
from ui.render import Kind, View, cut_preview, photo_preview
from ui.resources import workers
from ui.sidebar import chosen_device, sidebar
from ui.state import Bench, Failure, bench
from ui.work import progress, start

PREVIEWS: tuple[Kind, ...] = ("Cutout", "Blur", "Overlay")


def page() -> None:
    """Draw boxes and points, and watch what a model makes of them."""
    workers()
    held = bench()
    sidebar()
    if held.photo is None:
        welcome(held)
        return
    photo_bar(held)
    st.fragment(_prompting, run_every=0.5 if held.running else None)(held)


def _prompting(held: Bench) -> None:
    """The canvas and what came of it; while a model runs this alone is drawn anew."""
    key, running = held.current, held.running
    assert key is not None
    left, right = st.columns([5, 3], gap="medium")
    with right:
        spec = _model()
        words = _words(held.prompt(key)) if "text" in spec.prompts else held.prompt(key).text
    outcome = held.outcome(key, spec)
    with left:
        prompt = replace(_canvas(held, key, spec, outcome), text=words)
    with right:
        _told(prompt, spec)
        if isinstance(outcome, Cut) and "objects" in spec.prompts:
            picks = held.picks.get((key, spec.name), ())
            held.picks[key, spec.name] = choose_objects(key, outcome, picks)
    held.prompts[key] = prompt
    if _follows(held, key, spec):
        _run(held, key, spec)
        st.rerun()
    with right:
        _result(held, key, spec, outcome)
    if not running and held.job is not None:
        held.job = None
        st.rerun()


def _follows(held: Bench, key: str, spec: ModelSpec) -> bool:
    """Whether the model should run by itself, because what it's asked has changed: it does once it
    has seen the photo, or when it needs no time."""
    asked, last = held.asked(key, spec), held.outcomes.get((key, spec.name))
    if not asked or asked == held.asking.get((key, spec.name)):
        return False
    return last is not None or spec.built_in or held.awaits(key, spec)


def _model() -> ModelSpec:
    labels = {spec.name: spec.label for spec in MODELS if spec.prompts}
    name = st.selectbox(
        "Model",
        list(labels),
        format_func=lambda name: labels[name],
        key="prompt_model",
        persist_state="session",
    )
    return find(name)


def _words(prompt: Prompt) -> tuple[str, ...]:
    typed = st.text_input(
        "Words", ", ".join(prompt.text), placeholder="person, dog", help="Several, with commas"
    )
    return tuple(word for part in typed.split(",") if (word := part.strip()))


def _canvas(held: Bench, key: str, spec: ModelSpec, outcome: Cut | Failure | None) -> Prompt:
    """The photo with its tools; returns what is drawn on it now."""
    photo, before = held.photos[key], held.prompt(key)
    cut = outcome if isinstance(outcome, Cut) else None

    def pick() -> None:
        held.picks[key, spec.name] = picked("canvas")

    drawn = prompt_canvas(
        photo_preview(key, photo),
        (photo.width, photo.height),
        key,
        key="canvas",
        initial=_as_drawn(before),
        tool="box" if "boxes" in spec.prompts else "pick",
        objects=pickable(cut.objects) if cut else (),
        selected=held.picks.get((key, spec.name), ()),
        overlay=cut_preview(key, cut, _view(held, "Matte"), 800) if cut and cut.prompt else None,
        on_picked=pick,
        alt=f"{photo.stem}, to draw on",
    )
    return Prompt(
        boxes=tuple(Box(*box) for box in drawn.boxes),
        points=tuple(Point(*point) for point in drawn.points),
    )


def _as_drawn(prompt: Prompt) -> Drawn:
    boxes = tuple((int(b.x0), int(b.y0), int(b.x1), int(b.y1)) for b in prompt.boxes)
    return Drawn(boxes, tuple((int(p.x), int(p.y), p.include) for p in prompt.points))


def _run(held: Bench, key: str, spec: ModelSpec) -> None:
    """Start anew with the prompt as it is now; a run for an older prompt is of no use."""
    if held.job:
        held.job.cancel()
    look = _view(held, "Blur").look
    start(held, [key], [spec], chosen_device(), look)


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
    if not prompt:
        st.caption(
            "Draw a box around the subject. Several small boxes beat one big one; points add "
            "what is missing or take away what is too much."
        )


def _result(held: Bench, key: str, spec: ModelSpec, outcome: Cut | Failure | None) -> None:
    if held.awaits(key, spec) and held.job:
        progress(held.job)
    elif outcome is None:
        if st.button(f"Run {spec.label}", type="primary", icon=":material/play_arrow:"):
            _run(held, key, spec)
            st.rerun()
    elif isinstance(outcome, Failure):
        failure_card(spec, outcome)
    else:
        kind: Kind = st.segmented_control(
            "Preview",
            PREVIEWS,
            default="Cutout",
            required=True,
            key="prompt_view",
            label_visibility="collapsed",
            persist_state="session",
        )
        image = cut_preview(key, outcome, _view(held, kind), 960)
        st.image(image, width="stretch", alt=f"{kind} by {spec.label}")
        for note in outcome.notes:
            st.info(note)
        st.caption(f"{outcome.inference:.2f} s · {outcome.share:.0%} kept")


def _view(held: Bench, kind: Kind) -> View:
    photo = held.photo
    assert photo is not None
    look = Look(Blur(default_kernel(photo.width, photo.height)))
    return View(kind, look, look, "")
