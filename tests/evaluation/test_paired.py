"""Comparisons of two models against a worked example of twelve photos."""

import json
from pathlib import Path

import pytest

from evaluation.paired import differ, holm, interval

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "data" / "evaluation" / "golden_ranking.json").read_text()
)["paired"]
A = [0.981, 0.953, 0.942, 0.990, 0.871, 0.915, 0.964, 0.933, 0.977, 0.902, 0.958, 0.889]
B = [0.972, 0.951, 0.921, 0.991, 0.842, 0.917, 0.941, 0.925, 0.977, 0.873, 0.949, 0.896]


def test_the_worked_example() -> None:
    told = differ(A, B)
    assert told.mean == pytest.approx(GOLDEN["mean"])
    assert (told.low, told.high) == pytest.approx((GOLDEN["low"], GOLDEN["high"]), abs=1e-9)
    assert (told.more, told.fewer, told.equal) == (8, 3, 1)
    assert told.p == pytest.approx(GOLDEN["p_flip"], abs=1e-9)
    assert told.wilcoxon == pytest.approx(GOLDEN["p_wilcoxon"], abs=1e-9)


def test_the_other_way_around_it_is_the_opposite() -> None:
    told, back = differ(A, B), differ(B, A)
    assert (back.mean, back.more, back.fewer) == pytest.approx((-told.mean, told.fewer, told.more))
    assert back.p == pytest.approx(told.p, abs=0.01)  # flips are drawn by chance


def test_equal_scores_dont_differ() -> None:
    told = differ(A, A)
    assert (told.mean, told.p, told.wilcoxon, told.equal) == (0, 1, 1, 12)


def test_five_photos_never_suffice() -> None:
    assert differ([1] * 5, [0] * 5).p > 0.05


def test_nothing_cant_be_compared() -> None:
    with pytest.raises(ValueError, match="without photos"):
        differ([], [])


def test_the_mean_lies_within_its_interval() -> None:
    low, high = interval(A)
    assert low < sum(A) / 12 < high


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.6], [1, 1]),
    ],
)
def test_many_comparisons_need_more_than_one(chances: list[float], wanted: list[float]) -> None:
    assert holm(chances) == pytest.approx(wanted)
