from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from pymatting import estimate_foreground_ml

from compositing.arrays import Alpha, Photo
from compositing.foreground import layers_of
from compositing.scaling import Floats


def estimate(photo: Photo, alpha: Alpha) -> tuple[Floats, Floats]:
    """F and B."""
    colours = layers_of(photo, alpha).colours
    return colours[..., :3], colours[..., 3:]


def test_two_plain_layers_are_found(red_on_grey: Callable[[int, int], Any]) -> None:
    photo, alpha = red_on_grey(200, 300)
    F, B = estimate(photo, alpha)
    assert F.shape == B.shape == photo.shape
    assert F.dtype == np.float32
    assert np.abs(F - (255, 0, 0))[alpha > 0.1].max() < 12
    assert np.abs(B - 128)[alpha < 0.9].max() < 12


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1, 1), (1, 1)), ((1024, 3), (1024, 3)), ((1025, 3), (513, 2)), ((500, 2100), (125, 525))],
)
def test_layers_are_at_most_1024_pixels(
    noise: Callable[..., Any], size: tuple[int, int], expected: tuple[int, int]
) -> None:
    F, B = estimate(noise(*size, 3), np.full(size, 0.5, np.float32))
    assert F.shape[:2] == B.shape[:2] == expected
    for layer in (F, B):
        assert np.isfinite(layer).all()
        assert layer.min() >= 0
        assert layer.max() <= 255


def test_as_true_as_the_reference() -> None:
    """PyMatting's multilevel estimator, on striped layers that alpha hides by half and more."""
    height, width = 300, 400
    across = np.arange(width)[None, :, None] + 0.5 * np.arange(height)[:, None, None]
    F = 128 + 100 * np.sin(across / (17, 23, 31))
    B = 128 + 100 * np.cos(across / (37, 29, 19))
    alpha = np.zeros((height, width), np.float32)
    cv2.circle(alpha, (200, 150), 90, 1.0, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 6)
    photo = np.rint(alpha[..., None] * F + (1 - alpha[..., None]) * B).astype(np.uint8)
    band = (alpha > 0.05) & (alpha < 0.95)

    reference = 255 * estimate_foreground_ml(photo / 255, alpha.astype(np.float64))
    ours, _ = estimate(photo, alpha)
    error, its_error = (np.abs(layer - F)[band].mean() for layer in (ours, reference))
    assert error < 1.05 * its_error
