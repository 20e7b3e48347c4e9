"""The colours of the subject without the old background in them, and of what lies behind.

Multi-level estimation: Germer, Uelwer, Conrad, Harmeling, "Fast Multi-Level Foreground
Estimation" (2020). On the finer levels only pixels near the subject's edge are solved: elsewhere
the photo itself is the one layer, and the other is not seen.
"""

from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.scaling import Floats, block_means, halving, reduced, taps

LONGEST = 1024
"""Layers are estimated at this size at most; the full-size pass corrects them to the photo."""

SMOOTHNESS = 1e-5
RELAXATION = 1.8  # successive over-relaxation: four sweeps do what twenty-four would
SURE, NOWHERE = 0.03, -1.0  # alphas nearer to 0 or 1 than this are the layer itself
COARSEST = 24  # the longer side of the first level
COARSE = 32  # levels up to this size are solved everywhere
COARSE_SWEEPS, FINE_SWEEPS = 8, 4
NEIGHBOURS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class Layers(NamedTuple):
    """The layers of a photo, reduced by `side`. Colours are `float32 (h, w, …)`, 0 to 255."""

    side: int
    image: Floats  # (h, w, 3)
    alpha: Floats  # (h, w)
    colours: Floats  # (h, w, 6): F, then B


def layers_of(photo: Photo, alpha: Alpha) -> Layers:
    """The layers F and B of `photo ≈ alpha F + (1 − alpha) B`, reduced by the power of two that
    brings the longer side to at most 1024 pixels.

    photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)` in [0, 1].
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
    """Layers of half the size: the photo's mean, weighted by alpha and by 1 − alpha."""
    weights = np.stack([alpha, 1 - alpha])
    sums = np.einsum("khw,hwc->kc", weights, image)
    colours: Floats = sums / np.maximum(weights.sum(axis=(1, 2)), 1e-5)[:, None]
    height, width = (reduced(size, 2) for size in alpha.shape)
    return np.full((height, width, 6), colours.ravel(), np.float32)


def _solved(image: Floats, alpha: Floats, coarse: Floats) -> Floats:
    """A level's layers, from those of half the size."""
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
