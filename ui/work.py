"""From “Run” to a job: each chosen model on each chosen photo, one after the other."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from compositing.arrays import Alpha, Photo
from compositing.matte import matte_image
from compositing.overlay import heat
from evaluation.steadiness import steadiness_of
from models.catalog import ModelSpec
from models.interface import Cancelled, LoadFailed, ModelError, Prompt
from models.painter import Wish
from models.running.jobs import Job, Key, Step
from models.running.placing import lane_of
from models.running.stages import recording
from photos.cut import Cut, Refiner
from photos.cutting import cut_out, to_keep
from photos.depth import Seen, depth_of
from photos.look import Look, final_alpha
from photos.painting import Painting, paint
from photos.photo import PhotoFile
from photos.previews import shrink
from ui.decoded import latest_pixels
from ui.render import CARD_SIDE, composite_preview, jpeg, shows_composites
from ui.resources import browser_is_there, pool, workers
from ui.state import Bench
from ui.tray import Failure, Steady, Tray
from ui.view import View


def start(
    bench: Bench,
    todo: Mapping[str, Sequence[ModelSpec]],
    device: str,
    view: View | None = None,
    *,
    only_ready: bool = False,
) -> None:
    """Queue a job; outcomes land in the bench as they come. todo: the models to run, by the keys of
    the photos. view: its composite is made too, timed at full size. only_ready: models that aren't
    told enough of a photo are left out for it; otherwise they say what they miss."""
    trays = {key: bench.trays[key] for key in todo}
    prompts = {
        (key, spec.name): tray.asked(spec)
        for key, tray in trays.items()
        for spec in todo[key]
        if tray.can_run(spec) or not only_ready
    }
    for (key, name), prompt in prompts.items():
        trays[key].asking[name] = prompt

    def keep(key: Key, outcome: Any) -> None:
        tray, name = trays[key[0]], key[1]
        if isinstance(outcome, ModelError):
            outcome = Failure(outcome, prompts[key])
        else:
            tray.latest[name] = outcome
        tray.outcomes[name] = outcome

    steps = _steps(trays, todo, prompts, device, bench.refiner, view, keep)
    job = Job(steps, browser_is_there(), keep)
    bench.job = workers().submit(job, lane_of(chain.from_iterable(todo.values()), device))


def _steps(
    trays: Mapping[str, Tray],
    todo: Mapping[str, Sequence[ModelSpec]],
    prompts: Mapping[Key, Prompt],
    device: str,
    refiner: Refiner,
    view: View | None,
    keep: Callable[[Key, Cut], None],
) -> list[Step]:
    """keep: takes a cut that can be looked at before its step has ended."""
    shared = pool()

    @functools.lru_cache(maxsize=1)
    def pixels(photo: PhotoFile) -> Photo:
        return latest_pixels.of(photo)

    def step(key: str, spec: ModelSpec) -> Step:
        tray, prompt = trays[key], prompts[key, spec.name]
        photo = tray.photo

        def run(job: Job) -> Any:
            before = tray.outcomes.pop(spec.name, None)
            try:
                return cut(job)
            except Cancelled:
                if before is not None:  # what was there before stays, when this comes to nothing
                    tray.outcomes.setdefault(spec.name, before)
                raise

        def cut(job: Job) -> Cut:
            image = pixels(photo)
            made = cut_out(
                photo, spec, prompt, device, pool=shared, pixels=image, packing=False,
                refiner=refiner, progress=job.report, check=job.check,
                bits=16,  # for the file of a matte, whenever it is asked for
            )  # fmt: skip
            if view is None:
                return to_keep(made)
            early = not shows_composites(view)
            if early:  # its card waits neither for what it doesn't show, nor until it's packed
                keep((key, spec.name), made)
            try:
                with recording(check=job.check, model=spec.name) as record:
                    composite = composite_preview(made, view.composite_of(photo), image)
            except BaseException:
                if early:
                    keep((key, spec.name), to_keep(made))
                raise
            seconds = {**made.seconds, **record.seconds}
            return dataclasses.replace(to_keep(made), seconds=seconds, composite=composite)

        return Step((key, spec.name), spec.label, run)

    return [step(key, spec) for key in todo for spec in todo[key] if (key, spec.name) in prompts]


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
    easel, shared = bench.trays[key].easel, pool()
    easel.failure = None

    @functools.cache
    def ready() -> tuple[Photo, Alpha]:
        return cut.photo.pixels(), final_alpha(cut, look)

    def step(wish: Wish) -> Step:
        def run(job: Job) -> Painting:
            job.detail = "· getting ready"
            told = functools.partial(_told, job)
            return paint(
                shared, spec, cut, *ready(), wish, device,
                step=told, progress=job.report, check=job.check,
            )  # fmt: skip

        return Step((key, spec.name), spec.label, run, alone=True)

    def keep(_: Key, outcome: Any) -> None:
        if isinstance(outcome, ModelError):
            easel.failure = spec, Failure(outcome, Prompt())
            job.cancel()  # the next would meet the same
            return
        easel.take(outcome, choose=outcome.recipe.seed == wishes[0].seed)

    job = Job([step(wish) for wish in wishes], browser_is_there(), keep)
    bench.job = workers().submit(job, lane_of([spec], device))


def start_depths(bench: Bench, keys: Sequence[str], spec: ModelSpec, device: str) -> None:
    """Queue a job in which a model tells how far things are in the photos called `keys`; it lands
    in the bench."""
    trays, shared = {key: bench.trays[key] for key in keys}, pool()

    def step(key: str) -> Step:
        def run(job: Job) -> Seen:
            return depth_of(
                trays[key].photo, spec, device,
                pool=shared, progress=job.report, check=job.check,
            )  # fmt: skip

        return Step((key, spec.name), spec.label, run)

    def keep(key: Key, outcome: Any) -> None:
        trays[key[0]].depths[spec.name] = outcome
        if isinstance(outcome, LoadFailed):
            job.cancel()  # the next would meet the same

    job = Job([step(key) for key in trays], browser_is_there(), keep)
    bench.job = workers().submit(job, lane_of([spec], device))


def start_steadiness(bench: Bench, key: str, cut: Cut) -> None:
    """Queue a job that finds out how steady a cut's model is, on the device that made the cut; it
    lands in the bench."""
    tray, shared, name = bench.trays[key], pool(), cut.spec.name

    def run(job: Job) -> Steady:
        def step(done: int, total: int) -> None:
            job.detail, job.part = f"· {done + 1} of {total}", done / total

        found = steadiness_of(cut, shared, step=step, check=job.check)
        worst = heat(shrink(matte_image(found.worst), CARD_SIDE))
        return Steady(found.by_change, found.mean, jpeg(worst))

    def keep(_: Key, outcome: Any) -> None:
        tray.steady[name] = cut.own.key, outcome

    # Not a step of the model's own: its card stays as it is.
    step = Step((key, ""), f"How steady is {cut.spec.label}", run)
    job = Job([step], browser_is_there(), keep)
    bench.job = workers().submit(job, lane_of([cut.spec], cut.device))


def _told(job: Job, done: int, total: int) -> None:
    job.detail, job.part = f"· step {done} of {total}", done / total
