"""Where GrabCut starts: what is foreground or background for certain, probably, or not known yet.

A trimap is uint8 (H, W) of cv2.GC_FGD and GC_BGD (certain), GC_PR_FGD and GC_PR_BGD (probable).
It has the size of `crop.coarse`; boxes and points come in the photo's pixels.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from models.families.grabcut.barrier import Map, Region, barrier_distance, threshold
from models.families.grabcut.crops import Crop
from models.interface import Box, Point

type Trimap = NDArray[np.uint8]

CERTAIN = 0.2
"""Nearer than this to 0 or 1, an opacity is taken for certain."""

REACH = 2
"""A click changes nothing farther away than so many times its distance to the matte's edge."""

NEAREST = 3
"""Pixels of `coarse` that a click may always change."""


def from_matte(crop: Crop, alpha: Alpha) -> Trimap:
    """What a matte of the crop, of any size, is sure of and what it leans to."""
    height, width = crop.coarse.shape[:2]
    small = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)
    trimap = np.where(small > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[small > 1 - CERTAIN] = cv2.GC_FGD
    trimap[small < CERTAIN] = cv2.GC_BGD
    return trimap


def inside_box(crop: Crop, box: Box) -> Region:
    """bool, of the size of `crop.coarse`: the pixels of a box."""
    small = crop.box_in(box)
    inside = np.zeros(crop.coarse.shape[:2], bool)
    inside[round(small.y0) : round(small.y1), round(small.x0) : round(small.x1)] = True
    return inside


def clicked(crop: Crop, subject: Region, points: Sequence[Point]) -> Trimap:
    """The trimap in which the last point corrects the subject, bool of the size of `crop.coarse`.

    What the point surely reaches is turned into what it says, what it may reach is left open, and
    all else stays as it is.
    """
    point = points[-1]
    reach = _reach(crop, subject, point)
    if point.include:
        certain, likely, unlikely = cv2.GC_FGD, cv2.GC_PR_FGD, cv2.GC_PR_BGD
    else:
        certain, likely, unlikely = cv2.GC_BGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD
    trimap = np.where(subject, cv2.GC_FGD, cv2.GC_BGD).astype(np.uint8)
    here = subject != point.include
    trimap[here & (reach < 1.6)] = unlikely
    trimap[here & (reach < 1)] = likely
    trimap[here & (reach < 0.5)] = certain
    mark(trimap, crop.points_in(crop.coarse, points))
    return trimap


def mark(trimap: Trimap, points: Sequence[Point]) -> None:
    """Make the trimap certain at the points, in place; of two that meet, the later one counts."""
    radius = max(1, round(0.01 * max(trimap.shape)))
    for point in points:
        label = cv2.GC_FGD if point.include else cv2.GC_BGD
        cv2.circle(trimap, (int(point.x), int(point.y)), radius, label, cv2.FILLED)


def _reach(crop: Crop, subject: Region, point: Point) -> Map:
    """How far each pixel is from a click, in colour and in place: 0 at the click, 1 where something
    else probably begins. A click near the subject's edge is on something small."""
    (at,) = crop.points_in(crop.coarse, [point])
    click = np.zeros(subject.shape, np.uint8)
    mark(click, [Point(at.x, at.y)])
    h, w = click.shape
    y, x = np.mgrid[:h, :w].astype(np.float32)
    away = np.hypot(x - at.x, y - at.y)
    far = barrier_distance(crop.lab, click > 0) + 250 * away / max(h, w)
    reach: Map = far / max(0.5 * 255 * threshold(np.minimum(far / 255, 1)), 1)
    other_side = subject == point.include
    if other_side.any():
        nearest = float(away[other_side].min())
        reach = np.maximum(reach, away / max(NEAREST, REACH * nearest))
    return reach
