"""Finished pictures, cropped and reduced as dialects ask for it."""

import math
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from models.interface import Box

_SEEN = 0.5 / 255
"""Alphas below this are 0 in a file."""


class Extent(NamedTuple):
    """Whole pixels: the left and top edge, and the size."""

    left: int
    top: int
    width: int
    height: int

    def of[Kind: np.generic](self, image: NDArray[Kind]) -> NDArray[Kind]:
        """That part of a picture."""
        rows = slice(self.top, self.top + self.height)
        return np.ascontiguousarray(image[rows, self.left : self.left + self.width])


def extent_of(alpha: Alpha) -> Extent | None:
    """The smallest rectangle that holds the subject; None if there is none."""
    seen = alpha > _SEEN
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Extent(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def widened(
    extent: Extent, margins: tuple[float, float, float, float], size: tuple[int, int]
) -> Extent:
    """With margins (top, right, bottom, left) in pixels, as far as the picture of `size` (width,
    height) goes."""
    top, right, bottom, left = map(round, margins)
    x0, y0 = max(0, extent.left - left), max(0, extent.top - top)
    x1 = min(size[0], extent.left + extent.width + right)
    y1 = min(size[1], extent.top + extent.height + bottom)
    return Extent(x0, y0, x1 - x0, y1 - y0)


def only_within(alpha: Alpha, box: Box) -> Alpha:
    """The alpha, 0 outside the box."""
    kept = np.zeros_like(alpha)
    x0, y0 = max(0, math.floor(box.x0)), max(0, math.floor(box.y0))
    inside = slice(y0, max(y0, math.ceil(box.y1))), slice(x0, max(x0, math.ceil(box.x1)))
    kept[inside] = alpha[inside]
    return kept


def reduced(image: NDArray[np.uint8], pixels: float) -> NDArray[np.uint8]:
    """The picture with at most that many pixels, by area means; small ones stay as they are.
    What is transparent doesn't count for the colours."""
    height, width = image.shape[:2]
    scale = math.sqrt(pixels / (height * width))
    if scale >= 1:
        return image
    size = max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
    if image.shape[2:] != (4,):
        return cast(NDArray[np.uint8], cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    alpha = image[..., 3:].astype(np.float32) / 255
    weighed = np.concatenate([image[..., :3] * alpha, alpha], axis=2)
    small = cv2.resize(weighed, size, interpolation=cv2.INTER_AREA)
    colours = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
    both = np.concatenate([colours, small[..., 3:] * 255], axis=2)
    return cast(NDArray[np.uint8], np.rint(np.clip(both, 0, 255)).astype(np.uint8))
