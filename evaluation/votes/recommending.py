"""The model to use, by what people voted."""

from collections.abc import Callable, Mapping, Sequence

from evaluation.choice import Choice, Contrast, choose
from evaluation.limits import Candidate, Limits
from evaluation.ratings import Rating
from evaluation.votes.ballots import ratings
from evaluation.votes.collection import Collection
from evaluation.votes.kinds import Cast
from evaluation.votes.turnout import photos_missing, turnout
from models.catalog import ModelSpec, find
from photos.counts import counted

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

    def contrast(one: ModelSpec, other: ModelSpec) -> Contrast:
        apart = rated[one.name].beats(rated[other.name])
        return Contrast(apart, f"their 95 % intervals {'lie apart' if apart else 'overlap'}")

    shown = f"the {photos} photos" if photos > 1 else "the photo"
    what = f"{shown} of “{collection.name}”, by {len(votes)} votes"
    return choose(candidates, limits, contrast, what, "More votes may tell them apart.")


def _found(name: str) -> ModelSpec | None:
    try:
        return find(name)
    except KeyError:
        return None
