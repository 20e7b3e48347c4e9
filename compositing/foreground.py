"""The subject's colours without the old background in them, and the background's behind it.

T. Germer, T. Uelwer, S. Conrad, S. Harmeling: "Fast Multi-Level Foreground Estimation", 2020. The
smallest level is solved first; each larger one begins with its solution. On the larger levels only
pixels near the subject's edge are solved: elsewhere one layer is the photo, the other is hidden.
"""

from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.scaling import Floats, block_means, halving, reduced, taps

LONGEST = 1024
"""Pixels on the longer side at which layers are estimated, at most. The pass over the full-size
photo corrects them."""

SMOOTHNESS = 1e-5
RELAXATION = 1.8  # successive over-relaxation: four sweeps do what twenty-four would
SURE, NOWHERE = 0.03, -1.0  # where alpha is nearer to 0 or 1 than this, the photo is the layer
COARSEST = 24  # pixels on the longer side of the smallest level, at most
COARSE = 32  # levels of up to this size are solved everywhere
COARSE_SWEEPS, FINE_SWEEPS = 8, 4
NEIGHBOURS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class Layers(NamedTuple):
    """The layers of a photo, reduced by blocks of `side` × `side` pixels.

    Attributes
    ----------
    side : int
    image : (h, w, 3) float32 array
        The photo, 0 to 255.
    alpha : (h, w) float32 array
        In [0, 1].
    colours : (h, w, 6) float32 array
        The foreground F, then the background B; RGB, 0 to 255.

    Examples
    --------
    >>> layers = layers_of(np.zeros((2, 2000, 3), np.uint8), np.ones((2, 2000), np.float32))
    >>> layers.side, layers.colours.shape
    (2, (1, 1000, 6))
    """

    side: int
    image: Floats
    alpha: Floats
    colours: Floats


def layers_of(photo: Photo, alpha: Alpha) -> Layers:
    """Estimate the layers F and B for which alpha · F + (1 − alpha) · B is the photo.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB.
    alpha : (H, W) float32 array
        In [0, 1].

    Returns
    -------
    layers : Layers
        Reduced by the smallest power of two with which the longer side has at most 1024 pixels.

    Examples
    --------
    A pixel that is half red, half grey:

    >>> photo = np.array([[[255, 0, 0], [192, 64, 64], [128, 128, 128]]], np.uint8)
    >>> layers = layers_of(photo, np.array([[1, 0.5, 0]], np.float32))
    >>> print(layers.colours[0, 1].round(-1))
    [260.   0.   0. 130. 130. 130.]
    """
    side = halving(alpha.shape, LONGEST)
    image, small = block_means(photo, side), block_means(alpha, side)
    levels = [(image, small)]
    while max(levels[-1][1].shape) > COARSEST:
        levels.append((block_means(levels[-1][0], 2), block_means(levels[-1][1], 2)))
    colours = _averages(*levels[-1])
    for level in reversed(levels):
        colours = _solved(*level, colours)
    return Layers(side, image, small, colours)


def _averages(image: Floats, alpha: Floats) -> Floats:
    """Layers to begin with, of half the size: the photo's means, weighted by α and by 1 − α."""
    weights = np.stack([alpha, 1 - alpha])
    sums = np.einsum("khw,hwc->kc", weights, image)
    colours: Floats = sums / np.maximum(weights.sum(axis=(1, 2)), 1e-5)[:, None]
    height, width = (reduced(size, 2) for size in alpha.shape)
    return np.full((height, width, 6), colours.ravel(), np.float32)


def _solved(image: Floats, alpha: Floats, coarse: Floats) -> Floats:
    """Solve a level, beginning with the layers of half the size."""
    from compositing.kernels import jit
    from compositing.kernels.layers import begin, sweep

    fine = max(alpha.shape) > COARSE
    sure = SURE if fine else NOWHERE
    wanted = cv2.dilate(cv2.inRange(alpha, sure, 1 - sure), NEIGHBOURS)
    layers = np.empty((*alpha.shape, 6), np.float32)
    where = taps(alpha.shape, coarse.shape[:2], 2)
    jit.in_bands(begin, *alpha.shape, image, alpha, sure, coarse, *where, wanted, layers)
    sweeps = FINE_SWEEPS if fine else COARSE_SWEEPS
    sweep(image, alpha, wanted, SMOOTHNESS, RELAXATION, sweeps, layers)
    return layers
