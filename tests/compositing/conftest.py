"""Small photos and alphas with known layers."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

type Scene = tuple[NDArray[np.uint8], NDArray[np.float32]]


@pytest.fixture
def red_on_grey() -> Callable[[int, int], Scene]:
    """A pure red disc with soft edges on grey 128: the photo and its exact alpha."""

    def make(height: int, width: int) -> Scene:
        alpha = np.zeros((height, width), np.float32)
        centre, radius = (width // 2, height // 2), max(1, min(height, width) // 4)
        cv2.circle(alpha, centre, radius, 1.0, -1, cv2.LINE_AA)
        alpha = np.clip(cv2.GaussianBlur(alpha, (0, 0), max(0.6, radius / 20)), 0, 1)
        layers = np.array([[255, 0, 0], [128, 128, 128]], np.float32)
        photo = layers[1] + (layers[0] - layers[1]) * alpha[:, :, None]
        return np.rint(photo).astype(np.uint8), alpha

    return make


@pytest.fixture
def noise() -> Callable[..., NDArray[np.uint8]]:
    """Random pixels, the same every time."""

    def make(*shape: int) -> NDArray[np.uint8]:
        return np.random.default_rng(0).integers(0, 256, shape, np.uint8)

    return make
