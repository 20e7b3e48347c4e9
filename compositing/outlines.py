"""Where the edge of an alpha's subject is, and the two tones in which it's drawn."""

from collections.abc import Sequence
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo
from compositing.checks import as_alpha, check_scale

SUBJECT = 0.5
CLOSING = 7  # pixels of the full photo: gaps narrower than this are closed

type Outline = NDArray[np.int32]
"""(N, 1, 2): x and y of the subject's outermost pixels along one part of it, corners alone."""


def subject_of(alpha: NDArray[Any], scale: float = 1.0) -> NDArray[np.uint8]:
    """Tell what counts as subject: what lies above 0.5, morphologically closed.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1].
    scale : float
        The array's size / the full photo's, above 0 and up to 1.

    Returns
    -------
    mask : (H, W) uint8 array
        1 inside the subject, else 0.

    Raises
    ------
    ValueError
        If the array cannot be an alpha, or the scale lies outside its range.

    Examples
    --------
    >>> subject_of(np.array([[0.4, 0.6, 0, 1]]), scale=0.1).tolist()
    [[0, 1, 0, 1]]
    """
    alpha = as_alpha(alpha)
    check_scale(scale)
    size = 2 * round((CLOSING - 1) / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    mask = (alpha > SUBJECT).astype(np.uint8)
    return cast(NDArray[np.uint8], cv2.morphologyEx(mask, cv2.MORPH_CLOSE, ellipse))


def outlines(mask: NDArray[np.uint8]) -> Sequence[Outline]:
    """Find the outer contours of a `subject_of`.

    Parameters
    ----------
    mask : (H, W) uint8 array
        1 inside the subject, else 0.

    Returns
    -------
    outlines : sequence of (N, 1, 2) int32 arrays
        One for each part of it.

    Examples
    --------
    >>> [outline] = outlines(np.pad(np.ones((2, 3), np.uint8), 1))
    >>> outline[:, 0].tolist()
    [[1, 1], [1, 2], [3, 2], [3, 1]]
    """
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return cast(Sequence[Outline], found)


def halo(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Choose the tone on either side of an outline, with which it's seen on any ground.

    Parameters
    ----------
    colour : (int, int, int)
        The outline's own, RGB, 0 to 255.

    Returns
    -------
    halo : (int, int, int)
        Black or white, whichever is further from it.

    Examples
    --------
    >>> halo((0, 200, 80)), halo((245, 225, 50))
    ((255, 255, 255), (0, 0, 0))
    """
    return (0, 0, 0) if _lightness(colour) > 128 else (255, 255, 255)


def draw_outlines(
    picture: Photo, lines: Sequence[Outline], colour: tuple[int, int, int], line: int
) -> None:
    """Draw outlines into a picture, in place: the colour, and its `halo` as wide on either side.

    Parameters
    ----------
    picture : (H, W, 3) uint8 array
        RGB, changed.
    lines : sequence of (N, 1, 2) int32 arrays
        As `outlines` finds them.
    colour : (int, int, int)
        RGB, 0 to 255.
    line : int
        The width of each of the three in pixels, from 1; an even one counts as one more. All fades
        within one more on either side.

    Raises
    ------
    ValueError
        If the line has no width.

    Examples
    --------
    >>> picture = np.full((30, 30, 3), 100, np.uint8)
    >>> draw_outlines(picture, [np.array([[[15, -9]], [[15, 40]]], np.int32)], (0, 200, 80), 3)
    >>> picture[15, [5, 11, 15, 19, 25], 1].tolist()
    [100, 255, 200, 255, 100]
    """
    if line < 1:
        raise ValueError(f"An outline is at least one pixel wide; this is {line}.")
    width = line | 1
    for tone, wide in ((halo(colour), 3 * width), (colour, width)):
        # OpenCV draws a line of an even thickness one pixel wider, and an odd one two.
        cv2.drawContours(picture, lines, -1, tone, max(1, wide - 1), cv2.LINE_AA)


def _lightness(colour: tuple[int, int, int]) -> float:
    """0 to 255, by the luma of Rec. 601."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
