"""Bringing a picture to the size of the photo that it goes behind."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Pixels
from compositing.background import Picture

BACKDROP = 192  # pixels on the longer side, of what is behind a contained picture


def fitted(picture: Picture, height: int, width: int) -> Pixels:
    """Bring a picture to a photo's size, not yet blurred.

    It is reduced by area, or enlarged by cubic interpolation.

    Parameters
    ----------
    picture : Picture
        Its fit and position say how.
    height, width : int
        The photo's size in pixels.

    Returns
    -------
    pixels : (height, width, 3) array of the picture's dtype
        RGB.

    Examples
    --------
    >>> row = np.array([[10, 20, 30, 40]], np.uint8)
    >>> fitted(Picture(row), 1, 2)[..., 0].tolist()
    [[20, 30]]
    >>> fitted(Picture(row, position=(1, 0)), 1, 2)[..., 0].tolist()
    [[30, 40]]
    >>> fitted(Picture(row, "stretch"), 1, 2)[..., 0].tolist()
    [[15, 35]]
    """
    pixels, (across, down) = picture.pixels, picture.position
    if picture.fit == "stretch":
        return scaled(pixels, height, width)
    if picture.fit == "cover":
        return _covering(pixels, height, width, across, down)
    ratio = min(height / pixels.shape[0], width / pixels.shape[1])
    rows = min(max(1, round(pixels.shape[0] * ratio)), height)
    columns = min(max(1, round(pixels.shape[1] * ratio)), width)
    top, left = int(down * (height - rows)), int(across * (width - columns))
    whole = backdrop(pixels, height, width)
    whole[top : top + rows, left : left + columns] = scaled(pixels, rows, columns)
    return whole


def _covering[Kind: np.generic](
    pixels: NDArray[Kind], height: int, width: int, across: float, down: float
) -> NDArray[Kind]:
    """Crop, then resize: what would be cropped is never held at the photo's size."""
    ratio = max(height / pixels.shape[0], width / pixels.shape[1])
    rows = min(max(1, round(height / ratio)), pixels.shape[0])
    columns = min(max(1, round(width / ratio)), pixels.shape[1])
    top, left = int(down * (pixels.shape[0] - rows)), int(across * (pixels.shape[1] - columns))
    return scaled(pixels[top : top + rows, left : left + columns], height, width)


def backdrop[Kind: np.generic](pixels: NDArray[Kind], height: int, width: int) -> NDArray[Kind]:
    """Make what lies behind a contained picture: the picture, covering all, blurred beyond
    recognition.

    Parameters
    ----------
    pixels : (h, w, 3) uint8 or uint16 array
    height, width : int
        In pixels.

    Returns
    -------
    backdrop : (height, width, 3) array of the same dtype

    Examples
    --------
    >>> backdrop(np.full((3, 4, 3), 9, np.uint8), 2, 1)[..., 0].tolist()
    [[9], [9]]
    """
    ratio = BACKDROP / max(height, width)
    size = max(1, round(height * ratio)), max(1, round(width * ratio))
    small = _covering(pixels, *size, 0.5, 0.5)
    blurred: Any = cv2.GaussianBlur(small, (0, 0), BACKDROP / 24)
    return scaled(blurred, height, width)


def scaled[Kind: np.generic](pixels: NDArray[Kind], height: int, width: int) -> NDArray[Kind]:
    """Bring an image to a size: by area means if that is smaller, else by cubic interpolation.

    Parameters
    ----------
    pixels : (h, w) or (h, w, C) uint8, uint16 or float32 array
    height, width : int
        In pixels.

    Returns
    -------
    scaled : (height, width) or (height, width, C) array
        A new one of the same type. Floats may overshoot a little where it became larger.

    Examples
    --------
    >>> scaled(np.array([[1, 3]], np.float32), 1, 1)
    array([[2.]], dtype=float32)
    """
    if pixels.shape[:2] == (height, width):
        return pixels.copy()
    smaller = height * width < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=how)  # type: ignore[no-any-return]
