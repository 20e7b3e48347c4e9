"""Blurs at the size that they need.

A picture that is blurred holds no detail finer than the blur: it can be computed much smaller.
The reduction and the enlargement blur too, and the Gaussians are made narrower by as much.
"""

import math

import cv2
import numpy as np

from compositing.scaling import Floats

PASSES = 3
SCALES = (16, 8, 4, 2)


def spread(sigma: float) -> float:
    """The σ of one Gaussian as strong as the three."""
    return math.sqrt(PASSES) * sigma


def blur_scale(finest: float, height: int, width: int) -> int:
    """How much smaller to compute: the largest of 1, 2, 4, 8, 16 up to `finest` pixels, the finest
    detail that the blur leaves, and with 256 pixels left on the longer side.
    """
    most = min(finest, max(height, width) / 256)
    return next((scale for scale in SCALES if scale <= most), 1)


def gaussian_scale(sigma: float, height: int, width: int) -> int:
    return blur_scale(spread(sigma) / 2, height, width)


def _narrowed(sigma: float, side: int) -> float:
    """The σ of each pass, in reduced pixels, less what resizing blurs."""
    # A mean over `side` pixels has the variance (side² − 1) / 12, linear enlargement side² / 6.
    resizing = (side**2 - 1) / 12 + side**2 / 6 if side > 1 else 0
    return math.sqrt(max(PASSES * sigma**2 - resizing, 0.05) / PASSES) / side


def gaussian_reach(sigma: float, side: int) -> int:
    """How many reduced pixels away the three Gaussians still see."""
    return PASSES * math.ceil(3.1 * _narrowed(sigma, side))


def gaussians(plate: Floats, sigma: float, side: int) -> Floats:
    """Three Gaussians of `sigma` full-size pixels on a plate reduced by `side`."""
    narrow = _narrowed(sigma, side)
    size = 2 * math.ceil(3.1 * narrow) + 1
    for _ in range(PASSES):
        plate = cv2.GaussianBlur(plate, (size, size), narrow)
    return plate


def disc(radius: float) -> Floats:
    """A filter kernel: a round aperture with a smooth rim, of sum 1."""
    reach = math.ceil(radius)
    across = np.arange(-reach, reach + 1)
    distance = np.hypot(across[:, None], across)
    weights = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return weights / weights.sum()
