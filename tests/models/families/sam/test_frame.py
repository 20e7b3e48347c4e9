import numpy as np
import pytest
import torch

from models.families.sam.frame import Frame
from models.interface import Box
from tests.tolerances import SUMS

# A photo 20 pixels high and 40 wide fills the upper half of 8 × 8, whose mask has 4 × 4 cells.
FRAME = Frame(20, 40, (4, 8), 8)
MASK = torch.arange(16.0).view(4, 4) - 4.5


@pytest.mark.parametrize(
    ("box", "cells"),
    [
        (Box(0, 0, 40, 20), [[0, 1, 2, 3], [4, 5, 6, 7]]),
        (Box(-9, -9, 99, 99), [[0, 1, 2, 3], [4, 5, 6, 7]]),
        (Box(10, 10, 20, 20), [[5]]),
        (Box(19, 9, 21, 11), [[1, 2], [5, 6]]),
        (Box(39.5, 19.5, 40, 20), [[7]]),
        (Box(40, 0, 50, 20), []),
        (Box(0, 20, 40, 30), []),
        (Box(-5, 0, 0, 20), []),
    ],
)
def test_a_box_touches_cells(box: Box, cells: list[list[int]]) -> None:
    part = FRAME.part(MASK, box)

    assert (part + 4.5).tolist() == cells


def test_union_is_of_the_photo_s_part() -> None:
    left = torch.full((4, 4), -20.0)
    left[:2, :2] = 20
    below = torch.full((4, 4), -20.0)
    below[2:] = 20  # not in the photo

    alpha = FRAME.union([left, below])

    assert alpha.shape == (20, 40)
    assert alpha.dtype == np.float32
    np.testing.assert_allclose(alpha[:12, :14], 1, rtol=0, atol=SUMS)
    np.testing.assert_allclose(alpha[:12, 26:], 0, rtol=0, atol=SUMS)


def test_subjects_that_touch_leave_no_seam() -> None:
    square = Frame(400, 400, (8, 8), 8)
    left = torch.full((4, 4), -9.0)
    left[:, :2] = 9
    right = -left

    assert square.union([left, right]).min() > 0.999


def test_edges_are_narrower_than_cells() -> None:
    square = Frame(400, 400, (8, 8), 8)
    left = torch.full((4, 4), -9.0)
    left[:, :2] = 9

    row = square.union([left])[200]

    assert ((row > 0.1) & (row < 0.9)).sum() < 30  # of cells of 100 pixels
    assert row[199] == pytest.approx(1 - row[200], abs=SUMS)


def test_nothing_is_an_empty_alpha() -> None:
    np.testing.assert_array_equal(FRAME.union([]), np.zeros((20, 40), np.float32))
