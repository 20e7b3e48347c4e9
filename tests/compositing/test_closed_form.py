from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from compositing.alpha import refine
from compositing.closed_form import redraw


def test_a_mask_that_is_off_is_brought_back(capfd: pytest.CaptureFixture[str]) -> None:
    truth = np.zeros((240, 320), np.float32)
    cv2.circle(truth, (160, 120), 70, 1.0, -1)
    truth = cv2.GaussianBlur(truth, (0, 0), 1.5)
    photo = np.rint(40 + truth[..., None] * (180, 60, 20)).astype(np.uint8)
    mask = np.roll(truth > 0.5, 3, axis=1).astype(np.float32)
    redrawn = redraw(photo, mask)
    assert redrawn.dtype == np.float32
    assert 0 <= redrawn.min() <= redrawn.max() <= 1
    error, before, quick = (
        np.abs(alpha - truth).sum() for alpha in (redrawn, mask, refine(photo, mask))
    )
    assert error < before / 3
    assert error < quick
    assert redrawn[120, 160] == 1
    assert redrawn[:20].max() == 0
    assert capfd.readouterr().out == ""  # a program's output is its own


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("size", [(1, 1), (3, 90), (40, 30)])
def test_what_has_no_edge_stays(
    noise: Callable[..., Any], value: int, size: tuple[int, int]
) -> None:
    mask = np.full(size, value, np.float32)
    assert np.array_equal(redraw(noise(*size, 3), mask), mask)


@pytest.mark.parametrize("size", [(12, 3000), (3000, 12), (2, 600)])
def test_what_is_too_thin_to_see_a_neighbourhood_in_stays(
    noise: Callable[..., Any], size: tuple[int, int]
) -> None:
    mask = np.zeros(size, np.float32)
    np.moveaxis(mask, np.argmax(size), 0)[300:500] = 1
    assert np.array_equal(redraw(noise(*size, 3), mask), mask)


def test_what_is_all_edge_stays(noise: Callable[..., Any]) -> None:
    mask = np.zeros((3, 3), np.float32)
    mask[1, 1] = 1
    assert np.array_equal(redraw(noise(3, 3, 3), mask), mask)
