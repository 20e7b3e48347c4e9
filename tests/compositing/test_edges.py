from typing import Any

import cv2
import numpy as np
import pytest

from compositing.alpha import Edges, adjust
from tests.tolerances import SUMS


def ramp() -> Any:
    """1 on the left, 0 on the right, a soft edge of 20 pixels between, 0.5 at column 50."""
    return np.tile(np.clip((60 - np.arange(100)) / 20, 0, 1).astype(np.float32), (30, 1))


def disc(radius: float) -> Any:
    across = np.arange(-100, 101)
    return np.clip(radius + 0.5 - np.hypot(across[:, None], across), 0, 1).astype(np.float32)


def test_the_defaults_change_nothing() -> None:
    alpha = ramp()
    result = adjust(alpha, Edges())
    assert np.array_equal(result, alpha)
    assert result is not alpha


@pytest.mark.parametrize(
    ("grow", "scale", "expected"),
    [(5, 1, 5), (-5, 1, -5), (2.5, 1, 2.5), (-0.25, 1, -0.25), (8, 0.5, 4)],
)
def test_grow_moves_a_soft_edge_and_keeps_it_soft(
    grow: float, scale: float, expected: float
) -> None:
    row = adjust(ramp(), Edges(grow=grow), scale)[15]
    moved = np.clip((60 + expected - np.arange(100)) / 20, 0, 1)
    assert row == pytest.approx(moved, abs=0.02)


def test_grow_is_as_far_in_every_direction() -> None:
    area = adjust(disc(40), Edges(grow=20)).sum()
    assert area == pytest.approx(np.pi * 60.5**2, rel=0.02)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        (Edges(threshold=0.5), [0, 0, 1, 1]),
        (Edges(threshold=1), [0, 0, 0, 1]),
        (Edges(threshold=0.1), [0, 1, 1, 1]),
    ],
)
def test_threshold(edges: Edges, expected: list[int]) -> None:
    assert adjust(np.array([[0, 0.4, 0.5, 1]], np.float32), edges).tolist() == [expected]


def test_feather_is_a_gaussian_in_full_size_pixels() -> None:
    alpha = disc(40)
    expected = cv2.GaussianBlur(alpha, (0, 0), 3)
    assert adjust(alpha, Edges(feather=6), scale=0.5) == pytest.approx(expected, abs=SUMS)


def test_keep_largest_drops_the_others_and_keeps_soft_edges() -> None:
    alpha = np.zeros((60, 100), np.float32)
    alpha[20:50, 10:50] = 1
    alpha[19, 10:50] = alpha[50, 10:50] = 0.05
    expected = alpha.copy()
    alpha[5:10, 70:95] = 1
    assert np.array_equal(adjust(alpha, Edges(keep_largest=True)), expected)


def test_fill_holes_fills_what_is_enclosed_and_no_bay() -> None:
    alpha = np.zeros((60, 100), np.float32)
    alpha[5:55, 5:95] = 1
    expected = alpha.copy()
    alpha[20:30, 30:50] = 0
    alpha[19, 30:50] = 0.7
    bay = np.s_[25:35, 80:100]
    alpha[bay] = expected[bay] = 0
    assert np.array_equal(adjust(alpha, Edges(fill_holes=True)), expected)


def test_a_hole_behind_a_thin_rim_is_filled_to_the_rim() -> None:
    rows, columns = np.mgrid[-50:51, -50:51]
    away = np.hypot(rows, columns)
    ring = ((away >= 30) & (away < 33)).astype(np.float32)
    assert np.array_equal(adjust(ring, Edges(fill_holes=True)), away < 33)


@pytest.mark.parametrize(
    "wrong",
    [
        {"feather": -1},
        {"feather": 100.5},
        {"grow": float("nan")},
        {"grow": -101},
        {"threshold": 0},
        {"threshold": 1.2},
    ],
)
def test_edges_that_cannot_be_meant(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"; got {next(iter(wrong.values())):g}"):
        Edges(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1)])
def test_any_size(size: tuple[int, int]) -> None:
    edges = Edges(1.5, 2, None, keep_largest=True, fill_holes=True)
    assert adjust(np.ones(size, np.float32), edges) == pytest.approx(np.ones(size))
