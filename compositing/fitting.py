"""Bringing a picture to the size of the photo that it goes behind."""

from typing import Any, NamedTuple

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
        Its fit, position and zoom say how.
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
    pixels = picture.pixels
    rows, columns = axes_of(picture, height, width)
    part = scaled(pixels[rows.seen, columns.seen], rows.there, columns.there)
    if part.shape[:2] == (height, width):
        return part
    whole = backdrop(pixels, height, width)
    whole[rows.taken, columns.taken] = part
    return whole


class Axis(NamedTuple):
    """How a picture is laid along one side of a photo, in whole pixels.

    Attributes
    ----------
    start, length : int
        What is seen of the picture.
    first, there : int
        Where it lies in the photo, and how much of that it takes.

    Examples
    --------
    >>> Axis(0, 40, 10, 20).play(40, 60)
    True
    """

    start: int
    length: int
    first: int
    there: int

    @property
    def seen(self) -> slice:
        return slice(self.start, self.start + self.length)

    @property
    def taken(self) -> slice:
        return slice(self.first, self.first + self.there)

    def play(self, own: int, side: int) -> bool:
        """Whether another position would lay it elsewhere. own: the picture's pixels; side: the
        photo's."""
        return self.length < own or self.there < side


def axes_of(picture: Picture, height: int, width: int) -> tuple[Axis, Axis]:
    """Find how a picture is laid behind a photo.

    Parameters
    ----------
    picture : Picture
        Its fit, position and zoom say how.
    height, width : int
        The photo's size in pixels.

    Returns
    -------
    rows, columns : Axis

    Examples
    --------
    >>> axes_of(Picture(np.zeros((10, 40), np.uint8), position=(1, 0)), 10, 20)[1]
    Axis(start=20, length=20, first=0, there=20)
    """
    own, sides = picture.pixels.shape[:2], (height, width)
    ratios = [side / each for side, each in zip(sides, own, strict=True)]
    if picture.fit != "stretch":
        ratios = [(max if picture.fit == "cover" else min)(ratios)] * 2
    rows, columns = (
        _axis(each, side, ratio * picture.zoom, place)
        for each, side, ratio, place in zip(own, sides, ratios, picture.position[::-1], strict=True)
    )
    return rows, columns


def _axis(own: int, side: int, ratio: float, place: float) -> Axis:
    """Crop, then resize: what would be cropped is never held at the photo's size."""
    there = min(max(1, round(own * ratio)), side)
    if there < side:
        return Axis(0, own, int(place * (side - there)), there)
    length = min(max(1, round(side / ratio)), own)
    return Axis(int(place * (own - length)), length, 0, side)


def play(picture: Picture, height: int, width: int) -> tuple[bool, bool]:
    """Tell in which directions a picture can be moved behind a photo.

    Parameters
    ----------
    picture : Picture
    height, width : int
        The photo's size in pixels.

    Returns
    -------
    across, down : bool

    Examples
    --------
    >>> play(Picture(np.zeros((10, 40), np.uint8)), 10, 20)
    (True, False)
    """
    own = picture.pixels.shape
    rows, columns = axes_of(picture, height, width)
    return columns.play(own[1], width), rows.play(own[0], height)


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
    ratio = max(size[0] / pixels.shape[0], size[1] / pixels.shape[1])
    rows, columns = (
        _axis(own, side, ratio, 0.5) for own, side in zip(pixels.shape[:2], size, strict=True)
    )
    small: Any = scaled(pixels[rows.seen, columns.seen], *size)
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
