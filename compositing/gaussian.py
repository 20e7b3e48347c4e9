"""Blurs at the size that they need.

A blurred picture holds no detail finer than its blur, so it can be computed at a smaller size. The
reduction and the enlargement blur too; the Gaussian is made narrower by as much.
"""

import math

import cv2
import numpy as np

from compositing.scaling import Floats

SCALES = (16, 8, 4, 2)
FINEST = 1.7  # reduced pixels in one σ, at least: within 57 dB of the blur at full size
TAIL = 3.2  # in σ: what lies farther away weighs nothing in 8 bits


def blur_scale(finest: float, height: int, width: int) -> int:
    """Choose how much smaller a blur can be computed.

    Parameters
    ----------
    finest : float
        The size in pixels of the finest detail that the blur leaves.
    height, width : int
        The picture's size in pixels.

    Returns
    -------
    side : int
        The largest of 1, 2, 4, 8 and 16 that is no more than `finest`, and leaves 256 pixels on
        the longer side.

    Examples
    --------
    >>> blur_scale(9, 3000, 4000), blur_scale(9, 300, 600)
    (8, 2)
    """
    most = min(finest, max(height, width) / 256)
    return next((scale for scale in SCALES if scale <= most), 1)


def gaussian_scale(sigma: float, height: int, width: int) -> int:
    """Choose how much smaller a Gaussian can be computed: `blur_scale` for its σ in pixels.

    Examples
    --------
    >>> gaussian_scale(14, 3000, 4000)
    8
    """
    return blur_scale(sigma / FINEST, height, width)


def _narrowed(sigma: float, side: int) -> float:
    """The σ in reduced pixels, less what the reduction and the enlargement blur."""
    # The variance of a mean over `side` pixels, and that of linear enlargement.
    resizing = (side**2 - 1) / 12 + side**2 / 6 if side > 1 else 0
    return math.sqrt(max(sigma**2 - resizing, 0.05)) / side


def gaussian_reach(sigma: float, side: int) -> int:
    """Compute how far a Gaussian reaches.

    Parameters
    ----------
    sigma : float
        In full-size pixels.
    side : int
        How many full-size pixels one of the reduced picture spans.

    Returns
    -------
    reach : int
        In reduced pixels.

    Examples
    --------
    >>> gaussian_reach(14, 1), gaussian_reach(14, 8)
    (45, 6)
    """
    return math.ceil(TAIL * _narrowed(sigma, side))


def gaussian(plate: Floats, sigma: float, side: int) -> Floats:
    """Blur a reduced picture as a Gaussian blurs it at full size.

    Parameters
    ----------
    plate : (h, w, 3) float32 array
        Reduced by blocks of `side` × `side` pixels.
    sigma : float
        In full-size pixels.
    side : int

    Returns
    -------
    blurred : (h, w, 3) float32 array
        To be enlarged linearly.

    Examples
    --------
    >>> plate = np.zeros((9, 9, 3), np.float32)
    >>> plate[4, 4] = 100
    >>> print(gaussian(plate, 4, 4)[4, 2:7, 0].round(1))
    [ 1.5 10.9 21.1 10.9  1.5]
    """
    size = 2 * gaussian_reach(sigma, side) + 1
    return cv2.GaussianBlur(plate, (size, size), _narrowed(sigma, side))  # type: ignore[no-any-return]


def disc(radius: float) -> Floats:
    """Make the filter kernel of a round aperture with a smooth rim.

    Parameters
    ----------
    radius : float
        In pixels.

    Returns
    -------
    weights : (n, n) float32 array
        n is odd; the sum is 1.

    Examples
    --------
    >>> print((disc(2) / disc(2).max()).round(2))
    [[0.   0.26 0.5  0.26 0.  ]
     [0.26 1.   1.   1.   0.26]
     [0.5  1.   1.   1.   0.5 ]
     [0.26 1.   1.   1.   0.26]
     [0.   0.26 0.5  0.26 0.  ]]
    """
    reach = math.ceil(radius)
    across = np.arange(-reach, reach + 1)
    distance = np.hypot(across[:, None], across)
    weights = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return weights / weights.sum()
