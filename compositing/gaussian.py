"""Blurs at the size that they need.

A picture that is blurred holds no detail finer than the blur: it can be computed much smaller.
The reduction and the enlargement blur too, and the Gaussian is made narrower by as much.
"""

import math

import cv2
import numpy as np

from compositing.scaling import Floats

SCALES = (16, 8, 4, 2)
FINEST = 1.7  # pixels in one σ, at the least: within 57 dB of the blur at full size
TAIL = 3.2  # σ: what lies beyond weighs nothing in 8 bits


def blur_scale(finest: float, height: int, width: int) -> int:
    """How much smaller to compute: the largest of 1, 2, 4, 8, 16 up to `finest` pixels, the finest
    detail that the blur leaves, and with 256 pixels left on the longer side.
    """
    most = min(finest, max(height, width) / 256)
    return next((scale for scale in SCALES if scale <= most), 1)


def gaussian_scale(sigma: float, height: int, width: int) -> int:
    return blur_scale(sigma / FINEST, height, width)


def _narrowed(sigma: float, side: int) -> float:
    """The σ in reduced pixels, less what resizing blurs."""
    # A mean over `side` pixels has the variance (side² − 1) / 12, linear enlargement side² / 6.
    resizing = (side**2 - 1) / 12 + side**2 / 6 if side > 1 else 0
    return math.sqrt(max(sigma**2 - resizing, 0.05)) / side


def gaussian_reach(sigma: float, side: int) -> int:
    """How many reduced pixels away the Gaussian still sees."""
    return math.ceil(TAIL * _narrowed(sigma, side))


def gaussian(plate: Floats, sigma: float, side: int) -> Floats:
    """A Gaussian of `sigma` full-size pixels on a plate reduced by `side`."""
    size = 2 * gaussian_reach(sigma, side) + 1
    return cv2.GaussianBlur(plate, (size, size), _narrowed(sigma, side))  # type: ignore[no-any-return]


def disc(radius: float) -> Floats:
    """A filter kernel: a round aperture with a smooth rim, of sum 1."""
    reach = math.ceil(radius)
    across = np.arange(-reach, reach + 1)
    distance = np.hypot(across[:, None], across)
    weights = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return weights / weights.sum()
