"""What votes say, and what to ask next."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from evaluation.ratings import PRIOR, Rating, Vote, gains, rate, wins
from evaluation.votes.kinds import Ballot, Cast, Shown, Verdict

OUTCOMES: dict[Verdict, float] = {"left": 1.0, "right": 0.0, "both good": 0.5, "both bad": 0.5}

REPEATED = 0.06
"""The part of ballots that shows an earlier one again with its sides changed, to see whether a
voter is steady."""


def ratings(votes: Sequence[Cast], models: Sequence[str], rounds: int = 1000) -> dict[str, Rating]:
    """Of each model, by its name. Votes on one photo are drawn together for the intervals, as they
    aren't independent."""
    number = {model: each for each, model in enumerate(models)}
    counted = [cast for cast in votes if cast.left in number and cast.right in number]
    rated = rate(
        [as_vote(cast, number) for cast in counted],
        len(models),
        groups=[cast.photo for cast in counted],
        rounds=rounds,
    )
    return dict(zip(models, rated, strict=True))


def steadiness(votes: Sequence[Cast]) -> tuple[int, int]:
    """(how often a voter who saw a ballot again with its sides changed said the same, how often one
    saw it again)."""
    earlier: dict[tuple[str, str, str, str], Cast] = {}
    same = again = 0
    for cast in votes:
        turned = earlier.get((cast.person, cast.photo, cast.right, cast.left))
        if turned:
            again += 1
            same += OUTCOMES[turned.verdict] == 1 - OUTCOMES[cast.verdict]
        earlier[cast.person, cast.photo, cast.left, cast.right] = cast
    return same, again


def as_vote(cast: Cast, number: dict[str, int]) -> Vote:
    """The vote by the models' numbers."""
    return Vote(number[cast.left], number[cast.right], OUTCOMES[cast.verdict])


def next_ballot(
    photos: Sequence[tuple[Shown, Sequence[str]]],
    votes: Sequence[Cast],
    person: str,
    chance: np.random.Generator,
    ahead: Sequence[Ballot] = (),
) -> Ballot | None:
    """What to put to a voter next; None if no photo has two models' mattes.

    photos: with the models of which there is a matte. person: the voter, as `Cast.person` tells
    them apart. ahead: what they will be asked before this. Pairs of models are drawn in proportion
    to what one more vote on them would tell, photos by chance among those that the voter has seen
    least with that pair. Sides are drawn so that each model of a pair stands left as often; a few
    ballots are an earlier one of the voter with its sides changed.
    """
    models = sorted({model for _, names in photos for model in names})
    number = {model: each for each, model in enumerate(models)}
    by_pair = _pairs(photos)
    if not by_pair:
        return None
    mine = [cast for cast in votes if cast.person == person]
    if mine and chance.random() < REPEATED:
        again = _again(mine, photos, chance)
        if again:
            return again
    counted = [as_vote(cast, number) for cast in votes if {cast.left, cast.right} <= set(number)]
    told = gains(wins(counted, len(models), PRIOR))
    pairs = list(by_pair)
    weights = np.array([told[number[one], number[other]] for one, other in pairs])
    pair = pairs[int(chance.choice(len(pairs), p=weights / weights.sum()))]
    shown = [(cast.photo, cast.left, cast.right) for cast in mine]
    shown += [(ballot.photo.key, ballot.left, ballot.right) for ballot in ahead]
    seen = Counter(key for key, *both in shown if set(both) == set(pair))
    fewest = min(seen[photo.key] for photo in by_pair[pair])
    least = [photo for photo in by_pair[pair] if seen[photo.key] == fewest]
    photo = least[int(chance.integers(len(least)))]
    return Ballot(photo, *_sided(pair, votes, ahead, chance))


def _pairs(
    photos: Sequence[tuple[Shown, Sequence[str]]],
) -> dict[tuple[str, str], list[Shown]]:
    """The photos of which both models of a pair have a matte."""
    by_pair: dict[tuple[str, str], list[Shown]] = defaultdict(list)
    for photo, names in photos:
        for pair in combinations(sorted(names), 2):
            by_pair[pair].append(photo)
    return by_pair


def _sided(
    pair: tuple[str, str],
    votes: Sequence[Cast],
    ahead: Sequence[Ballot],
    chance: np.random.Generator,
) -> tuple[str, str]:
    """(left, right): whichever stood left less often so far stands there."""
    one, other = pair
    sides = [(each.left, each.right) for each in votes]
    sides += [(each.left, each.right) for each in ahead]
    lefts = Counter(left for left, right in sides if {left, right} == set(pair))
    leaning = lefts[one] - lefts[other]
    first = chance.random() < 0.5 if leaning == 0 else leaning < 0
    return (one, other) if first else (other, one)


def _again(
    mine: Sequence[Cast], photos: Sequence[tuple[Shown, Sequence[str]]], chance: np.random.Generator
) -> Ballot | None:
    cast = mine[int(chance.integers(len(mine)))]
    for photo, names in photos:
        if photo.key == cast.photo and {cast.left, cast.right} <= set(names):
            return Ballot(photo, cast.right, cast.left)
    return None
