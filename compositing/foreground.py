"""The subject's colours without the old background in them, and the background's behind it.

T. Germer, T. Uelwer, S. Conrad, S. Harmeling: "Fast Multi-Level Foreground Estimation", 2020. The
smallest level is solved first; each larger one begins with its solution. On the larger levels only
pixels near the subject's edge are solved: elsewhere one layer is the photo, the other is hidden.

A network may tell the foreground's colours as well. A second solution is pulled towards them, by a
term α (F − told)² in each pixel's equation, and taken as far as `told` believes them.
"""

from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Alpha, Pixels
from compositing.scaling import Floats, block_means, halving, reduced, taps
from compositing.told import agreement, belief, resized

LONGEST = 1024
"""Pixels on the longer side at which layers are estimated, at most. The pass over the full-size
photo corrects them."""

SMOOTHNESS = 1e-5
RELAXATION = 1.8  # successive over-relaxation: four sweeps do what twenty-four would
SURE, NOWHERE = 0.03, -1.0  # where alpha is nearer to 0 or 1 than this, the photo is the layer
COARSEST = 24  # pixels on the longer side of the smallest level, at most
COARSE = 32  # levels of up to this size are solved everywhere
COARSE_SWEEPS, FINE_SWEEPS = 8, 4
NOTHING = np.empty((0, 0, 3), np.float32)
NEIGHBOURS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))

type Level = tuple[Floats, Floats]
"""The photo and its alpha, reduced: `float32 (h, w, 3)`, 0 to 255, and `(h, w)`."""


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


def layers_of(photo: Pixels, alpha: Alpha, foreground: Pixels | None = None) -> Layers:
    """Estimate the layers F and B for which alpha · F + (1 − alpha) · B is the photo.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
        RGB.
    alpha : (H, W) float32 array
        In [0, 1].
    foreground : (h, w, 3) array of the photo's dtype, optional
        F as a network sees it, of the whole photo and of any size. It's used as far as the photo
        bears it out, so a wrong one changes nothing.

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
    levels = [(block_means(photo, side), block_means(alpha, side))]
    while max(levels[-1][1].shape) > COARSEST:
        levels.append((block_means(levels[-1][0], 2), block_means(levels[-1][1], 2)))
    colours = _estimated(levels)
    if foreground is not None:
        colours = _taking_up(resized(foreground, alpha.shape, side), levels, colours)
    return Layers(side, *levels[0], colours)


def _taking_up(told: Floats, levels: list[Level], own: Floats) -> Floats:
    """Our own estimate's colours, and as far as they're believed those that the told ones lead to.
    All are of the first level's size."""
    believed = belief(told, *levels[0], own)
    if not believed:
        return own
    pulled = _estimated(levels, told)
    believed *= agreement(*levels[0], pulled)
    mixed: Floats = own + np.float32(believed) * (pulled - own)
    return mixed


def _estimated(levels: list[Level], told: Floats = NOTHING) -> Floats:
    """The layers' colours at the first level. The levels halve in size; told is of the first's."""
    said = [told]
    while told.size and len(said) < len(levels):
        said.append(block_means(said[-1], 2))
    colours = _averages(*levels[-1])
    for image, alpha in reversed(levels):
        colours = _solved(image, alpha, colours, said.pop() if told.size else NOTHING)
    return colours


def _averages(image: Floats, alpha: Floats) -> Floats:
    """Layers to begin with, of half the size: the photo's means, weighted by α and by 1 − α."""
    weights = np.stack([alpha, 1 - alpha])
    sums = np.einsum("khw,hwc->kc", weights, image)
    colours: Floats = sums / np.maximum(weights.sum(axis=(1, 2)), 1e-5)[:, None]
    height, width = (reduced(size, 2) for size in alpha.shape)
    return np.full((height, width, 6), colours.ravel(), np.float32)


def _solved(image: Floats, alpha: Floats, coarse: Floats, told: Floats) -> Floats:
    """Solve a level, beginning with the layers of half the size."""
    from compositing.kernels import jit
    from compositing.kernels.layers import begin, free_sweep, pulled_sweep

    fine = max(alpha.shape) > COARSE
    sure = SURE if fine else NOWHERE
    wanted = cv2.dilate(cv2.inRange(alpha, sure, 1 - sure), NEIGHBOURS)
    layers = np.empty((*alpha.shape, 6), np.float32)
    where = taps(alpha.shape, coarse.shape[:2], 2)
    jit.in_bands(begin, *alpha.shape, image, alpha, sure, coarse, *where, wanted, layers)
    sweeps = FINE_SWEEPS if fine else COARSE_SWEEPS
    sweep = pulled_sweep if told.size else free_sweep
    sweep(image, alpha, wanted, told, SMOOTHNESS, RELAXATION, sweeps, layers)
    return layers
