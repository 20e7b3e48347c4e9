"""GrabCut itself: Rother, Kolmogorov and Blake, "GrabCut: Interactive Foreground Extraction using
Iterated Graph Cuts" (SIGGRAPH 2004), in OpenCV's implementation.

It works on a reduced photo: first on all of it, then on a narrow band along the edge at twice the
size (Lombaert et al., "A Multilevel Banded Graph Cuts Method", ICCV 2005).
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo
from models.families.grabcut.barrier import Region
from models.families.grabcut.crops import Crop
from models.families.grabcut.trimaps import Trimap, mark
from models.interface import Point

ITERATIONS, BAND_ITERATIONS = 3, 1

BAND = 4
"""Pixels of the fine picture on either side of the coarse edge that are looked at again."""


def cut(crop: Crop, trimap: Trimap, points: Sequence[Point] = ()) -> Region:
    """The foreground, bool, of the size of `crop.fine`: found on `coarse`, its edge on `fine`.
    points: what is certain on `fine`; the trimap has them already."""
    rough = grabcut(crop.coarse, trimap, ITERATIONS).astype(np.float32)
    h, w = crop.fine.shape[:2]
    surface = cv2.resize(cv2.GaussianBlur(rough, (0, 0), 0.7), (w, h))
    mask = (surface > 0.5).astype(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * BAND + 1, 2 * BAND + 1))
    band = np.where(mask, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    band[cv2.erode(mask, disc) > 0] = cv2.GC_FGD
    band[cv2.dilate(mask, disc) == 0] = cv2.GC_BGD
    mark(band, crop.points_in(crop.fine, points))
    return grabcut(crop.fine, band, BAND_ITERATIONS)


def grabcut(picture: Photo, trimap: Trimap, iterations: int) -> Region:
    """bool (H, W): OpenCV's GrabCut, the same on every run and in every thread."""
    foreground = (trimap & 1).astype(bool)  # GC_FGD = 1, GC_PR_FGD = 3
    if foreground.all() or not foreground.any():
        return foreground
    labels, background_model, foreground_model = trimap.copy(), np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # of this thread: the clusters that it starts with are drawn at random
    cv2.grabCut(
        picture, labels, None, background_model, foreground_model, iterations, cv2.GC_INIT_WITH_MASK
    )
    return (labels & 1).astype(bool)


def tidied(mask: Region) -> Region:
    """The mask without small holes, and without parts smaller than a fifth of the largest."""
    labels, areas = _parts(mask)
    kept = areas >= 0.2 * areas[1:].max(initial=0)
    kept[0] = False
    mask = kept[labels]
    labels, areas = _parts(~mask)
    filled = areas < 0.015 * mask.size
    filled[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = False
    return mask | filled[labels]


def part_at(mask: Region, point: Point) -> Region:
    """The connected part that holds the point; none if the mask doesn't."""
    labels, _ = _parts(mask)
    part: Region = mask & (labels == labels[int(point.y), int(point.x)])
    return part


def _parts(mask: Region) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The connected parts: each pixel's number (0 outside the mask), and their areas by number."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return labels, stats[:, cv2.CC_STAT_AREA]
