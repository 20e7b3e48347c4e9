"""From “Measure” to a job: each chosen model on each photo that has a truth."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from evaluation.measuring import Outcome, Running, measure_one
from evaluation.report.pictures import Strip, strip
from evaluation.sets.held import Held
from evaluation.sets.reading import BadTruth, Loaded
from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError
from models.running.jobs import Job, Key, Step
from models.running.placing import lane_of
from photos.cut import Refiner
from ui.resources import browser_is_there, pool, workers
from ui.state import Asked, Bench, Truths

type Pairs = Sequence[tuple[Held, ModelSpec]]


def asked(pair: Held, spec: ModelSpec, device: str, refiner: Refiner) -> Asked:
    return Asked(pair.key, spec.name, device, None if spec.soft else refiner)


def unmeasured(
    held: Bench, pairs: Sequence[Held], specs: Sequence[ModelSpec], device: str
) -> Pairs:
    """What is yet to be measured, photo by photo; what failed is tried again."""
    known = held.truths.outcomes
    return [
        (pair, spec)
        for pair in pairs
        for spec in specs
        if (outcome := known.get(asked(pair, spec, device, held.refiner))) is None or outcome.error
    ]


def outcomes_of(
    truths: Truths, pairs: Sequence[Held], specs: Sequence[ModelSpec], device: str, refiner: Refiner
) -> dict[Asked, Outcome]:
    """What is known of these photos and models, by what was asked; the photos named and tagged as
    they are now."""
    found: dict[Asked, Outcome] = {}
    for pair in pairs:
        keys = [Asked(pair.key), *(asked(pair, spec, device, refiner) for spec in specs)]
        found |= {
            key: replace(truths.outcomes[key], case=pair) for key in keys if key in truths.outcomes
        }
    return found


def start_measuring(held: Bench, todo: Pairs, device: str) -> None:
    """Queue a job; what is measured lands in the visit's truths as it comes."""
    truths, refiner, shared = held.truths, held.refiner, pool()
    missing: set[str] = set()

    @functools.lru_cache(maxsize=1)
    def load(pair: Held) -> Loaded:
        return pair.load()

    def step(pair: Held, spec: ModelSpec) -> Step:
        def run(job: Job) -> tuple[Outcome, Strip | None] | None:
            if spec.name in missing:
                return None
            how = Running(device, refiner, "needed", shared, job.report, job.check)
            try:
                loaded = load(pair)
                measured = measure_one(loaded, spec, how)
            except BadTruth as error:
                return Outcome(pair, None, error=str(error)), None
            except LoadFailed:
                missing.add(spec.name)  # the next photo would meet the same
                raise
            return Outcome(pair, spec, measured), strip(pair.name, loaded, measured)

        return Step(_key(pair, spec), f"{pair.name} · {spec.label}", run)

    by_key = {_key(pair, spec): (pair, spec) for pair, spec in todo}

    def keep(key: Key, made: Any) -> None:
        pair, spec = by_key[key]
        if isinstance(made, ModelError):
            made = Outcome(pair, spec, error=str(made)), None
        if made:
            outcome, worst = made
            known = asked(pair, spec, device, refiner) if outcome.spec else Asked(pair.key)
            truths.keep(known, outcome, worst)

    job = Job([step(pair, spec) for pair, spec in todo], browser_is_there(), keep)
    held.job = truths.job = workers().submit(job, lane_of((spec for _, spec in todo), device))


def _key(pair: Held, spec: ModelSpec) -> Key:
    """Another one than that of a cut, for which a page may wait."""
    return f"truth/{pair.key}", spec.name
