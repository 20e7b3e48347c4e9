"""A part of a photo, made small enough to work on in no time, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from models.families.grabcut.barrier import Lab, Region, to_lab
from models.interface import Box, Point

SIDE = 448
"""Pixels along the longer side at which edges are found; what comes before takes half as many."""

SMALLEST, FLAT = 8, 6
"""A view that has fewer pixels across, or fewer levels between its colours, shows nothing."""


@dataclass(frozen=True, eq=False)
class Crop:
    """The region `box` (whole pixels, inside the photo) of `photo`, reduced but never enlarged:
    `fine` has at most `side` pixels along its longer side, `coarse` half as many."""

    photo: Photo
    box: Box
    side: int = SIDE

    @cached_property
    def fine(self) -> Photo:
        return _reduced(self.photo[self._region], self.side)

    @cached_property
    def coarse(self) -> Photo:
        return _reduced(self.fine, self.side // 2)

    @cached_property
    def lab(self) -> Lab:
        return to_lab(self.coarse)

    @property
    def shows_nothing(self) -> bool:
        """Too small, or all of one colour."""
        smooth = cv2.GaussianBlur(self.coarse, (0, 0), 1)
        return min(smooth.shape[:2]) < SMALLEST or float(np.ptp(smooth, axis=(0, 1)).max()) < FLAT

    def box_in(self, box: Box) -> Box:
        """A box of the photo, in the pixels of `coarse`."""
        x, y = self._scale(self.coarse)
        left, top = self.box.x0, self.box.y0
        return Box((box.x0 - left) * x, (box.y0 - top) * y, (box.x1 - left) * x, (box.y1 - top) * y)

    def points_in(self, small: Photo, points: Sequence[Point]) -> list[Point]:
        """Those points of the photo that the view holds, in the pixels of `coarse` or `fine`."""
        x, y = self._scale(small)
        return [
            replace(point, x=(point.x - self.box.x0) * x, y=(point.y - self.box.y0) * y)
            for point in points
            if holds(self.box, point)
        ]

    def add_to(self, alpha: Alpha, mask: Region) -> None:
        """Set `alpha`, of the photo's size, to 1 where `mask`, of `fine`'s size, is true.

        Enlarged as a smooth surface that is cut in the middle, so that edges don't become stairs.
        """
        part = alpha[self._region]
        surface = cv2.GaussianBlur(mask.astype(np.uint8) * 255, (0, 0), 1)
        h, w = part.shape
        part[cv2.resize(surface, (w, h), interpolation=cv2.INTER_CUBIC) > 127] = 1

    @property
    def _region(self) -> tuple[slice, slice]:
        box = self.box
        return slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))

    def _scale(self, small: Photo) -> tuple[float, float]:
        h, w = small.shape[:2]
        return w / (self.box.x1 - self.box.x0), h / (self.box.y1 - self.box.y0)


def holds(box: Box, point: Point) -> bool:
    return box.x0 <= point.x < box.x1 and box.y0 <= point.y < box.y1


def whole_photo(photo: Photo) -> Crop:
    h, w = photo.shape[:2]
    return Crop(photo, Box(0, 0, w, h))


def box_crop(photo: Photo, box: Box, side: int) -> Crop:
    """The view of a box and a quarter of its longer side around it."""
    margin = 0.25 * max(box.x1 - box.x0, box.y1 - box.y0)
    h, w = photo.shape[:2]
    return Crop(
        photo,
        Box(
            max(0, floor(box.x0 - margin)),
            max(0, floor(box.y0 - margin)),
            min(w, ceil(box.x1 + margin)),
            min(h, ceil(box.y1 + margin)),
        ),
        side,
    )


def _reduced(photo: Photo, longer: int) -> Photo:
    """At most `longer` pixels along the longer side, and at least 1 along the other."""
    h, w = photo.shape[:2]
    scale = min(1, longer / max(h, w))
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    small: Photo = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    return small
