"""What the votes on a collection say, in rows and in sentences, for the page and the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.choice import level_with_first, no_difference
from evaluation.ratings import Rating, side_bias, wins
from evaluation.votes.ballots import as_vote, ratings, steadiness
from evaluation.votes.kinds import Cast
from evaluation.votes.turnout import Turnout, turnout

type Grouping = Literal["tag", "voter"]

NAMELESS = "without a name"
UNTAGGED = "untagged"
_SURE = 0.05


@dataclass(frozen=True)
class Standing:
    """A model's place. rating: its numbers; its ranks are those that the intervals leave."""

    model: str
    label: str
    rating: Rating

    @property
    def rank(self) -> str:
        """Such as "1", or "1–3" where it may be any of these."""
        best, worst = self.rating.best, self.rating.worst
        return f"{best}" if best == worst else f"{best}–{worst}"

    @property
    def interval(self) -> str:
        """Such as "1450 – 1561"; empty if nothing is known."""
        low, high = self.rating.low, self.rating.high
        return f"{low:.0f} – {high:.0f}" if np.isfinite([low, high]).all() else ""


@dataclass(frozen=True, eq=False)
class Standings:
    """Of all models of a collection, by the votes of whomever.

    places: the best first; empty while the turnout isn't enough. labels: of the models in `won`,
    `float64 (models, models)`: how often row beat column, ties as half. sentences: how far the
    votes can be trusted.
    even: of the places, those from which the first isn't told apart.
    """

    turnout: Turnout
    places: tuple[Standing, ...]
    labels: tuple[str, ...]
    won: NDArray[np.float64]
    sentences: tuple[str, ...]
    even: tuple[Standing, ...]


def standings(votes: Sequence[Cast], labels: Mapping[str, str], rounds: int = 1000) -> Standings:
    """labels: of all models of the collection, by their names. rounds: of the bootstrap."""
    number = {model: each for each, model in enumerate(labels)}
    counted = [cast for cast in votes if {cast.left, cast.right} <= set(number)]
    outcomes = [as_vote(cast, number) for cast in counted]
    places: list[Standing] = []
    count = turnout(counted, len(labels))
    if count.enough:
        rated = ratings(counted, list(labels), rounds)
        places = [Standing(model, labels[model], rating) for model, rating in rated.items()]
        places.sort(key=lambda place: -place.rating.elo)
    met = [place for place in places if place.rating.votes]
    even = level_with_first(met, lambda one, other: one.rating.beats(other.rating))
    same = [place.label for place in (*met[:1], *even)]
    undecided = no_difference(same, f"by {count.votes} votes") if even else ""
    return Standings(
        count,
        tuple(places),
        tuple(labels.values()),
        wins(outcomes, len(labels)),
        tuple(filter(None, (undecided, _sides(counted, labels), _steady(counted)))),
        tuple(even),
    )


def groups(votes: Sequence[Cast], by: Grouping) -> dict[str, list[Cast]]:
    """The votes of each tag, or of each voter; a photo with two tags counts for both."""
    found: dict[str, list[Cast]] = {}
    for cast in votes:
        keys = (cast.tags or (UNTAGGED,)) if by == "tag" else (cast.voter or NAMELESS,)
        for key in keys:
            found.setdefault(key, []).append(cast)
    return dict(sorted(found.items()))


def _sides(votes: Sequence[Cast], labels: Mapping[str, str]) -> str:
    number = {model: each for each, model in enumerate(labels)}
    share, chance = side_bias([as_vote(cast, number) for cast in votes])
    decided = sum(cast.verdict in ("left", "right") for cast in votes)
    if not decided:
        return ""
    told = f"The left picture won {share:.0%} of {decided} decided votes"
    if chance >= _SURE:
        return f"{told}: no sign that a side was preferred (p = {chance:.2g})."
    side = "left" if share > 0.5 else "right"
    return (
        f"{told}: the {side} side was preferred, whatever stood there (p = {chance:.2g}). Sides "
        "are drawn by chance and balanced, so it favours no model; it blurs the differences."
    )


def _steady(votes: Sequence[Cast]) -> str:
    same, again = steadiness(votes)
    if not again:
        return ""
    times = "once" if again == 1 else f"{again} times"
    return (
        f"Two pictures were shown to the same voter again, sides changed, {times}: the answer was "
        f"the same {same} of {again} times."
    )
