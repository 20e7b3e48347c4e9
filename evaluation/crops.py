"""Where it is worth looking: where in a picture most is wrong, or models differ most."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 224
"""Pixels, at 100 %."""

type Place = tuple[slice, slice]
"""Rows and columns."""
type Wrong = NDArray[np.uint8] | NDArray[np.float64]


def worst_crops(wrong: Wrong, count: int, side: int = SIDE, apart: int = 0) -> list[Place]:
    """Up to `count` squares of that side, or as much of them as the picture has, in which `wrong`
    sums up to most; from the worst on, none reaching into another.

    wrong: `(H, W)`, not negative, how much is wrong at each pixel. apart: pixels from one to the
    next, if more than a side.
    """
    height, width = wrong.shape
    rows, columns = min(side, height), min(side, width)
    down, across = max(apart, rows), max(apart, columns)
    sums = cv2.integral(wrong, sdepth=cv2.CV_64F)
    inside = sums[rows:, columns:] - sums[:-rows, columns:]
    inside += sums[:-rows, :-columns] - sums[rows:, :-columns]
    found: list[Place] = []
    while len(found) < count and inside.max() > 0:
        top, left = (int(each) for each in np.unravel_index(inside.argmax(), inside.shape))
        found.append((slice(top, top + rows), slice(left, left + columns)))
        inside[max(0, top - down + 1) : top + down, max(0, left - across + 1) : left + across] = 0
    return found


def worst_crop(wrong: Wrong, side: int = SIDE) -> Place:
    """The worst of them; the picture's middle, where nothing is wrong."""
    height, width = wrong.shape
    rows, columns = min(side, height), min(side, width)
    top, left = (height - rows) // 2, (width - columns) // 2
    middle = (slice(top, top + rows), slice(left, left + columns))
    return next(iter(worst_crops(wrong, 1, side)), middle)
