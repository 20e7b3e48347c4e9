"""Where models differ: along the truth's edge."""

import cv2
import numpy as np

from evaluation.metrics.levels import Levels, Region, around

RADIUS = 0.005
"""How far the edge band reaches beyond what is soft: part of the picture's diagonal."""

LEAST = 5
"""The same in pixels, at least."""

UNKNOWN = 128
"""What a trimap calls neither subject (255) nor background (0)."""


def radius_of(height: int, width: int) -> int:
    """Pixels that the edge band reaches beyond what is soft, in a picture of that size."""
    return max(LEAST, round(RADIUS * float(np.hypot(height, width))))


def trimap_of(truth: Levels, radius: int) -> Levels:
    """255, 128 or 0: what is neither purely subject or background, nor further than `radius` pixels
    (Euclidean) from what isn't, is unknown. There's no recipe that all agree on: the radius belongs
    beside each number."""
    soft = (truth != 0) & (truth != 255)
    # Far from all that is soft, and from where subject and background touch, nothing changes.
    edges = cv2.morphologyEx(truth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edges[soft] = UNKNOWN
    shown = around(edges, radius + 1)
    trimap, near = truth.copy(), truth[shown]
    band = np.full(near.shape, UNKNOWN, np.uint8)
    for level in (255, 0):
        band[_deep(near == level, radius)] = level
    trimap[shown] = band
    return trimap


def known(matte: Levels, trimap: Levels) -> Levels:
    """The matte with the trimap's sure pixels put in, as benchmarks of the unknown band demand."""
    return np.where(trimap == UNKNOWN, matte, trimap)


def _deep(mask: Region, radius: int) -> Region:
    if mask.all() or not mask.any():
        return mask
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    deep: Region = inside > radius
    return deep
