"""Where models differ: along the truth's edge."""

import cv2
import numpy as np

from evaluation.metrics.levels import Levels, Region

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
    trimap = np.full(truth.shape, UNKNOWN, np.uint8)
    for level in (255, 0):
        trimap[_deep(truth == level, radius)] = level
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
