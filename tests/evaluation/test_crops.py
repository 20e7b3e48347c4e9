"""The part of a picture in which most is wrong is found at its place."""

import numpy as np
import pytest

from evaluation.crops import worst_crop, worst_crops


def wrong(height: int = 300, width: int = 400) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    picture = np.zeros((height, width), np.uint8)
    picture[200:220, 300:330] = 90
    picture[10:20, 10:20] = 255
    return picture


def test_the_worst_place_comes_first_and_holds_all_of_it() -> None:
    places = worst_crops(wrong(), 9, side=64)
    sums = [int(wrong()[place].sum()) for place in places]
    assert sums == [20 * 30 * 90, 10 * 10 * 255]


def test_places_dont_reach_into_each_other() -> None:
    everywhere = np.full((150, 150), 9, np.uint8)
    seen = np.zeros_like(everywhere)
    places = worst_crops(everywhere, 9, side=50)
    for place in places:
        seen[place] += 1
    assert len(places) > 3
    assert seen.max() == 1


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (40, 20)])
def test_small_pictures_are_shown_as_far_as_they_go(shape: tuple[int, int]) -> None:
    rows, columns = worst_crop(np.full(shape, 7, np.uint8), side=64)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (
        min(64, shape[0]),
        min(64, shape[1]),
    )


def test_where_nothing_is_wrong_the_middle_is_shown() -> None:
    rows, columns = worst_crop(np.zeros((300, 400), np.uint8), side=100)
    assert (rows.start, columns.start) == (100, 150)
    assert worst_crops(np.zeros((300, 400), np.uint8), 3) == []


def test_sums_of_large_pictures_dont_overflow() -> None:
    picture = np.full((3200, 3000), 255, np.uint8)
    picture[:, :600] = 0
    assert worst_crop(picture, side=2500)[1].start >= 500
