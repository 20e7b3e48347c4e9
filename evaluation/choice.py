"""Which model to use: from what was measured or voted, under a person's limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evaluation.limits import Candidate, Limits, breaches, size
from models.catalog import ModelSpec
from photos.counts import listed

CHANCE = 0.05
"""p below which a difference is called real."""

WORTH = 1.5
"""How many times as quick a model must be to be named before one that looks a little better."""

_NAMED = 4
"""Models named in one sentence; of more, the others are counted."""


@dataclass(frozen=True)
class Choice:
    """spec: the model to use; None if none keeps to the limits. reasons: sentences, the choice
    itself first. undecided: too little was voted or measured to name any; then spec is None. even:
    the others that may as well be the best: no difference was found."""

    spec: ModelSpec | None
    reasons: tuple[str, ...]
    undecided: bool = False
    even: tuple[ModelSpec, ...] = ()


class Contrast(NamedTuple):
    """Of two models. apart: whether the better one is told apart from the other. told: by what,
    such as "p = 0.24"."""

    apart: bool
    told: str


type Contrasts = Callable[[ModelSpec, ModelSpec], Contrast]
"""Of two models, the one that looks better first."""


def choose(
    candidates: Sequence[Candidate],
    limits: Limits,
    contrast: Contrasts,
    what: str,
    more: str,
    few: str = "",
) -> Choice:
    """The best that keeps to the limits; or the quickest of those that do as well as can be told,
    if that is much quicker.

    what: the photos it's chosen for, such as "your 40 photos". more: a sentence, what would decide
    where no difference was found. few: a sentence, if they are too few to tell models apart; then
    none is named.
    """
    if few:
        return Choice(None, (few,), undecided=True)
    ranked = sorted(candidates, key=lambda each: -each.goodness)
    within = [each for each in ranked if not breaches(each, limits)]
    if not within:
        none = f"For {what}: none of the models judged keeps to these limits."
        return Choice(None, (f"{none} Loosen one, or judge others.",))
    best = within[0]
    level = level_with_first(within, lambda one, other: contrast(one.spec, other.spec).apart)
    # Not finding a difference isn't enough: it must also do as well as the best may do.
    quicker = [each for each in level if _much_quicker(each, best) and each.goodness >= best.low]
    chosen = min(quicker, key=_seconds, default=best)
    reasons = [f"For {what}: {chosen.spec.label}."]
    if level:
        reasons = [no_difference([each.spec.label for each in (best, *level)], f"on {what}")]
    if chosen is not best:
        reasons.append(
            f"{best.spec.label} is not found to be better ({contrast(best.spec, chosen.spec).told})"
            f" and takes {_times(best, chosen)} as long."
        )
    reasons += [
        _passed_over(each, chosen, limits, contrast)
        for each in ranked
        if each.goodness > chosen.goodness and breaches(each, limits)
    ]
    if level:
        reasons += [*_certain([best, *level]), more]
    even = tuple(each.spec for each in (best, *level) if each is not chosen)
    return Choice(chosen.spec, tuple(reasons), even=even)


def level_with_first[Each](
    ranked: Sequence[Each], apart: Callable[[Each, Each], bool]
) -> list[Each]:
    """Those that the first isn't told apart from, in their order, without the first itself. With
    any, nobody is named the best: not here, not by votes alone."""
    return [each for each in ranked[1:] if not apart(ranked[0], each)]


def no_difference(labels: Sequence[str], where: str) -> str:
    """The sentence that stands in the best one's place. labels: of two models or more. where: such
    as "on your 8 photos"."""
    may = "either may do" if len(labels) == 2 else "any of them may do"
    return f"No difference found between {_listed(labels)} {where}: {may}."


def by_catalogue(
    specs: Sequence[ModelSpec], limits: Limits, spent: Mapping[str, tuple[float, int]]
) -> list[ModelSpec]:
    """Those that may keep to the limits by what is known for certain: their licence, what they can
    be told by, how large their download is, whether their weights alone, in half precision, fit;
    and of those in `spent`, by their names, (seconds, bytes of memory) that a photo took. What
    isn't known doesn't rule one out. Those that have run come first, then the smallest download;
    one of unknown size comes last. How good they are isn't known."""

    def known(spec: ModelSpec) -> Candidate:
        seconds, peak_bytes = spent.get(spec.name, (0.0, 0))
        return Candidate(spec, 0.0, 0.0, seconds, max(peak_bytes, 2 * spec.parameters))

    def asked(spec: ModelSpec) -> Limits:
        return replace(limits, download=None) if spec.fetched is None else limits

    def order(spec: ModelSpec) -> tuple[bool, float]:
        return spec.name not in spent, float("inf") if spec.fetched is None else spec.fetched

    return sorted((spec for spec in specs if not breaches(known(spec), asked(spec))), key=order)


def _certain(level: Sequence[Candidate]) -> list[str]:
    """What tells them apart without any statistics: a sentence for each fact in which they differ,
    the least first."""
    facts: dict[str, Callable[[Candidate], tuple[float, str]]] = {
        "A photo takes": lambda each: (
            _seconds(each),
            "" if each.seconds is None else f"{each.seconds:.2g} s",
        ),
        "Memory": lambda each: (
            each.peak_bytes or 0,
            f"{each.peak_bytes / 1e9:.2g} GB" if each.peak_bytes else "",
        ),
        "Download": lambda each: (each.spec.download_bytes, size(each.spec)),
        "Licence": lambda each: (0, each.spec.terms),
    }
    sentences = []
    for fact, tell in facts.items():
        told = {each.spec.label: tell(each) for each in level}
        known = {label: each for label, each in told.items() if each[1]}
        if len({value for _, value in known.values()}) > 1:
            ordered = sorted(known.items(), key=lambda item: item[1][0])
            words = [f"{label} ({value})" for label, (_, value) in ordered]
            sentences.append(f"{fact}: {_listed(words)}.")
    return sentences


def _passed_over(better: Candidate, chosen: Candidate, limits: Limits, contrast: Contrasts) -> str:
    apart, told = contrast(better.spec, chosen.spec)
    found = "better" if apart else "not found to be better"
    return f"{better.spec.label} is {found} ({told}) and {', '.join(breaches(better, limits))}."


def _listed(names: Sequence[str]) -> str:
    """Such as "A, B and C", or "A, B, C and 5 others"."""
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} others"]
    return listed(names)


def _seconds(candidate: Candidate) -> float:
    return float("inf") if candidate.seconds is None else candidate.seconds


def _much_quicker(one: Candidate, other: Candidate) -> bool:
    known = one.seconds is not None and other.seconds is not None
    return known and _seconds(one) * WORTH <= _seconds(other)


def _times(slow: Candidate, quick: Candidate) -> str:
    return f"{_seconds(slow) / max(_seconds(quick), 1e-9):.2g} times"
