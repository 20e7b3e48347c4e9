"""From “Run” to a job: each chosen model on each chosen photo, one after the other."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate

import streamlit as st

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.interface import Cancelled, ModelError, Prompt
from models.painter import Wish
from models.running.devices import offered
from models.running.lanes import Job, Key, Step
from models.running.stages import recording
from photos.cutting import Cut, cut_out
from photos.look import Look, final_alpha
from photos.painting import paint
from photos.reading import PhotoFile
from ui.render import View, composite_preview
from ui.resources import browser_is_there, pool, workers
from ui.state import Bench, Failure


def watched[**P](
    draw: Callable[Concatenate[Bench, P], None], held: Bench, *args: P.args, **kwargs: P.kwargs
) -> None:
    """`draw(held, …)`. While a job runs, the page is drawn anew when something came of it for the
    photo at hand, and once it has ended; not in between, since a download works no longer than its
    button stays as it is."""

    def look() -> None:
        if held.job and not held.running:
            # Heard now: a download offered first would be gone a moment later.
            held.job = None
            st.rerun()
        before = _standing(held)  # what comes while things are drawn is new to the page
        draw(held, *args, **kwargs)
        if held.job:
            st.fragment(_wait, run_every=0.5)(held, before)

    st.fragment(look)()


def _wait(held: Bench, before: object) -> None:
    if not held.running:
        held.job = None
    if _standing(held) != before:
        st.rerun()


def _standing(held: Bench) -> object:
    """What of the job is to be seen beside the photo at hand."""
    job, photo = held.job, held.current
    if job is None or photo is None:
        return None
    made = sum(step.key[0] == photo for step in job.steps[: job.done])
    current = job.current if job.current and job.current.key[0] == photo else None
    return job.active, made, current, held.easel(photo).paintings


def start(
    bench: Bench,
    keys: Iterable[str],
    specs: Sequence[ModelSpec],
    device: str,
    view: View | None = None,
) -> None:
    """Queue a job for the photos called `keys`; outcomes land in the bench as they come. view: its
    composite is made too, timed at full size."""
    steps = _steps(bench, keys, specs, device, view)
    prompts = {step.key: bench.asked(step.key[0], spec) for step, spec in steps}
    bench.asking |= prompts

    def keep(key: tuple[str, str], outcome: Any) -> None:
        if isinstance(outcome, ModelError):
            outcome = Failure(outcome, prompts[key])
        else:
            bench.latest[key] = outcome
        bench.outcomes[key] = outcome

    job = Job([step for step, _ in steps], browser_is_there(), keep)
    bench.job = workers().submit(job, lane(device))


def _steps(
    bench: Bench,
    keys: Iterable[str],
    specs: Sequence[ModelSpec],
    device: str,
    view: View | None,
) -> list[tuple[Step, ModelSpec]]:
    shared, refiner = pool(), bench.refiner

    @functools.lru_cache(maxsize=1)
    def pixels(photo: PhotoFile) -> Photo:
        return photo.pixels()

    def step(key: str, spec: ModelSpec) -> Step:
        photo, prompt = bench.photos[key], bench.asked(key, spec)

        def run(job: Job) -> Any:
            before = bench.outcomes.pop((key, spec.name), None)
            try:
                return cut(job)
            except Cancelled:
                if before is not None:  # what was there before stays, when this comes to nothing
                    bench.outcomes.setdefault((key, spec.name), before)
                raise

        def cut(job: Job) -> Cut:
            image = pixels(photo)
            made = cut_out(
                photo, spec, prompt, device, pool=shared, pixels=image,
                refiner=refiner, progress=job.report, check=job.check,
            )  # fmt: skip
            if view is None:
                return made
            with recording(check=job.check) as record:
                composite = composite_preview(made, view.composite_of(photo), image)
            seconds = {**made.seconds, **record.seconds}
            return dataclasses.replace(made, seconds=seconds, composite=composite)

        return Step((key, spec.name), spec.label, run)

    return [(step(key, spec), spec) for key in keys for spec in specs]


def lane(device: str) -> str:
    """Jobs for “auto” wait in the lane of the device that it will turn out to be."""
    if device != "auto":
        return device
    return next(name for name in ("cuda", "mps", "cpu") if name in offered())


def start_painting(
    bench: Bench,
    key: str,
    cut: Cut,
    spec: ModelSpec,
    wishes: Sequence[Wish],
    device: str,
    look: Look,
) -> None:
    """Queue a job that paints behind a photo's subject; each painting lands in the bench as it
    comes, and the first of them goes behind the subject."""
    easel, shared = bench.easel(key), pool()
    easel.failure = None

    def run(job: Job) -> None:
        job.detail = "· getting ready"
        pixels, alpha = cut.photo.pixels(), final_alpha(cut, look)
        for number, wish in enumerate(wishes):
            step = functools.partial(_painted, job, number, len(wishes))
            painting = paint(
                shared, spec, cut, pixels, alpha, wish, device,
                step=step, progress=job.report, check=job.check,
            )  # fmt: skip
            easel.take(painting)
            if number == 0:
                easel.chosen = painting

    def keep(_: Key, outcome: Any) -> None:
        if isinstance(outcome, ModelError):
            easel.failure = spec, Failure(outcome, Prompt())

    job = Job([Step((key, spec.name), spec.label, run)], browser_is_there(), keep)
    bench.job = workers().submit(job, lane(device))


def _painted(job: Job, number: int, pictures: int, done: int, total: int) -> None:
    which = f"picture {number + 1} of {pictures}, " if pictures > 1 else ""
    job.detail = f"· {which}step {done} of {total}"
    job.part = (number + done / total) / pictures


def progress(job: Job) -> None:
    """How far a job is, as of now and then again and again, and the button that ends it."""
    st.fragment(_bar, run_every=0.5)(job)


def _bar(job: Job) -> None:
    if job.stopping:
        text = "Stopping…"
    elif job.state == "queued":
        text = f"In the queue, {workers().ahead(job)} ahead of you"
    else:
        count = [f"{job.done} of {len(job.steps)}"] if len(job.steps) > 1 else []
        current = [f"{job.current.label} {job.detail}"] if job.current else []
        text = " · ".join(count + current)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min((job.done + job.part) / len(job.steps), 1.0), text=text)
        st.button(
            "Cancel",
            icon=":material/close:",
            key="cancel",
            on_click=job.cancel,
            disabled=job.stopping,
        )
