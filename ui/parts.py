"""The part of a very long photo that cards show: of a panorama, all would be a few pixels high."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from compositing.arrays import Photo
from evaluation.crops import worst_crops
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.previews import shrink
from ui.levels import preview_levels

LONG = 3
"""How many times as long as its other side a photo is, of which a part is shown."""
SHOWN = 2
"""The same of that part."""
SIDE = 960
"""Longest side, in pixels, of the mattes by which a place is found."""
AROUND = 224
"""Pixels at 100 %: no window is so small that it wouldn't show an edge that is as near."""
APART = 600
"""Pixels at 100 % from one edge to the next: far enough for a window to show something else."""
EDGES = 8
"""At most."""
WEAK = 0.1
"""Of the strongest edge: less is a speck."""

AROUND_ONE = np.ones((3, 3), np.uint8)
"""A pixel and its neighbours."""


class Part(NamedTuple):
    """Where it begins and ends, in parts of the photo's width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def of(self, image: NDArray[Any]) -> NDArray[Any]:
        """This part of a picture of the whole photo, `(H, W)` or `(H, W, C)`: a view of it."""
        height, width = image.shape[:2]
        top, bottom = round(self.top * height), round(self.bottom * height)
        left, right = round(self.left * width), round(self.right * width)
        return image[top : max(bottom, top + 1), left : max(right, left + 1)]

    def size_in(self, photo: PhotoFile) -> tuple[float, float]:
        """Its width and height in the photo's pixels."""
        return (self.right - self.left) * photo.width, (self.bottom - self.top) * photo.height

    def whole(self, side: int) -> int:
        """The whole photo's longest side where this part's is `side` pixels long."""
        return round(side / min(self.right - self.left, self.bottom - self.top))


def part_of(photo: PhotoFile, cuts: Sequence[Cut]) -> Part | None:
    """The part in which these cuts of it have most of their edges, the same for all of them: inside
    of a subject, or of what one model took for it, there is nothing to compare. None of a photo of
    a usual shape, and where no subject was found: all of it is shown then."""
    found = [cut for cut in cuts if not cut.empty]
    if not found or not is_long(photo.width, photo.height):
        return None
    return _part(tuple(cut.key for cut in found), found)


def is_long(width: int, height: int) -> bool:
    """Whether all of a photo of that size would be too thin to be looked at."""
    return max(width, height) > LONG * min(width, height)


def square_of(pixels: Photo) -> Photo:
    """The largest square in the middle, or of a strip where there is most to be seen: more than in
    all of it. A long page may be blank in its middle.

    pixels: `uint8 (H, W, 3)`.
    """
    if is_long(pixels.shape[1], pixels.shape[0]):
        pixels = _in_detail(pixels).of(pixels)
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def _in_detail(pixels: Photo) -> Part:
    """The part of a long photo in which there is most to be seen, whatever it is.

    pixels: `uint8 (H, W, 3)`.
    """
    grey = cv2.cvtColor(shrink(pixels, SIDE), cv2.COLOR_RGB2GRAY)
    return part_around(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, AROUND_ONE).astype(np.float64))


def edges_of(cuts: Sequence[Cut]) -> list[tuple[float, float]]:
    """Where these cuts of one photo have the most of an edge, as parts of the photo's width and
    height; from the most on, apart from each other. Hair has more than a smooth outline: each
    strand has its own. None where no subject was found."""
    found = [cut for cut in cuts if not cut.empty]
    return _edges_of(tuple(cut.key for cut in found), found) if found else []


@st.cache_data(max_entries=500, show_spinner=False)
def _part(keys: tuple[str, ...], _cuts: Sequence[Cut]) -> Part:
    return part_around(_edges(_cuts))


@st.cache_data(max_entries=500, show_spinner=False)
def _edges_of(keys: tuple[str, ...], _cuts: Sequence[Cut]) -> list[tuple[float, float]]:
    edges = _edges(_cuts)
    scale = edges.shape[1] / _cuts[0].photo.width
    side, apart = max(1, round(AROUND * scale)), math.ceil(APART * scale)
    places = worst_crops(edges, EDGES, side, apart)
    strengths = [float(edges[place].sum()) for place in places]
    height, width = edges.shape
    return [
        ((columns.start + columns.stop) / 2 / width, (rows.start + rows.stop) / 2 / height)
        for (rows, columns), strength in zip(places, strengths, strict=True)
        if strength > WEAK * strengths[0]
    ]


def _edges(cuts: Sequence[Cut]) -> NDArray[np.float64]:
    """`(h, w)`: how much the mattes change there, soft or all at once. Each matte has as much to
    say: one that takes much for its subject is often wrong."""
    levels = [shrink(preview_levels(cut), SIDE) for cut in cuts]
    edges = [cv2.morphologyEx(each, cv2.MORPH_GRADIENT, AROUND_ONE) for each in levels]
    return np.mean([each / max(each.sum(), 1) for each in edges], axis=0)


def part_around(edges: NDArray[np.float64]) -> Part:
    """The part of a long photo that has most of the edges; in its middle, as far as can be.

    edges: `(h, w)`, how much of one is at each pixel; one side more than SHOWN times the other.
    """
    height, width = edges.shape
    wide = width > height
    along = edges.sum(axis=0 if wide else 1)
    length = SHOWN * min(height, width)
    sums = np.concatenate([[0], along.cumsum()])
    inside = sums[length:] - sums[:-length]
    # All of a small subject is in many parts: those are one stretch.
    less, best = np.flatnonzero(inside < 0.99 * inside.max()), inside.argmax()
    first = less[less < best].max(initial=-1) + 1
    last = less[less > best].min(initial=len(inside)) - 1
    start = (first + last) // 2
    begin, end = float(start / len(along)), float((start + length) / len(along))
    return Part(begin, 0, end, 1) if wide else Part(0, begin, 1, end)
