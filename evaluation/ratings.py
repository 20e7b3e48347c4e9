"""Ratings from votes: which of two is better, said often enough, ranks them all.

Bradley and Terry's model (Biometrika 1952): i beats j with probability pᵢ / (pᵢ + pⱼ). A tie is
half a win for each. Ratings are told on the Elo scale: 400 points apart is ten to one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluation.paired import LEAST

type Matrix = NDArray[np.float64]

MIDDLE, SCALE = 1500, 400 / log(10)
"""Elo: the mean of all, and points a unit of log-strength."""

PRIOR = 0.5
"""Weight of the tie that is pretended between every two where the votes alone don't suffice."""

_STEPS, _EXACT = 200, 1e-7
"""Of Newton's method: the most, and the last one's size, after which the error is its square."""


class Vote(NamedTuple):
    """left, right: numbers of the two. outcome: 1, left was better; 0, right was; 0.5, no
    difference."""

    left: int
    right: int
    outcome: float


@dataclass(frozen=True)
class Rating:
    """elo, low, high: the rating and its 95 % interval. best, worst: the ranks that the intervals
    leave possible, from 1. votes: in how many it took part."""

    elo: float
    low: float
    high: float
    best: int
    worst: int
    votes: int

    def beats(self, other: "Rating") -> bool:
        """Whether it's told apart from a lower one: by intervals that don't overlap, as ranks."""
        return self.low > other.high


def wins(votes: Sequence[Vote], count: int, prior: float = 0.0) -> Matrix:
    """`float64 (count, count)`: how often row beat column. prior: the weight of a pretended tie
    between every two."""
    matrix = np.full((count, count), prior / 2) * (1 - np.eye(count))
    for left, right, outcome in votes:
        matrix[left, right] += outcome
        matrix[right, left] += 1 - outcome
    return matrix


def connected(matrix: Matrix) -> bool:
    """Whether the votes alone give finite strengths: along wins, all reach all (Ford 1957)."""
    reached = (matrix > 0) | np.eye(len(matrix), dtype=np.bool_)
    for _ in range(len(matrix).bit_length()):  # twice as far each time
        reached = reached @ reached
    return bool(reached.all())


def strengths(matrix: Matrix) -> Matrix:
    """`float64 (count,)`: the likeliest log-strengths, of mean 0. The matrix must be connected.

    Newton's method: the likelihood is concave, and a step that changes no difference by more than 1
    always goes up. It takes a few steps also where votes barely connect all.
    """
    games, won = matrix + matrix.T, matrix.sum(1)
    logs: Matrix = np.zeros(len(matrix))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(logs - logs[:, None]))
        weights = games * chance * (1 - chance)
        # The ones keep the mean, which the votes say nothing of.
        curved = np.diag(weights.sum(1)) - weights + 1 / len(matrix)
        step = np.linalg.solve(curved, won - (games * chance).sum(1))
        logs += step / max(1.0, np.ptp(step))
        if np.abs(step).max() < _EXACT:
            break
    return logs - logs.mean()


def elo(logs: Matrix) -> Matrix:
    """Log-strengths of mean 0 on the Elo scale."""
    return MIDDLE + SCALE * logs


def rate(
    votes: Sequence[Vote],
    count: int,
    *,
    groups: Sequence[Hashable] | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> list[Rating]:
    """Ratings of `count` competitors, in their order.

    Intervals are a percentile bootstrap of `rounds` over votes or, as votes on one photo or by one
    person aren't independent, over whole `groups`: of each vote, such as its photo. Where the votes
    don't connect all, every two are given half a pretended tie. Fewer than six groups tell nothing
    of how far others would differ: the intervals are endless. Two whose intervals overlap may be
    either way around: that is what the ranks say. Of one without votes nothing is known.
    """
    prior = 0.0 if connected(wins(votes, count)) else PRIOR
    ratings = elo(strengths(wins(votes, count, prior)))
    low, high = _interval(votes, count, prior, groups, rounds, seed)
    sides = np.array([vote[:2] for vote in votes], np.int64)
    taken = np.bincount(sides.ravel(), minlength=count)
    low, high = np.where(taken, low, -np.inf), np.where(taken, high, np.inf)
    return [
        Rating(
            float(ratings[each]),
            float(low[each]),
            float(high[each]),
            1 + int((low > high[each]).sum()),
            count - int((high < low[each]).sum()),
            int(taken[each]),
        )
        for each in range(count)
    ]


def _interval(
    votes: Sequence[Vote],
    count: int,
    prior: float,
    groups: Sequence[Hashable] | None,
    rounds: int,
    seed: int,
) -> Matrix:
    """`float64 (2, count)`: 2.5 and 97.5 % of the ratings of votes drawn anew."""
    rng = np.random.default_rng(seed)
    numbers: dict[Hashable, list[int]] = {}
    for number, group in enumerate(range(len(votes)) if groups is None else groups):
        numbers.setdefault(group, []).append(number)
    members = list(numbers.values())
    endless = np.array([np.full(count, -np.inf), np.full(count, np.inf)])
    if groups is not None and len(members) < LEAST:
        return endless
    drawn = []
    for _ in range(rounds):
        picks = rng.integers(0, len(members), len(members)) if members else []
        matrix = wins([votes[each] for pick in picks for each in members[pick]], count, prior)
        if connected(matrix):  # else it has no finite ratings
            drawn.append(elo(strengths(matrix)))
    if not drawn:
        return endless
    bounds: Matrix = np.quantile(drawn, (0.025, 0.975), axis=0)
    return bounds


def gains(matrix: Matrix) -> Matrix:
    """`float64 (count, count)`: what one more vote on each pair would tell.

    ln(1 + p (1 − p) Var(βᵢ − βⱼ)), by how much it shrinks the joint uncertainty of all strengths
    (D-optimal design). The matrix must be connected. Pairs are best drawn in proportion to it.
    """
    logs = strengths(matrix)
    chance = 1 / (1 + np.exp(logs - logs[:, None]))
    spread = chance * (1 - chance)
    weights = (matrix + matrix.T) * spread
    covariance = np.linalg.pinv(np.diag(weights.sum(1)) - weights)
    own = np.diag(covariance)
    told: Matrix = np.log1p(spread * (own[:, None] + own - 2 * covariance))
    np.fill_diagonal(told, 0)
    return told


def side_bias(votes: Sequence[Vote]) -> tuple[float, float]:
    """(share of decided votes that the left picture won, exact two-sided p of no bias). Only where
    sides were drawn by chance does it tell of the voters. (0.5, 1) without votes."""
    decided = [vote.outcome == 1 for vote in votes if vote.outcome != 0.5]
    if not decided:
        return 0.5, 1.0
    count, left = len(decided), sum(decided)
    ways = rarer = 1  # of so many votes, for sides as uneven as these or more
    for each in range(min(left, count - left)):
        ways = ways * (count - each) // (each + 1)
        rarer += ways
    return left / count, min(1.0, 2 * rarer / 2**count)
