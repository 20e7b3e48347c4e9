"""The way to the small picture and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.families.grabcut.crops import Crop, box_crop, holds, whole_photo
from models.interface import Box, Point


def black(h: int, w: int) -> np.ndarray:
    return np.zeros((h, w, 3), np.uint8)


@pytest.mark.parametrize(
    ("shape", "fine", "coarse"),
    [
        ((3000, 4000), (336, 448), (168, 224)),
        ((100, 50), (100, 50), (100, 50)),
        ((300, 200), (300, 200), (224, 149)),
        ((4, 3000), (1, 448), (1, 224)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_photos_are_reduced_never_enlarged(
    shape: tuple[int, int], fine: tuple[int, int], coarse: tuple[int, int]
) -> None:
    crop = whole_photo(black(*shape))
    assert crop.fine.shape[:2] == fine
    assert crop.coarse.shape[:2] == coarse


def test_boxes_and_points_follow_the_region() -> None:
    crop = Crop(black(1000, 1000), Box(100, 200, 548, 648))  # fine at 1 : 1, coarse at 1 : 2
    assert crop.box_in(Box(120, 240, 140, 300)) == Box(10, 20, 20, 50)
    points = [Point(120, 240, include=False), Point(99, 300), Point(548, 300)]
    assert crop.points_in(crop.coarse, points) == [Point(10, 20, include=False)]
    assert crop.points_in(crop.fine, points) == [Point(20, 40, include=False)]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(40, 40, 60, 50), Box(35, 35, 65, 55)),
        (Box(0, 0, 100, 100), Box(0, 0, 100, 100)),
        (Box(10.5, 10.5, 12.5, 12.5), Box(10, 10, 13, 13)),
    ],
)
def test_the_view_around_a_box_has_a_margin_inside_the_photo(box: Box, expected: Box) -> None:
    assert box_crop(black(100, 100), box, side=448).box == expected


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        (black(50, 50), True),
        (np.full((50, 50, 3), 200, np.uint8), True),
        (np.arange(49, dtype=np.uint8).repeat(3).reshape(7, 7, 3), True),
        (np.arange(200, dtype=np.uint8).repeat(3).reshape(10, 20, 3), False),
    ],
    ids=["black", "grey", "too small", "gradient"],
)
def test_what_shows_nothing(photo: np.ndarray, expected: bool) -> None:
    assert whole_photo(photo).shows_nothing is expected


@settings(deadline=None)
@given(h=st.integers(1, 1200), w=st.integers(1, 1200))
def test_a_full_mask_fills_the_photo_and_an_empty_one_leaves_it(h: int, w: int) -> None:
    crop = whole_photo(black(h, w))
    alpha = np.zeros((h, w), np.float32)
    crop.add_to(alpha, np.zeros(crop.fine.shape[:2], bool))
    assert not alpha.any()
    crop.add_to(alpha, np.ones(crop.fine.shape[:2], bool))
    assert alpha.all()


def test_a_slanted_edge_is_enlarged_without_stairs() -> None:
    size = 3584  # eight times as large as the mask
    crop = whole_photo(black(size, size))
    rows, columns = np.mgrid[: crop.fine.shape[0], : crop.fine.shape[1]]
    mask = columns + 0.5 < 100 + 0.3 * (rows + 0.5)
    alpha = np.zeros((size, size), np.float32)
    crop.add_to(alpha, mask)
    inner = slice(size // 8, -size // 8)
    edge = alpha.sum(axis=1)[inner]
    line = 800 + 0.3 * (np.arange(size)[inner] + 0.5)
    assert np.abs(edge - line).max() < 4  # half of one of the mask's pixels
    assert np.abs(np.diff(edge)).max() <= 1  # pixels from one row to the next


def test_regions_leave_the_rest_alone_and_unite() -> None:
    photo = black(40, 40)
    alpha = np.zeros((40, 40), np.float32)
    for box in (Box(0, 0, 20, 20), Box(10, 10, 30, 30)):
        crop = Crop(photo, box)
        crop.add_to(alpha, np.ones(crop.fine.shape[:2], bool))
    assert alpha.sum() == 400 + 400 - 100
    assert set(np.unique(alpha)) == {0, 1}


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (Point(0, 0), True),
        (Point(9.9, 4.9), True),
        (Point(10, 0), False),
        (Point(-0.1, 0), False),
        (Point(0, 5), False),
    ],
)
def test_a_box_holds_its_first_pixel_and_not_the_one_past_its_last(
    point: Point, expected: bool
) -> None:
    assert holds(Box(0, 0, 10, 5), point) is expected
