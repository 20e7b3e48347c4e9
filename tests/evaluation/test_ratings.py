"""Ratings against the worked example: 300 votes on five models, 46 of them ties. Three independent
programs (MM, L-BFGS, two rating libraries) agree on its numbers to 1e-4."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from evaluation.ratings import (
    Vote,
    connected,
    elo,
    gains,
    rate,
    side_bias,
    strengths,
    wins,
)

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "data" / "evaluation" / "golden_ranking.json").read_text()
)
NAMES = GOLDEN["names"]
# (left, right): left won, right won, ties.
TABLE = {
    (0, 1): (9, 17, 4), (0, 2): (6, 20, 4), (0, 3): (23, 4, 3), (0, 4): (14, 10, 6),
    (1, 2): (10, 12, 8), (1, 3): (26, 2, 2), (1, 4): (18, 8, 4), (2, 3): (27, 1, 2),
    (2, 4): (21, 4, 5), (3, 4): (3, 19, 8),
}  # fmt: skip
VOTES = [
    Vote(left, right, outcome)
    for (left, right), counts in TABLE.items()
    for outcome, count in zip((1, 0, 0.5), counts, strict=True)
    for _ in range(count)
]


def test_ratings_are_the_worked_examples() -> None:
    ratings = elo(strengths(wins(VOTES, 5)))
    assert ratings == pytest.approx(GOLDEN["elo_mm"], abs=1e-3)
    assert ratings.mean() == pytest.approx(1500)


def test_intervals_and_ranks_are_the_worked_examples() -> None:
    rated = rate(VOTES, 5)
    assert [each.low for each in rated] == pytest.approx(GOLDEN["interval_low"], abs=0.06)
    assert [each.high for each in rated] == pytest.approx(GOLDEN["interval_high"], abs=0.06)
    assert {name: (each.best, each.worst) for name, each in zip(NAMES, rated, strict=True)} == {
        "lite": (3, 4),
        "portrait": (1, 2),
        "matting": (1, 2),
        "grabcut": (5, 5),
        "sam": (3, 4),
    }
    assert [each.votes for each in rated] == [120] * 5


def test_the_order_of_votes_doesnt_matter_nor_that_of_sides() -> None:
    shuffled = [
        Vote(right, left, 1 - outcome) if number % 3 else Vote(left, right, outcome)
        for number, (left, right, outcome) in enumerate(random.Random(7).sample(VOTES, 300))
    ]
    assert elo(strengths(wins(shuffled, 5))) == pytest.approx(GOLDEN["elo_mm"], abs=1e-3)


def test_what_a_further_vote_would_tell_is_the_worked_examples() -> None:
    told = gains(wins(VOTES, 5))
    assert told == pytest.approx(np.array(GOLDEN["gain"]), abs=2e-6)
    best = np.unravel_index(np.triu(told).argmax(), told.shape)
    assert [NAMES[each] for each in best] == GOLDEN["next_pair"]


def test_votes_that_connect_nobody_get_a_pretended_tie() -> None:
    votes = [Vote(0, 1, 1)] * 4  # 2 was never shown, 1 never won
    assert not connected(wins(votes, 3))
    first, second, unseen = rate(votes, 3, rounds=50)
    assert first.elo > unseen.elo > second.elo
    assert (unseen.best, unseen.worst, unseen.votes) == (1, 3, 0)


def test_votes_of_one_person_are_drawn_together() -> None:
    """Ten people who each vote thirty times alike say less than three hundred people."""
    person = [number // 30 for number in range(300)]
    votes = [Vote(0, 1, float(each < 6)) for each in person]
    alone, together = rate(votes, 2, rounds=200), rate(votes, 2, groups=person, rounds=200)
    assert together[0].high - together[0].low > 3 * (alone[0].high - alone[0].low)


@pytest.mark.parametrize("photos", [1, 5])
def test_few_photos_tell_nothing_of_others(photos: int) -> None:
    votes = [Vote(0, 1, float(number < 6)) for number in range(10)]
    groups = [number % photos for number in range(10)]
    for each in rate(votes, 2, groups=groups, rounds=20):
        assert (each.low, each.high, each.best, each.worst) == (-np.inf, np.inf, 1, 2)


def test_votes_that_barely_connect_all_are_rated_too() -> None:
    """A chain of ten in which one vote of 10 001 goes the other way."""
    matrix = np.diag(np.full(9, 1e4), 1) + np.diag(np.ones(9), -1)
    apart = -np.diff(strengths(matrix))
    assert apart == pytest.approx(np.full(9, np.log(1e4)), rel=1e-9)


def test_without_votes_all_are_equal() -> None:
    rated = rate([], 3, rounds=5)
    assert [(each.elo, each.best, each.worst) for each in rated] == [(1500, 1, 3)] * 3


def test_a_leaning_to_one_side_is_told() -> None:
    assert side_bias(VOTES) == pytest.approx(GOLDEN["left_share_and_p"], rel=1e-9)
    assert side_bias([Vote(0, 1, 0.5)]) == (0.5, 1)
