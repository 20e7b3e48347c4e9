"""A finished matte, corrected by clicks: graph cuts find what a click belongs to."""

from collections.abc import Sequence
from math import hypot

import cv2
import numpy as np

from compositing.alpha import refine
from compositing.arrays import Alpha, Photo
from models.families.grabcut.crops import Crop, holds, whole_photo
from models.families.grabcut.graph_cuts import cut, part_at, tidied
from models.families.grabcut.trimaps import clicked
from models.interface import Point
from models.running.stages import check

DAB = 0.01
"""The radius of what a click changes at least: part of the photo's longer side."""


def steer(photo: Photo, alpha: Alpha, points: Sequence[Point]) -> Alpha:
    """The matte, corrected by one click after another: an include point on what it lacks adds the
    thing there, an exclude point on what it holds takes that away. Elsewhere it stays as it is.

    photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)` in [0, 1], as is what's returned. Afterwards
    alpha is above 0.5 at include points and at most 0.5 at exclude points; of two in one pixel, the
    later one counts. Points that say what the matte says already change nothing.
    """
    full = whole_photo(photo)
    points = [point for point in points if holds(full.box, point)]
    if points and not full.shows_nothing:
        for number, point in enumerate(points, 1):
            if not _agrees(alpha, point):
                check()
                alpha = _corrected(full, alpha, points[:number])
    for number, point in enumerate(points):
        if not _agrees(alpha, point):
            alpha = _dabbed(alpha, point, [*points[:number], *points[number + 1 :]])
    return alpha


def _corrected(full: Crop, alpha: Alpha, points: Sequence[Point]) -> Alpha:
    """The matte with what the last point says; the ones before it are certain."""
    point = points[-1]
    height, width = full.coarse.shape[:2]
    small = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)
    mask = cut(full, clicked(full, small > 0.5, points), points)
    height, width = mask.shape
    held = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA) > 0.5
    (at,) = full.points_in(full.fine, [point])
    changed = np.zeros_like(alpha)
    full.add_to(changed, tidied(part_at((mask != held) & (mask == point.include), at)))
    changed = refine(full.photo, changed)
    return np.maximum(alpha, changed) if point.include else np.minimum(alpha, 1 - changed)


def _dabbed(alpha: Alpha, point: Point, others: Sequence[Point]) -> Alpha:
    """The matte with a small disc at the point, which leaves the other points alone: what a click
    on a single spot, alike in colour to what is around it, is worth."""
    apart = [hypot(point.x - other.x, point.y - other.y) for other in others]
    radius = min([DAB * max(alpha.shape), *(0.5 * each for each in apart)])
    dabbed = alpha.copy()
    value = float(point.include)
    cv2.circle(dabbed, (int(point.x), int(point.y)), int(radius), value, cv2.FILLED)
    return dabbed


def _agrees(alpha: Alpha, point: Point) -> bool:
    return bool((alpha[int(point.y), int(point.x)] > 0.5) == point.include)
