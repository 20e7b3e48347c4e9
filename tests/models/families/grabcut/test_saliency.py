"""Barrier distance against small pictures worked out by hand, and where the other cues point."""

import cv2
import numpy as np
import pytest

from models.families.grabcut.saliency import (
    barrier_distance,
    border,
    saliency,
    sharpness,
    stretched,
    threshold,
    to_lab,
    unlike_border,
)


def grey(rows: list[list[float]]) -> np.ndarray:
    """A picture whose first channel has these values, and whose others have none."""
    plane = np.array(rows, np.float32)
    return np.dstack([plane, np.zeros_like(plane), np.zeros_like(plane)])


def first(shape: tuple[int, int]) -> np.ndarray:
    seeds = np.zeros(shape, bool)
    seeds[0, 0] = True
    return seeds


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[5, 5, 5]], [[0, 0, 0]]),
        ([[0, 1, 2, 3]], [[0, 1, 2, 3]]),
        ([[0, 9, 0]], [[0, 9, 9]]),  # what was crossed on the way still counts
        ([[3, 0, 9]], [[0, 3, 9]]),
        ([[0, 9, 0], [0, 9, 0], [0, 0, 0]], [[0, 9, 0], [0, 9, 0], [0, 0, 0]]),  # the way round
    ],
)
def test_the_barrier_is_the_highest_minus_the_lowest_on_the_cheapest_way(
    rows: list[list[float]], expected: list[list[float]]
) -> None:
    lab = grey(rows)
    assert barrier_distance(lab, first(lab.shape[:2])).tolist() == expected


def test_a_spiral_needs_several_rounds() -> None:
    wall = 9.0
    rows: list[list[float]] = [
        [0, 0, 0, 0, 0],
        [wall, wall, wall, wall, 0],
        [0, 0, 0, wall, 0],
        [0, wall, wall, wall, 0],
        [0, 0, 0, 0, 0],
    ]
    lab = grey(rows)
    assert barrier_distance(lab, first((5, 5)), rounds=2)[2, 2] == wall
    assert barrier_distance(lab, first((5, 5)), rounds=3)[2, 2] == 0


def test_channels_add_up() -> None:
    lab = np.array([[[0, 0, 0], [1, 2, 4]]], np.float32)
    assert barrier_distance(lab, first((1, 2))).tolist() == [[0, 7]]


def test_without_seeds_nothing_can_be_reached() -> None:
    assert np.isinf(barrier_distance(grey([[1, 2]]), np.zeros((1, 2), bool))).all()


def disc(colour: tuple[int, int, int], on: tuple[int, int, int]) -> np.ndarray:
    photo = np.full((90, 120, 3), on, np.uint8)
    cv2.circle(photo, (60, 45), 20, colour, cv2.FILLED)
    return photo


@pytest.mark.parametrize("open_bottom", [False, True])
@pytest.mark.parametrize(
    ("colour", "on"), [((220, 30, 30), (240, 240, 240)), ((240, 240, 200), (20, 60, 30))]
)
def test_a_disc_stands_out_from_its_background(
    colour: tuple[int, int, int], on: tuple[int, int, int], open_bottom: bool
) -> None:
    lab = to_lab(disc(colour, on))
    salient = saliency(lab, np.zeros((90, 120), np.float32), open_bottom)
    assert salient.dtype == np.float32
    assert salient.min() == 0
    assert salient.max() == 1
    found = salient > threshold(salient)
    truth = disc((1, 1, 1), (0, 0, 0))[..., 0] > 0
    assert (found & truth).sum() / (found | truth).sum() > 0.85


def test_the_colour_of_one_side_may_be_the_subjects() -> None:
    photo = np.full((60, 60, 3), 200, np.uint8)
    photo[30:, 20:40] = (200, 30, 30)  # leaves through the bottom
    unlike = unlike_border(to_lab(photo), open_bottom=False)
    assert unlike[45, 30] > 0.9
    assert unlike[10, 10] < 0.1


def noisy(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(0).integers(60, 200, (*shape, 3)).astype(np.uint8)


def test_what_is_in_focus_before_a_blurred_background_is_sharp() -> None:
    sharp = noisy((200, 300))
    photo = cv2.GaussianBlur(sharp, (0, 0), 6)
    photo[60:140, 100:200] = sharp[60:140, 100:200]
    found = sharpness(to_lab(photo))
    assert found[70:130, 110:190].min() > 0.5
    assert found[:, :60].max() < 0.2


def test_sharpness_says_nothing_where_all_is_in_focus() -> None:
    assert sharpness(to_lab(noisy((200, 300)))).max() == 0


def test_border_and_stretched() -> None:
    assert border((3, 4), 1).tolist() == [[True] * 4, [True, False, False, True], [True] * 4]
    assert border((2, 2), 5).all()
    assert stretched(np.array([[2, 4, 6]], np.float32)).tolist() == [[0, 0.5, 1]]
    assert stretched(np.array([[7, 7]], np.float32)).tolist() == [[0, 0]]
