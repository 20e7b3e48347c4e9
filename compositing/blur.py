"""The photo's own background, blurred: three ways to leave the subject out of it.

Photos are `uint8` or `uint16 (H, W, 3)`, alphas `float32 (H, W)` in [0, 1], and every σ is in the
photo's pixels.
"""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Pixels, as_floats, levels_of
from compositing.fill import HIDDEN, filled, patched, pulled, telea
from compositing.foreground import Layers
from compositing.gaussian import (
    blur_scale,
    disc,
    gaussian,
    gaussian_reach,
    gaussian_scale,
)
from compositing.light import light_table, to_light, to_srgb
from compositing.plate import Plate, blurred
from compositing.scaling import (
    Floats,
    block_means,
    halving,
    known_means,
    reduced,
    table_means,
    taps,
)

SUBJECT = 0.1
"""What `inpainted` paints over: alphas above this."""

MARGIN = 15  # pixels of the full photo: the width of the ellipse that dilates the subject
REACH = 5  # pixels of the full photo: the radius that Telea's method looks at
LONGEST = 1024  # pixels on the longer side that Telea paints at most, for it is slow


def inpainted(photo: Pixels, alpha: Alpha, sigma: float, scale: float) -> Plate:
    """Paint over the subject and a margin around it, then blur.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
    sigma : float
    scale : float
        The arrays' size / the full photo's.

    Returns
    -------
    plate : Plate
        The photo itself, blurred, where there is nothing to paint with.

    References
    ----------
    A. Telea: "An Image Inpainting Technique Based on the Fast Marching Method", 2004.

    Examples
    --------
    >>> photo = np.full((40, 40, 3), 90, np.uint8)
    >>> alpha = np.zeros((40, 40), np.float32)
    >>> photo[18:22, 18:22], alpha[18:22, 18:22] = 255, 1
    >>> bool(abs(inpainted(photo, alpha, 3, 1).rows(0, 40) - 90).max() < 1)
    True
    """
    side = gaussian_scale(sigma, *alpha.shape)
    margin = 2 * round((MARGIN - 1) / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (margin, margin))
    known = cv2.erode((alpha <= SUBJECT).astype(np.uint8), ellipse)
    coarse = max(side, halving(alpha.shape, LONGEST))
    deep = levels_of(photo) > 256
    whole: Any = as_floats(photo) if deep and coarse == 1 else photo
    colours, shown = known_means(photo, known, coarse) if coarse > 1 else (whole, known)
    if not (shown >= HIDDEN).any():  # nothing to paint with
        return blurred(photo, sigma)
    radius = max(1, round(REACH * scale / coarse))
    painted = telea(colours, shown < HIDDEN, radius).astype(np.float32)
    if deep:  # Telea's method knows 8 bits alone: elsewhere the photo's own stay
        np.copyto(painted, colours, where=shown[..., None] >= HIDDEN)

    def rows(first: int, end: int) -> Floats:
        if coarse == side:
            return painted[first:end]
        part = slice(first * side, end * side)
        fine, visible = known_means(photo[part], known[part], side)
        patched(fine, visible, painted, coarse / side, first)
        return fine

    def make(first: int, end: int) -> Floats:
        return gaussian(rows(first, end), sigma, side)

    return Plate(side, reduced(len(alpha), side), gaussian_reach(sigma, side), make)


def unmixed(photo: Pixels, alpha: Alpha, layers: Layers, sigma: float) -> Plate:
    """Subtract the subject from the photo, fill in what it hid, then blur.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
    layers : Layers
        What `layers_of` estimates for these two.
    sigma : float

    Returns
    -------
    plate : Plate

    Examples
    --------
    Half-transparent white over grey 90:

    >>> from compositing.foreground import layers_of
    >>> alpha = np.zeros((40, 40), np.float32)
    >>> alpha[12:28, 12:28] = 0.5
    >>> alpha[16:24, 16:24] = 1
    >>> photo = np.rint(90 + (255 - 90) * alpha[..., None] * np.ones(3)).astype(np.uint8)
    >>> rows = unmixed(photo, alpha, layers_of(photo, alpha), 2).rows(0, 40)
    >>> bool(abs(rows - 90).max() < 2)
    True
    """
    side = gaussian_scale(sigma, *alpha.shape)
    behind = _behind(photo, alpha, layers, side)

    def make(first: int, end: int) -> Floats:
        return gaussian(behind(first, end)[0], sigma, side)

    return Plate(side, reduced(len(alpha), side), gaussian_reach(sigma, side), make)


