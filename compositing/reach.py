"""How far a brush's stroke reaches, if it keeps to the colours that it was drawn on.

The colours under the stroke's core and those under its rim are counted in two histograms; a pixel
belongs to the stroke by the likelihood ratio of its colour. (The colour models are those of
Y. Boykov, M.-P. Jolly: "Interactive Graph Cuts for Optimal Boundary & Region Segmentation of
Objects in N-D Images", 2001.) A rim that has crossed an edge holds colours that the core has not.
What is found is smoothed, and its edge drawn anew by the photo.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.guided import refine

CORE, RIM = 0.5, 0.75
"""What of the brush's radius is core, and where its rim begins. A stroke that reaches over an edge
by less than half of its radius has none of the other side in its core."""
BITS = 5  # of each channel of a colour, in the histograms
RARE, COMMON = 0.1, 0.4
"""Of a colour, the core's part of the density, below which it's no part of the stroke, and above
which it is for sure."""
SMOOTHING = 0.08  # σ, of the brush's radius


def reach(photo: Photo, near: NDArray[np.float32], radius: float) -> Alpha:
    """Find what belongs to a stroke.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB; the stroke's window.
    near : (H, W) float32 array
        The distance to the stroke's path in radii of the brush; inf outside of its footprint.
    radius : float
        The brush's, in pixels.

    Returns
    -------
    reach : (H, W) float32 array
        In [0, 1]; what it tells outside of the footprint has no meaning.

    Examples
    --------
    Drawn along column 4 of a photo that turns bright at column 7, with a radius of 5 pixels:

    >>> photo = np.zeros((20, 12, 3), np.uint8)
    >>> photo[:, 7:] = 200
    >>> near = np.tile(np.abs(np.arange(12, dtype=np.float32) - 4) / 5, (20, 1))
    >>> print(reach(photo, near, 5)[10, 2:10].round(1))
    [1. 1. 1. 1. 1. 0. 0. 0.]
    """
    core, inside = near <= CORE, np.isfinite(near)
    if not core.any():  # a brush of a pixel or two takes what it touches
        return inside.astype(np.float32)
    shade = photo >> (8 - BITS)
    place = (shade[..., 0].astype(np.int32) << BITS | shade[..., 1]) << BITS | shade[..., 2]
    of_core, of_rim = (_density(place[part]) for part in (core, inside & (near >= RIM)))
    ratio = of_core / (of_core + of_rim + 1e-9)
    belongs = np.clip((ratio - RARE) / (COMMON - RARE), 0, 1).astype(np.float32)[place]
    sigma = max(SMOOTHING * radius, 0.8)
    counted = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
    belongs = cv2.GaussianBlur(belongs * inside, (0, 0), sigma) / np.maximum(counted, 1e-3)
    return refine(photo, (core | (belongs > 0.5)).astype(np.float32))


def _density(places: NDArray[np.int32]) -> NDArray[np.float32]:
    """How common each colour is among the pixels, its neighbours counted: a flat histogram."""
    side = 1 << BITS
    counts: NDArray[np.float32] = np.bincount(places, minlength=side**3).astype(np.float32)
    counts /= max(places.size, 1)
    for _ in range(3):  # along each of the three channels
        plane = counts.reshape(side, side * side)
        plane = cv2.filter2D(plane, -1, _BINOMIAL, borderType=cv2.BORDER_REPLICATE)
        counts = np.ascontiguousarray(plane.T).ravel()
    return counts


_BINOMIAL = np.array([[1], [4], [6], [4], [1]], np.float32) / 16
