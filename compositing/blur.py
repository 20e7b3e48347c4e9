"""Plates: what goes behind the subject, blurred, and only as large as its blur needs.

A plate hands out rows, so that a large one is never whole in memory. Sigmas are in photo pixels.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
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
"""`inpainted` takes alphas above this for the subject."""

MARGIN = 15  # full-size pixels: the ellipse by which it is dilated
REACH = 5  # and the radius from which it is painted over
LONGEST = 1024  # at this size at most, for Telea is slow; the photo around stays sharp


@dataclass(frozen=True)
class Plate:
    """side: how many photo pixels one of its own spans. blurred: the rows from one to before
    another, `float32 (rows, w, 3)`, 0 to 255; so many as `reach` at either end are not right yet.
    """

    side: int
    height: int
    reach: int
    blurred: Callable[[int, int], Floats]

    def rows(self, first: int, end: int) -> Floats:
        start, stop = max(0, first - self.reach), min(self.height, end + self.reach)
        return self.blurred(start, stop)[first - start : end - start]


def softened(photo: Photo, sigma: float) -> Plate:
    """The photo whole, blurred."""
    side = gaussian_scale(sigma, *photo.shape[:2])

    def blurred(first: int, end: int) -> Floats:
        return gaussian(block_means(photo[first * side : end * side], side), sigma, side)

    return Plate(side, reduced(len(photo), side), gaussian_reach(sigma, side), blurred)


def inpainted(photo: Photo, alpha: Alpha, sigma: float, scale: float) -> Plate:
    """The subject and a margin painted over by Telea's method, then blurred."""
    side = gaussian_scale(sigma, *alpha.shape)
    margin = 2 * round((MARGIN - 1) / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (margin, margin))
    known = cv2.erode((alpha <= SUBJECT).astype(np.uint8), ellipse)
    coarse = max(side, halving(alpha.shape, LONGEST))
    colours, shown = known_means(photo, known, coarse) if coarse > 1 else (photo, known)
    if not (shown >= HIDDEN).any():  # nothing to paint with
        return softened(photo, sigma)
    radius = max(1, round(REACH * scale / coarse))
    painted = telea(colours, shown < HIDDEN, radius).astype(np.float32)

    def rows(first: int, end: int) -> Floats:
        if coarse == side:
            return painted[first:end]
        part = slice(first * side, end * side)
        fine, visible = known_means(photo[part], known[part], side)
        patched(fine, visible, painted, coarse / side, first)
        return fine

    def blurred(first: int, end: int) -> Floats:
        return gaussian(rows(first, end), sigma, side)

    return Plate(side, reduced(len(alpha), side), gaussian_reach(sigma, side), blurred)


def unmixed(photo: Photo, alpha: Alpha, layers: Layers, sigma: float) -> Plate:
    """The subject subtracted from the photo, what it hid filled in, then blurred."""
    side = gaussian_scale(sigma, *alpha.shape)
    behind = _behind(photo, alpha, layers, side)

    def blurred(first: int, end: int) -> Floats:
        return gaussian(behind(first, end)[0], sigma, side)

    return Plate(side, reduced(len(alpha), side), gaussian_reach(sigma, side), blurred)


def lens(photo: Photo, alpha: Alpha, layers: Layers, sigma: float) -> Plate:
    """As `unmixed`, but blurred by a disc as strong, in linear light, as an aperture does."""
    radius = 2 * sigma
    side = blur_scale(radius / 5, *alpha.shape)
    behind = _behind(photo, alpha, layers, side)
    aperture = disc(radius / side)

    def blurred(first: int, end: int) -> Floats:
        colours, clear = behind(first, end)
        light = to_light(colours)
        means = table_means(photo[first * side : end * side], light_table(), side)
        # Where it's clear: the light of a block's pixels, not of their mean colour.
        cv2.copyTo(means, clear.view(np.uint8), light)
        return to_srgb(cv2.filter2D(light, -1, aperture))

    return Plate(side, reduced(len(alpha), side), math.ceil(radius / side), blurred)


def _behind(
    photo: Photo, alpha: Alpha, layers: Layers, side: int
) -> Callable[[int, int], tuple[Floats, NDArray[np.bool]]]:
    """Rows of the background reduced by `side`, and where nothing is in front of it."""
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
    """The colours of image less αF, and how much of the background shows, `float32 (h, w)`.

    image and alpha begin at their row `first`, and are `ratio` times as fine as the layers.
    """
    from compositing.kernels import jit
    from compositing.kernels.layers import subtract

    where = taps(alpha.shape, layers.alpha.shape, ratio, first)
    colours, shown = np.empty_like(image), np.empty_like(alpha)
    jit.in_bands(subtract, *alpha.shape, image, alpha, layers.colours, *where, colours, shown)
    return colours, shown
