"""Which model to use: from what was measured or voted, under a person's limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.catalog import ModelSpec, PromptKind
from models.catalog.row import in_words

CHANCE = 0.05
"""p below which a difference is called real."""

WORTH = 1.5
"""How many times as quick a model must be to be named before one that looks a little better."""


@dataclass(frozen=True)
class Limits:
    """What a model must keep to. commercial: its weights may be used to earn money. seconds: at
    most this long for a photo. bytes_: at most this much memory. hears: what it must be told by."""

    commercial: bool = False
    seconds: float | None = None
    bytes_: int | None = None
    hears: frozenset[PromptKind] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """goodness: larger is better, on any scale; low: the lower end of its 95 % interval. seconds:
    what a photo takes; peak_bytes: what a run takes; None where it isn't known, which keeps to no
    limit."""

    spec: ModelSpec
    goodness: float
    low: float
    seconds: float | None
    peak_bytes: int | None


@dataclass(frozen=True)
class Choice:
    """spec: the model to use; None if none keeps to the limits. reasons: sentences, the choice
    itself first. undecided: too little was voted or measured to name any; then spec is None."""

    spec: ModelSpec | None
    reasons: tuple[str, ...]
    undecided: bool = False


type Chance = Callable[[ModelSpec, ModelSpec], float]
"""The p of no difference between two models' goodness; 1 where nothing is known."""


def choose(
    candidates: Sequence[Candidate], limits: Limits, chance: Chance, what: str, few: str = ""
) -> Choice:
    """The best that keeps to the limits; or the quickest of those that do as well as can be told,
    if that is much quicker.

    what: the photos it's chosen for, such as "your 40 photos". few: a sentence, if they are too few
    to tell models apart; then none is named.
    """
    if few:
        return Choice(None, (few,), undecided=True)
    ranked = sorted(candidates, key=lambda each: -each.goodness)
    within = [each for each in ranked if not breaches(each, limits)]
    if not within:
        none = f"For {what}: none of the models judged keeps to these limits."
        return Choice(None, (f"{none} Loosen one, or judge others.",))
    best = within[0]
    quicker = [each for each in within if _much_quicker(each, best) and _alike(each, best, chance)]
    chosen = min(quicker, key=_seconds, default=best)
    reasons = [f"For {what}: {chosen.spec.label}."]
    if chosen is not best:
        reasons.append(
            f"{best.spec.label} is not found to be better (p = "
            f"{chance(best.spec, chosen.spec):.2g}) and takes {_times(best, chosen)} as long."
        )
    reasons += [
        _passed_over(each, chosen, limits, chance)
        for each in ranked
        if each.goodness > chosen.goodness and breaches(each, limits)
    ]
    return Choice(chosen.spec, tuple(reasons))


def by_catalogue(
    specs: Sequence[ModelSpec], limits: Limits, spent: Mapping[str, tuple[float, int]]
) -> list[ModelSpec]:
    """Those that may keep to the limits by what is known for certain: their licence, what they can
    be told by, whether their weights alone, in half precision, fit; and of those in `spent`, by
    their names, (seconds, bytes of memory) that a photo took. Those that have run come first, then
    the smallest download. How good they are isn't known."""

    def known(spec: ModelSpec) -> Candidate:
        seconds, peak_bytes = spent.get(spec.name, (0.0, 0))
        return Candidate(spec, 0.0, 0.0, seconds, max(peak_bytes, 2 * spec.parameters))

    fitting = [spec for spec in specs if not breaches(known(spec), limits)]
    return sorted(fitting, key=lambda spec: (spec.name not in spent, spec.download_bytes))


def breaches(candidate: Candidate, limits: Limits) -> list[str]:
    """Why it doesn't keep to the limits, in words that follow "is" or stand alone."""
    spec, told = candidate.spec, []
    if limits.commercial and spec.conditions:
        told.append(f"not for commercial use without conditions ({spec.licences})")
    if limits.seconds is not None:
        if candidate.seconds is None:
            told.append("of unknown speed")
        elif candidate.seconds > limits.seconds:
            told.append(f"too slow ({candidate.seconds:.2g} s)")
    if limits.bytes_ is not None:
        if candidate.peak_bytes is None:
            told.append("of unknown size in memory")
        elif candidate.peak_bytes > limits.bytes_:
            told.append(f"too large ({candidate.peak_bytes / 1e9:.1f} GB)")
    if missing := limits.hears - spec.prompts:
        told.append(f"unable to take {in_words(missing)}")
    return told


def _alike(each: Candidate, best: Candidate, chance: Chance) -> bool:
    """Not finding a difference isn't enough: it must also do as well as the best may do."""
    return each.goodness >= best.low and chance(best.spec, each.spec) >= CHANCE


def _passed_over(better: Candidate, chosen: Candidate, limits: Limits, chance: Chance) -> str:
    p = chance(better.spec, chosen.spec)
    found = "better" if p < CHANCE else "not found to be better"
    return (
        f"{better.spec.label} is {found} (p = {p:.2g}) and {', '.join(breaches(better, limits))}."
    )


def _seconds(candidate: Candidate) -> float:
    return float("inf") if candidate.seconds is None else candidate.seconds


def _much_quicker(one: Candidate, other: Candidate) -> bool:
    known = one.seconds is not None and other.seconds is not None
    return known and _seconds(one) * WORTH <= _seconds(other)


def _times(slow: Candidate, quick: Candidate) -> str:
    return f"{_seconds(slow) / max(_seconds(quick), 1e-9):.2g} times"
