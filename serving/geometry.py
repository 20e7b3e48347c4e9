"""Finished pictures, cropped, reduced and put on a veil as dialects ask for it."""

import math
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.colours import Colour
from compositing.frame import Extent
from models.interface import Box

SEEN = 0.5 / 255
"""Alphas below this are 0 in a file."""


_ROWS = 256
"""Of a picture that are worked on at once: floats take four times the room."""


class Veil(NamedTuple):
    """A colour that one sees through. opacity: in (0, 1)."""

    colour: Colour
    opacity: float

    def behind(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Put behind what is in a picture, `uint8 (H, W, 4)`, not premultiplied, which is changed
        and returned: the “over” of Porter and Duff (1984)."""
        colour = np.array(self.colour.rgb, np.float32) * np.float32(self.opacity)
        for top in range(0, len(image), _ROWS):
            rows = image[top : top + _ROWS]
            alpha = rows[..., 3:].astype(np.float32) / 255
            both = alpha + self.opacity * (1 - alpha)
            seen = (rows[..., :3] * alpha + colour * (1 - alpha)) / both
            rows[...] = np.rint(np.concatenate([seen, both * 255], axis=2))
        return image


def part_of(image: NDArray[np.uint8], extent: Extent) -> NDArray[np.uint8]:
    """That part of a picture."""
    rows, columns = slice(extent.top, extent.bottom), slice(extent.left, extent.right)
    return np.ascontiguousarray(image[rows, columns])


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
