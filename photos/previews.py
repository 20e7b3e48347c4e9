"""Pictures of a screen's size."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

PREVIEW_SIDE = 1600
"""Longest side, in pixels, of what is shown on a screen."""


def shrink(image: NDArray[np.uint8], side: int = PREVIEW_SIDE) -> NDArray[np.uint8]:
    """Make a picture smaller, by area means. Small pictures are not enlarged.

    Parameters
    ----------
    image : (H, W) or (H, W, C) uint8 array
    side : int
        The longest side of the result, in pixels, at most.

    Returns
    -------
    smaller : (h, w) or (h, w, C) uint8 array
        In the same proportions. `image` itself if it is small enough.

    Examples
    --------
    >>> shrink(np.zeros((3000, 4000, 3), np.uint8)).shape
    (1200, 1600, 3)
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cast(NDArray[np.uint8], cv2.resize(image, size, interpolation=cv2.INTER_AREA))
