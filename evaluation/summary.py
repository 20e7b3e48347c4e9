"""What measurements say of models: tables, differences that are real, who is worth a look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evaluation.choice import CHANCE
from evaluation.measuring import Outcome
from evaluation.metrics import Metric
from evaluation.paired import LEAST, Difference, differ, holm, interval
from evaluation.records import Measured
from models.catalog import ModelSpec


@dataclass(frozen=True)
class Line:
    """One model by one metric. mean, median, low, high: over `count` photos, with the mean's 95 %
    interval; the mean of max F is the maximum of the mean curve. seconds: the median that a photo
    took once the model was loaded; peak_bytes: the most memory that a run took; both None of
    another tool's mattes, which were there already. empty: how often it
    found no subject. box: whether it was told the truth's box."""

    spec: ModelSpec
    count: int
    mean: float
    median: float
    low: float
    high: float
    seconds: float | None
    peak_bytes: int | None
    empty: int
    box: bool


@dataclass(frozen=True)
class Comparison:
    """The better of two models first, on the photos that both were measured on. difference: of
    their scores, positive where the first is better. p: two-sided, corrected for all pairs."""

    better: ModelSpec
    other: ModelSpec
    difference: Difference
    p: float

    @property
    def real(self) -> bool:
        return self.p < CHANCE

    @property
    def sentence(self) -> str:
        """In words, with the photos counted."""
        count = self.difference.more + self.difference.fewer + self.difference.equal
        told = f"on {self.difference.more} of {count} photos, p = {self.p:.2g}"
        if self.real:
            return f"{self.better.label} beats {self.other.label} {told}."
        few = f"; fewer than {LEAST} photos can't tell" if count < LEAST else ""
        return f"No difference found: {self.better.label} ahead of {self.other.label} {told}{few}."


type Scored = dict[str, dict[str, Measured]]
"""By models' names, then by cases' names."""


def by_model(outcomes: Iterable[Outcome]) -> tuple[list[ModelSpec], Scored]:
    """The models that were measured, in the order of their first outcome, and what was."""
    specs: dict[str, ModelSpec] = {}
    scored: Scored = {}
    for outcome in outcomes:
        if outcome.spec and outcome.measured:
            specs[outcome.spec.name] = outcome.spec
            scored.setdefault(outcome.spec.name, {})[outcome.case.name] = outcome.measured
    return list(specs.values()), scored


def table(outcomes: Sequence[Outcome], metric: Metric) -> list[Line]:
    """A line for each model that was measured, the best first."""
    specs, scored = by_model(outcomes)
    lines = [_line(spec, list(scored[spec.name].values()), metric) for spec in specs]
    return sorted(lines, key=lambda line: -_goodness(line.mean, metric))


def comparisons(outcomes: Sequence[Outcome], metric: Metric) -> list[Comparison]:
    """Every two models, the better one first, those furthest apart first."""
    specs, scored = by_model(outcomes)
    found = []
    for one, other in combinations(specs, 2):
        shared = [name for name in scored[one.name] if name in scored[other.name]]
        if not shared:
            continue
        pair = [
            [_goodness(scored[spec.name][name].values[metric.name], metric) for name in shared]
            for spec in (one, other)
        ]
        difference = differ(*pair)
        if difference.mean < 0:
            one, other, difference = other, one, differ(*reversed(pair))
        found.append(Comparison(one, other, difference, difference.p))
    corrected = holm([each.p for each in found])
    told = [
        Comparison(each.better, each.other, each.difference, p)
        for each, p in zip(found, corrected, strict=True)
    ]
    return sorted(told, key=lambda each: -each.difference.mean)


def worst(
    outcomes: Sequence[Outcome], spec: ModelSpec, metric: Metric, count: int
) -> list[Outcome]:
    """The photos on which a model did worst, from the worst on."""
    mine = [
        each for each in outcomes if each.measured and each.spec and each.spec.name == spec.name
    ]

    def goodness(outcome: Outcome) -> float:
        assert outcome.measured is not None
        return _goodness(outcome.measured.values[metric.name], metric)

    return sorted(mine, key=goodness)[:count]


def pareto(lines: Sequence[Line], metric: Metric) -> list[Line]:
    """The lines of which no other is at least as good, as quick and as small, and better in one;
    of those whose seconds and memory are known."""
    lines = [line for line in lines if line.seconds is not None]

    def costs(line: Line) -> tuple[float, float, int]:
        return -_goodness(line.mean, metric), line.seconds or 0.0, line.peak_bytes or 0

    def beaten(line: Line) -> bool:
        mine = costs(line)
        return any(
            theirs != mine and all(a <= b for a, b in zip(theirs, mine, strict=True))
            for theirs in map(costs, lines)
        )

    return [line for line in lines if not beaten(line)]


def tags_of(outcomes: Iterable[Outcome]) -> list[str]:
    """All tags of photos that were measured, by how often they're given, then by name."""
    counts: dict[str, set[str]] = {}
    for outcome in outcomes:
        for tag in outcome.case.tags if outcome.measured else ():
            counts.setdefault(tag, set()).add(outcome.case.name)
    return sorted(counts, key=lambda tag: (-len(counts[tag]), tag))


def mean(measured: Sequence[Measured], metric: Metric) -> float:
    """Over photos, at least one; of max F the maximum of the mean curve."""
    if metric.name == "f_max":
        return float(np.mean([each.curve for each in measured], axis=0).max())
    return float(np.mean([each.values[metric.name] for each in measured]))


def _line(spec: ModelSpec, measured: Sequence[Measured], metric: Metric) -> Line:
    scores = np.array([each.values[metric.name] for each in measured])
    low, high = interval(scores.tolist())
    return Line(
        spec,
        len(measured),
        mean(measured, metric),
        float(np.median(scores)),
        low,
        high,
        None if spec.foreign else float(np.median([each.inference for each in measured])),
        None if spec.foreign else max(each.peak_bytes for each in measured),
        sum(each.empty for each in measured),
        any(each.box for each in measured),
    )


def _goodness(value: float, metric: Metric) -> float:
    return value if metric.better == "higher" else -value
