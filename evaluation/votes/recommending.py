"""The model to use, by what people voted."""

import math
from collections.abc import Callable, Mapping, Sequence

from evaluation.choice import Candidate, Choice, Limits, choose
from evaluation.ratings import Rating
from evaluation.votes.ballots import ratings
from evaluation.votes.collection import Collection
from evaluation.votes.kinds import Cast
from evaluation.votes.turnout import photos_missing, turnout
from models.catalog import ModelSpec, find
from photos.counts import counted

_NORMAL = 1.96
"""Standard deviations from a mean to either end of its 95 % interval."""


type Rate = Callable[[Sequence[Cast], Sequence[str]], Mapping[str, Rating]]


def recommended(collection: Collection, limits: Limits, rate: Rate = ratings) -> Choice:
    """The choice among a collection's models. Seconds and memory are those of their cuts: the
    median, the most. A model that nobody voted on, or that the catalogue doesn't have any more, is
    left out. rate: `ratings`, or what remembers them."""
    votes, names = collection.votes(), list(collection.models())
    photos = len(collection.photos())
    if few := turnout(votes, len(names)).missing:
        lacking = photos_missing(photos)
        more = f"“{collection.name}” holds {counted(photos, 'photo')}: add at least {lacking}."
        return Choice(None, (few, *([more] if lacking else [])), undecided=True)
    rated, spent = rate(votes, names), collection.spent()
    candidates = []
    for name, rating in rated.items():
        if rating.votes and (spec := _found(name)):
            seconds, peaks = zip(*spent[name], strict=True)
            median = sorted(seconds)[len(seconds) // 2]
            candidates.append(Candidate(spec, rating.elo, rating.low, median, max(peaks)))

    def chance(one: ModelSpec, other: ModelSpec) -> float:
        return same(rated, one.name, other.name)

    shown = f"the {photos} photos" if photos > 1 else "the photo"
    what = f"{shown} of “{collection.name}”, by {len(votes)} votes"
    return choose(candidates, limits, chance, what)


def same(rated: Mapping[str, Rating], one: str, other: str) -> float:
    """The p, two-sided, of no difference between two ratings, as if they were normal with the width
    of their intervals; 1 if nothing is known of one.

    Ratings of n models have one mean, so that no two are independent: a difference deviates by
    √(n / (n − 1)) more than if they were. That is exact where each two met equally often.
    """
    widths = [rated[name].high - rated[name].low for name in (one, other)]
    if not all(map(math.isfinite, widths)):
        return 1.0
    shared = math.sqrt(len(rated) / (len(rated) - 1))
    deviation = math.hypot(*widths) / (2 * _NORMAL) * shared
    apart = abs(rated[one].elo - rated[other].elo)
    return math.erfc(apart / deviation / math.sqrt(2)) if deviation else float(apart == 0)


def _found(name: str) -> ModelSpec | None:
    try:
        return find(name)
    except KeyError:
        return None
