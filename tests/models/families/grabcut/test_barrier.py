"""Barrier distance against small pictures worked out by hand."""

import numpy as np
import pytest

from models.families.grabcut.barrier import barrier_distance, threshold, to_lab


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


def test_what_is_near_and_what_is_far_is_told_apart() -> None:
    values = np.array([[0.1, 0.12, 0.1, 0.8, 0.85]], np.float32)
    assert 0.12 <= threshold(values) < 0.8


def test_colours_are_smoothed_before_paths_are_looked_for() -> None:
    photo = np.full((9, 9, 3), 90, np.uint8)
    photo[4, 4] = 250
    lab = to_lab(photo)
    assert lab.dtype == np.float32
    assert lab[0, 0, 0] < lab[3, 4, 0] < lab[4, 4, 0] < 130
