"""A consensus of cuts is a cut like any other."""

import numpy as np
import pytest

from compositing.background import Blur
from evaluation.agreement import agreed, agreeing, apart
from models.catalog import CONSENSUS, find
from photos.cut import Cut
from photos.look import Look
from photos.rendering import render
from tests.cuts import cut_of, photo_of

PHOTO = photo_of(np.full((40, 60, 3), (90, 120, 150), np.uint8))


def cut(name: str, first: int, last: int) -> Cut:
    levels = np.zeros((40, 60), np.uint8)
    levels[:, first:last] = 255
    return cut_of(PHOTO, levels, spec=find(name), empty=first >= last)


CUTS = [
    cut("grabcut", 10, 40),
    cut("u2netp", 20, 50),
    cut("birefnet-lite", 25, 45),
    cut("birefnet-matting", 25, 60),
]


def test_it_is_the_median_with_relatives_as_one() -> None:
    told = agreed(CUTS)
    columns = np.nonzero(told.levels()[0] == 255)[0]
    assert (columns[0], columns[-1] + 1) == (20, 45)  # alone, the relatives would have begun at 25
    assert told.spec == CONSENSUS
    assert told.share == pytest.approx(27.5 / 60, abs=0.001)
    assert "GrabCut, U²-Net-P, BiRefNet lite, BiRefNet matting" in told.notes[-1]
    assert "need not be right" in told.notes[-1]


def test_it_can_be_taken_further() -> None:
    picture = render(agreed(CUTS), Look(Blur(9)))
    assert picture.shape == (40, 60, 3)


def test_who_is_furthest_from_the_others_is_told_first() -> None:
    told = apart([*CUTS, cut("ben2", 0, 5)])
    assert told[0].cut.spec.name == "ben2"
    assert told[0].value > told[1].value


def test_what_found_nothing_has_no_say_and_one_family_no_consensus() -> None:
    assert agreeing([cut("grabcut", 9, 9), *CUTS[1:]]) == CUTS[1:]
    assert agreeing(CUTS[2:]) == []
    with pytest.raises(ValueError, match="two families"):
        agreed(CUTS[2:])
    other = photo_of(np.zeros((40, 60, 3), np.uint8), "other.jpg")
    of_another = cut_of(other, np.zeros((40, 60), np.uint8), spec=find("u2netp"))
    with pytest.raises(ValueError, match="one photo"):
        agreed([CUTS[0], of_another])


def test_all_apart_if_there_are_two() -> None:
    assert sorted(each.cut.spec.name for each in apart(CUTS[:2])) == ["grabcut", "u2netp"]
