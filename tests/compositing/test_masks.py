from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from compositing.masks import Mask, mask_to_alpha
from models.interface import Box, DetectedObject

EDGE = np.array([[0, 255]], np.uint8)
side = st.integers(1, 40)


@given(
    arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=20)), side, side
)
def test_an_alpha_has_the_photo_s_size_and_the_mask_s_range(
    mask: Mask, height: int, width: int
) -> None:
    alpha = mask_to_alpha(mask, height, width)
    assert alpha.shape == (height, width)
    assert alpha.dtype == np.float32
    assert mask.min() / 255 - 0.003 <= alpha.min()
    assert alpha.max() <= mask.max() / 255 + 0.003


@pytest.mark.parametrize("value", [0, 255])
def test_certainty_stays_certain(value: int) -> None:
    assert set(mask_to_alpha(np.full((3, 4), value, np.uint8), 30, 41).ravel()) == {value / 255}


@pytest.mark.parametrize(
    ("mask", "size", "expected"),
    [
        (EDGE, (1, 2), [[0, 1]]),
        (np.array([[51, 255]], np.uint8), (1, 2), [[0.2, 1]]),
        (EDGE, (1, 1), [[0.5]]),  # reduced by area
        (EDGE, (2, 1), [[0.5], [0.5]]),
        # Log-odds of -1, -3/4, -1/4 … of certainty: steeper than the line 0, 1/4, 3/4, 1.
        (EDGE, (1, 4), [[0, 0.0406, 0.9594, 1]]),
    ],
)
def test_small_masks(mask: Mask, size: tuple[int, int], expected: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(mask_to_alpha(mask, *size), expected, atol=2 / 255)


def test_an_edge_stays_narrow_however_much_it_is_enlarged() -> None:
    alpha = mask_to_alpha(EDGE, 1, 1000)[0]
    between = np.count_nonzero((alpha > 0.1) & (alpha < 0.9))
    assert between < 200  # a line from 0 to 1 would be between for 400


def test_an_object_keeps_its_mask_small_and_draws_its_alpha_when_asked() -> None:
    mask = np.zeros((2, 4), np.uint8)
    mask[:, :1] = 255
    found = DetectedObject("dog 1", "dog", 0.9, Box(0, 0, 10, 20), mask, 20, 40)
    assert found.share == 0.25
    assert found.alpha.shape == (20, 40)
    assert found.alpha[:, :8].min() > 0.9
    assert found.alpha[:, 12:].max() < 0.1


@pytest.mark.parametrize(
    "wrong", [np.ones((3, 4), np.bool), np.ones((3, 4), np.float32), np.ones((3, 4, 1), np.uint8)]
)
def test_masks_of_another_kind_are_refused(wrong: NDArray[Any]) -> None:
    for size in ((3, 4), (30, 40)):
        with pytest.raises(ValueError, match="A mask is uint8"):
            mask_to_alpha(wrong, *size)
