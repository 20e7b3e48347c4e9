"""The model to use, by what people voted."""

import math
from collections.abc import Mapping

from evaluation.choice import Candidate, Choice, Limits, choose
from evaluation.ratings import FEW, Rating, enough
from evaluation.votes.ballots import ratings
from evaluation.votes.collection import Collection
from models.catalog import ModelSpec, find

_NORMAL = 1.96
"""Standard deviations from a mean to either end of its 95 % interval."""


def recommended(collection: Collection, limits: Limits) -> Choice:
    """The choice among a collection's models. Seconds and memory are those of their cuts: the
    median, the most. A model that the catalogue doesn't have any more is left out."""
    votes, names = collection.votes(), list(collection.models())
    if not enough(len(votes), len(names)):
        needed = FEW * len(names) * (len(names) - 1) // 2
        return Choice(
            None,
            (
                f"Not enough votes on “{collection.name}”: {len(votes)} of {needed}, {FEW} for "
                "every two models. Vote on more.",
            ),
        )
    rated = ratings(votes, names)
    photos = collection.photos()
    specs = {spec.name: spec for name in names if (spec := _found(name))}
    made = [entry for photo in photos for entry in collection.entries(photo).values()]
    candidates = []
    for name, spec in specs.items():
        mine = [entry for entry in made if entry.model == name]
        spent = sorted(entry.seconds for entry in mine)
        rating = rated[name]
        candidates.append(
            Candidate(
                spec,
                rating.elo,
                rating.low,
                spent[len(spent) // 2],
                max(entry.peak_bytes for entry in mine),
            )
        )

    def chance(one: ModelSpec, other: ModelSpec) -> float:
        return same(rated, one.name, other.name)

    shown = f"the {len(photos)} photos" if len(photos) > 1 else "the photo"
    what = f"{shown} of “{collection.name}”, by {len(votes)} votes"
    return choose(candidates, limits, chance, what)


def same(rated: Mapping[str, Rating], one: str, other: str) -> float:
    """The p, two-sided, of no difference between two ratings, as if they were normal and
    independent with the width of their intervals; 1 if nothing is known of one."""
    widths = [rated[name].high - rated[name].low for name in (one, other)]
    if not all(map(math.isfinite, widths)):
        return 1.0
    deviation = math.hypot(*widths) / (2 * _NORMAL)
    apart = abs(rated[one].elo - rated[other].elo)
    return math.erfc(apart / deviation / math.sqrt(2)) if deviation else float(apart == 0)


def _found(name: str) -> ModelSpec | None:
    try:
        return find(name)
    except KeyError:
        return None
