"""A finished matte, corrected by clicks: graph cuts find what a click belongs to."""

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np

from compositing.alpha import refine
from compositing.arrays import Alpha, Photo
from models.families.grabcut.crops import Crop, holds, whole_photo
from models.families.grabcut.saliency import Region
from models.families.grabcut.segmenter import cut, cut_out, parts_at
from models.families.grabcut.trimaps import Trimap, around_point, steered
from models.interface import Point

CERTAIN = 0.05
"""Nearer than this to 0 or 1, an opacity is taken for certain."""


def steer(photo: Photo, alpha: Alpha, points: Sequence[Point]) -> Alpha:
    """The matte with what was clicked on: an include point on what it lacks adds the thing there,
    an exclude point on what it holds takes that away. Elsewhere it stays as it is.

    photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)` in [0, 1], as is what's returned. Points that
    say what the matte says already change nothing.
    """
    full = whole_photo(photo)
    points = [point for point in points if holds(full.box, point)]
    excluded = [point for point in points if not point.include]
    lacking = [point for point in points if point.include and not _holds(alpha, point)]
    surplus = [point for point in excluded if _holds(alpha, point)]
    if surplus:
        gone = _taken_away(full, alpha, points, surplus)
        alpha = np.minimum(alpha, 1 - refine(photo, gone))
    if lacking:
        added = np.zeros_like(alpha)
        for point in lacking:
            if not _holds(added, point):
                start = partial(around_point, full, point)
                cut_out(added, full, start, [point, *excluded], only=[point])
        alpha = np.maximum(alpha, refine(photo, added))
    return alpha


def _taken_away(
    full: Crop, alpha: Alpha, points: Sequence[Point], surplus: Sequence[Point]
) -> Alpha:
    """1 where the matte holds what the surplus points are on."""
    trimap = steered(_trimap(full, alpha), full, points)
    kept = cut(full, trimap, points)
    height, width = kept.shape
    held = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA) > 0.5
    on = [Point(at.x, at.y) for at in full.points_in(full.fine, surplus)]
    gone: Region = parts_at(held & ~kept, on)
    away = np.zeros_like(alpha)
    full.add_to(away, gone)
    return away


def _trimap(full: Crop, alpha: Alpha) -> Trimap:
    """What the matte is sure of, and what it only leans to, at the size of `full.coarse`."""
    height, width = full.coarse.shape[:2]
    small = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)
    trimap = np.where(small > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[small < CERTAIN] = cv2.GC_BGD
    return trimap


def _holds(alpha: Alpha, point: Point) -> bool:
    return bool(alpha[int(point.y), int(point.x)] > 0.5)
