"""What a report says, before it is written in any form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.choice import Choice, Contrast, choose
from evaluation.limits import Candidate, Limits
from evaluation.measuring import Outcome
from evaluation.metrics import METRICS, Metric
from evaluation.paired import LEAST
from evaluation.report.chart import Dot, chart
from evaluation.report.environment import environment
from evaluation.report.pictures import Strip, strip_of
from evaluation.summary import (
    Comparison,
    Line,
    by_model,
    comparisons,
    mean,
    pareto,
    table,
    tags_of,
    worst,
)
from models.catalog import ModelSpec
from photos.counts import counted

type Pictures = Callable[[Outcome, float], Strip | None]
"""An outcome's worst place, with its score."""

WORST = 3
"""Photos shown of each model."""


@dataclass(frozen=True)
class Report:
    """metric: what models are ranked by. lines: of `summary.table`, the best first; by_tag: the
    same for the photos of each tag; others: a mean of every metric, by its name, for each model.
    front: the names of the models that no other beats in all. worst: of each model, by its name.
    radii: of the edge bands, in pixels. command: what makes it again."""

    metric: Metric
    count: int
    choice: Choice
    lines: tuple[Line, ...]
    comparisons: tuple[Comparison, ...]
    by_tag: dict[str, tuple[Line, ...]]
    others: dict[str, dict[str, float]]
    front: frozenset[str]
    worst: dict[str, tuple[Strip, ...]]
    failures: tuple[str, ...]
    radii: tuple[int, ...]
    revisions: dict[str, str]
    environment: dict[str, str]
    command: str

    @property
    def chart(self) -> str:
        """An SVG element."""
        dots = [
            Dot(
                line.spec.label,
                line.mean,
                line.seconds,
                line.peak_bytes,
                line.spec.name in self.front,
            )
            for line in self.lines
            if line.seconds is not None and line.peak_bytes is not None
        ]
        return chart(dots, f"Mean {self.metric.label}", lower=self.metric.better == "lower")


def build(
    outcomes: Sequence[Outcome],
    metric: Metric,
    limits: Limits,
    command: str,
    revision_of: Callable[[ModelSpec], str],
    pictures: Pictures = strip_of,
) -> Report:
    """outcomes: of `evaluation.measuring.measure`. revision_of: which weights a model ran with.
    pictures: where those of the worst places come from; by default the files are read again."""
    specs, scored = by_model(outcomes)
    lines, compared = table(outcomes, metric), comparisons(outcomes, metric)
    names = {outcome.case.name for outcome in outcomes if outcome.measured}
    told = [measured for each in scored.values() for measured in each.values()]
    return Report(
        metric=metric,
        count=len(names),
        choice=chosen(lines, compared, metric, limits),
        lines=tuple(lines),
        comparisons=tuple(compared),
        by_tag={
            tag: tuple(table([each for each in outcomes if tag in each.case.tags], metric))
            for tag in tags_of(outcomes)
        },
        others={
            spec.name: {each.name: mean(list(scored[spec.name].values()), each) for each in METRICS}
            for spec in specs
        },
        front=frozenset(line.spec.name for line in pareto(lines, metric)),
        worst={spec.name: _strips(outcomes, spec, metric, pictures) for spec in specs},
        failures=tuple(_failure(outcome) for outcome in outcomes if outcome.error),
        radii=tuple(sorted({each.radius for each in told if each.radius is not None})),
        revisions={spec.name: revision_of(spec) for spec in specs},
        environment=environment(),
        command=command,
    )


def chosen(
    lines: Sequence[Line], compared: Sequence[Comparison], metric: Metric, limits: Limits
) -> Choice:
    """The model to use for these photos."""
    found = {frozenset((each.better.name, each.other.name)): each for each in compared}

    def contrast(one: ModelSpec, other: ModelSpec) -> Contrast:
        each = found.get(frozenset((one.name, other.name)))
        return Contrast(each.real, f"p = {each.p:.2g}") if each else Contrast(False, "no p")

    count = max((line.count for line in lines), default=0)
    some = f"{counted(count, 'photo')} with a truth"
    few = f"{some} can't tell models apart: it takes at least {LEAST}." * (count < LEAST)
    return choose(
        [_candidate(line, metric) for line in lines],
        limits,
        contrast,
        f"your {count} photos" if count > 1 else "your photo",
        "More photos with truths may tell them apart.",
        few,
    )


def _candidate(line: Line, metric: Metric) -> Candidate:
    good, low = (line.mean, line.low) if metric.better == "higher" else (-line.mean, -line.high)
    return Candidate(line.spec, good, low, line.seconds, line.peak_bytes)


def _strips(
    outcomes: Sequence[Outcome], spec: ModelSpec, metric: Metric, pictures: Pictures
) -> tuple[Strip, ...]:
    found = []
    for outcome in worst(outcomes, spec, metric, WORST):
        assert outcome.measured is not None
        made = pictures(outcome, outcome.measured.values[metric.name])
        if made:
            found.append(made)
    return tuple(found)


def _failure(outcome: Outcome) -> str:
    who = f" by {outcome.spec.label}" if outcome.spec else ""
    return f"{outcome.case.name}{who}: {outcome.error}"
