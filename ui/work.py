"""From “Run” to a job: each chosen model on each chosen photo, one after the other."""

import functools
import time
from collections.abc import Iterable, Sequence
from typing import Any

from models.catalog import ModelSpec
from models.devices import offered
from models.interface import ModelError
from photos.cutting import cut_out
from photos.export import Look, picture
from ui.jobs import Job, Step
from ui.resources import browser_is_there, pool, workers
from ui.state import Bench, Failure, heard


def start(
    bench: Bench, keys: Iterable[str], specs: Sequence[ModelSpec], device: str, look: Look
) -> None:
    """Queue a job for the photos called `keys`; outcomes land in the bench as they come."""
    steps = _steps(bench, keys, specs, device, look)
    prompts = {step.key: heard(bench.prompt(step.key[0]), spec) for step, spec in steps}

    def keep(key: tuple[str, ...], outcome: Any) -> None:
        photo, model = key
        if isinstance(outcome, ModelError):
            outcome = Failure(outcome, prompts[key])
        bench.outcomes[photo, model] = outcome

    job = Job([step for step, _ in steps], browser_is_there(), keep)
    bench.job = workers().submit(job, _lane(device))


def _steps(
    bench: Bench, keys: Iterable[str], specs: Sequence[ModelSpec], device: str, look: Look
) -> list[tuple[Step, ModelSpec]]:
    shared = pool()

    @functools.lru_cache(maxsize=1)
    def pixels(key: str) -> Any:
        return bench.photos[key].pixels()

    def step(key: str, spec: ModelSpec) -> Step:
        photo, prompt = bench.photos[key], heard(bench.prompt(key), spec)

        def run(job: Job) -> Any:
            image = pixels(key)
            cut = cut_out(
                shared, spec, photo, image, prompt, device, progress=job.report, check=job.check
            )
            job.check()
            begin = time.perf_counter()
            picture(cut, image, look)
            cut.seconds["composite"] = time.perf_counter() - begin
            return cut

        return Step((key, spec.name), spec.label, run)

    return [(step(key, spec), spec) for key in keys for spec in specs]


def _lane(device: str) -> str:
    """Jobs for “auto” wait in the lane of the device that it will turn out to be."""
    if device != "auto":
        return device
    return next(name for name in ("cuda", "mps", "cpu") if name in offered())
