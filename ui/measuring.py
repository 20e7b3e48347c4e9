"""From “Measure” to a job: each chosen model on each photo that has a truth."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from evaluation.measuring import Outcome, Running, measure_one, measured_cut
from evaluation.report.pictures import Strip, strip
from evaluation.sets.held import Held
from evaluation.sets.reading import BadTruth, Loaded
from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError
from models.running.jobs import Job, Key, Step
from models.running.placing import lane_of
from photos.cut import Cut, Refiner
from ui.resources import browser_is_there, pool, workers
from ui.state import Asked, Bench

type Pairs = Sequence[tuple[Held, ModelSpec]]
"""Also with the rows of other tools whose mattes are there."""


def asked(
    pair: Held, spec: ModelSpec, device: str, refiner: Refiner, matte: Cut | None = None
) -> Asked:
    """matte: that of another tool, which depends on nothing but itself."""
    if matte:
        return Asked(pair.key, spec.name, matte.key)
    return Asked(pair.key, spec.name, device, None if spec.soft else refiner)


def mattes_of(held: Bench, pair: Held) -> dict[str, Cut]:
    """Those of other tools for a pair's photo, by their rows' names."""
    trays = (tray for tray in held.trays.values() if tray.photo is pair.photo)
    return next((tray.mattes for tray in trays), {})


def unmeasured(
    held: Bench, pairs: Sequence[Held], specs: Sequence[ModelSpec], device: str
) -> Pairs:
    """What is yet to be measured, photo by photo; what failed is tried again."""
    known, todo = held.truths.outcomes, []
    for pair in pairs:
        mattes = mattes_of(held, pair)
        for spec in (*specs, *(cut.spec for cut in mattes.values())):
            key = asked(pair, spec, device, held.refiner, mattes.get(spec.name))
            if (outcome := known.get(key)) is None or outcome.error:
                todo.append((pair, spec))
    return todo


def outcomes_of(
    held: Bench, pairs: Sequence[Held], specs: Sequence[ModelSpec], device: str
) -> dict[Asked, Outcome]:
    """What is known of these photos, models and other tools, by what was asked; the photos named
    and tagged as they are now."""
    found: dict[Asked, Outcome] = {}
    known, refiner = held.truths.outcomes, held.refiner
    for pair in pairs:
        keys = [Asked(pair.key), *(asked(pair, spec, device, refiner) for spec in specs)]
        mattes = mattes_of(held, pair).values()
        keys += [asked(pair, cut.spec, device, refiner, cut) for cut in mattes]
        found |= {key: replace(known[key], case=pair) for key in keys if key in known}
    return found


def start_measuring(held: Bench, todo: Pairs, device: str) -> None:
    """Queue a job; what is measured lands in the visit's truths as it comes."""
    truths, refiner, shared = held.truths, held.refiner, pool()
    truths.pace = truths.pace_on(device, refiner)
    missing: set[str] = set()
    theirs = {
        (pair.key, name): cut for pair, _ in todo for name, cut in mattes_of(held, pair).items()
    }

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
                cut = theirs.get((pair.key, spec.name))
                measured = measured_cut(cut, loaded) if cut else measure_one(loaded, spec, how)
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
            matte = theirs.get((pair.key, spec.name))
            own = asked(pair, spec, device, refiner, matte)
            known = own if outcome.spec else Asked(pair.key)
            truths.keep(known, outcome, worst)

    job = Job([step(pair, spec) for pair, spec in todo], browser_is_there(), keep)
    models = [spec for _, spec in todo if not spec.foreign]
    held.job = truths.job = workers().submit(job, lane_of(models, device))


def _key(pair: Held, spec: ModelSpec) -> Key:
    """Another one than that of a cut, for which a page may wait."""
    return f"truth/{pair.key}", spec.name
