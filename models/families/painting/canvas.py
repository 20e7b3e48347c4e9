"""What networks that paint are shown: the subject alone, at a size that they can work at."""

from math import ceil, sqrt
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo

GREY = 128
"""What the networks are shown where they are to paint: the middle of what they know as a colour, 0
of -1 to 1, in which nothing can be seen."""
SOLID = 0.99
"""Less opaque than this is background, seen through the subject's edge."""
RIM = 128
"""The hole grows by the longest side / RIM: nothing of the edge shall tell of the old colours."""


class Canvas(NamedTuple):
    """What the networks see. image: `uint8 (h, w, 3)`, the subject on grey. hole: `uint8 (h, w)`,
    1 where they are to paint. Both sides are multiples of the cell; of them, height and width are
    the photo's, what lies beyond is painted and cut off."""

    image: Photo
    hole: NDArray[np.uint8]
    height: int
    width: int


def canvas_of(photo: Photo, alpha: Alpha, side: int, cell: int) -> Canvas:
    """The photo with its longest side at `side`, in its own proportions, and only what is surely
    subject left of it: neither soft edges nor the old background are shown to the networks.

    photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)`; cell: pixels, in both directions, that the
    networks make one of.
    """
    height, width = _shrunk(alpha.shape, side)
    how = cv2.INTER_AREA if side < max(alpha.shape) else cv2.INTER_LINEAR
    solid = cv2.resize(alpha, (width, height), interpolation=how) >= SOLID
    reach = 2 * round(side / RIM) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    hole = 1 - cv2.erode(solid.astype(np.uint8), ellipse)
    image = cv2.resize(photo, (width, height), interpolation=how)
    image[hole == 1] = GREY
    beyond = 0, -height % cell, 0, -width % cell
    return Canvas(
        cv2.copyMakeBorder(image, *beyond, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY)),
        cv2.copyMakeBorder(hole, *beyond, cv2.BORDER_CONSTANT, value=1),
        height,
        width,
    )


def longest_side(shape: tuple[int, ...], area: int, cell: int) -> int:
    """The largest `side` with which the canvas of a photo, (height, width), has no more pixels than
    `area`, which is at least a cell's."""

    def covered(side: int) -> int:
        height, width = (ceil(length / cell) * cell for length in _shrunk(shape, side))
        return height * width

    height, width = shape
    side = max(1, int(max(shape) * sqrt(area / (height * width))))
    while side > 1 and covered(side) > area:
        side -= 1
    return side


def _shrunk(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """(height, width), the longer at `side`."""
    scale = side / max(shape)
    height, width = (max(1, round(length * scale)) for length in shape)
    return height, width