def lens(photo: Pixels, alpha: Alpha, layers: Layers, sigma: float) -> Plate:
    """As `unmixed`, but blur by a disc in linear light, as a lens out of focus does.

    The disc's radius is 2 σ, so that it is as strong as the Gaussian.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
    layers : Layers
        What `layers_of` estimates for these two.
    sigma : float

    Returns
    -------
    plate : Plate

    Examples
    --------
    A bright point becomes a disc with a rim:

    >>> from compositing.foreground import layers_of
    >>> photo = np.zeros((31, 31, 3), np.uint8)
    >>> photo[15, 15] = 255
    >>> nobody = np.zeros((31, 31), np.float32)
    >>> print(lens(photo, nobody, layers_of(photo, nobody), 2).rows(15, 16)[0, 9:16, 0].round(1))
    [ 0.   0.  25.3 38.5 38.5 38.5 38.5]
    """
    radius = 2 * sigma
    side = blur_scale(radius / 5, *alpha.shape)
    light = light_behind(photo, alpha, layers, side)
    aperture = disc(radius / side)

    def make(first: int, end: int) -> Floats:
        return to_srgb(cv2.filter2D(light(first, end), -1, aperture))

    return Plate(side, reduced(len(alpha), side), math.ceil(radius / side), make)


def light_behind(
    photo: Pixels, alpha: Alpha, layers: Layers, side: int
) -> Callable[[int, int], Floats]:
    """The background's light without the subject, in rows.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
    layers : Layers
        What `layers_of` estimates for these two.
    side : int
        By how much it is reduced: no more than the layers.

    Returns
    -------
    rows : callable
        `rows(first, end)` gives rows of the reduced picture, `float32 (rows, w, 3)`, linear light.

    Examples
    --------
    >>> from compositing.foreground import layers_of
    >>> grey, nobody = np.full((4, 4, 3), 188, np.uint8), np.zeros((4, 4), np.float32)
    >>> rows = light_behind(grey, nobody, layers_of(grey, nobody), 1)
    >>> print(rows(0, 2)[0, 0].round(1))
    [0.5 0.5 0.5]
    """
    behind, levels = _behind(photo, alpha, layers, side), levels_of(photo)

    def rows(first: int, end: int) -> Floats:
        colours, clear = behind(first, end)
        light = to_light(colours, levels)
        means = table_means(photo[first * side : end * side], light_table(levels), side)
        # Where no subject is: the mean light of a block's pixels, not the light of their mean.
        cv2.copyTo(means, clear.view(np.uint8), light)
        return light

    return rows


def _behind(
    photo: Pixels, alpha: Alpha, layers: Layers, side: int
) -> Callable[[int, int], tuple[Floats, NDArray[np.bool]]]:
    """Rows of the background reduced by `side`, and where no subject is in front of them."""
    colours, shown = _subtracted(layers.image, layers.alpha, layers, 1, 0)
    coarse = layers.side
    while coarse < side:
        (colours, shown), coarse = pulled(colours, shown), 2 * coarse
    filled(colours, shown)

    def slice_of(first: int, end: int) -> tuple[Floats, NDArray[np.bool]]:
        return colours[first:end], shown[first:end] == 1

    def finer(first: int, end: int) -> tuple[Floats, NDArray[np.bool]]:
        part = slice(first * side, end * side)
        image, small = block_means(photo[part], side), block_means(alpha[part], side)
        ratio = layers.side / side
        fine, visible = _subtracted(image, small, layers, ratio, first)
        patched(fine, visible, colours, ratio, first)
        return fine, visible == 1

    return slice_of if coarse == side else finer


def _subtracted(
    image: Floats, alpha: Floats, layers: Layers, ratio: float, first: int
) -> tuple[Floats, Floats]:
    """The background's colours, (image − αF) / (1 − α), and how much of it shows, 1 − α.

    image and alpha are rows of a picture `ratio` times as fine as the layers; `first` is the first.
    """
    from compositing.kernels import jit
    from compositing.kernels.layers import subtract

    where = taps(alpha.shape, layers.alpha.shape, ratio, first)
    colours, shown = np.empty_like(image), np.empty_like(alpha)
    jit.in_bands(subtract, *alpha.shape, image, alpha, layers.colours, *where, colours, shown)
    return colours, shown
