"""Pictures that show an alpha: over its photo, on a checkerboard, beside others."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo
from compositing.checks import as_alpha, as_pair, as_photo
from compositing.outlines import draw_outlines, outlines, subject_of

GREEN = (0, 200, 80)
TINTS = {
    "Green": GREEN,
    "Magenta": (235, 0, 170),
    "Blue": (20, 110, 255),
    "Orange": (255, 130, 0),
    "Yellow": (245, 225, 50),
}
"""Colours for overlays: to people who see red and green alike, or blue and yellow, they differ."""


def overlay(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    *,
    fill: bool = True,
    outline: bool = True,
    colour: tuple[int, int, int] = GREEN,
    scale: float = 1.0,
    line: int = 1,
) -> Photo:
    """Tint the subject of a photo, as `compositing.outlines` tells it, and draw its outline.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB.
    alpha : (H, W) array
        float32 in [0, 1].
    fill : bool
        Mix the subject's pixels half and half with the colour.
    outline : bool
        Draw the outer contour, in the colour with its `halo` on either side.
    colour : (int, int, int)
        RGB, 0 to 255.
    scale : float
        The arrays' size / the full photo's, above 0 and up to 1.
    line : int
        The outline's width, as `compositing.outlines.draw_outlines` takes it; the subject's
        outermost pixels are in its middle.

    Returns
    -------
    picture : (H, W, 3) uint8 array
        RGB.

    Raises
    ------
    ValueError
        If the arrays cannot be a photo and its alpha, or the scale or the line lies outside its
        range.

    Examples
    --------
    >>> photo = np.full((16, 16, 3), 100, np.uint8)
    >>> alpha = np.repeat([[0.4, 0.6]], 8, axis=1) * np.ones((16, 1))
    >>> overlay(photo, alpha, outline=False)[8, [7, 8]].tolist()
    [[100, 100, 100], [50, 150, 90]]
    """
    photo, alpha = as_pair(as_photo(photo), alpha)
    mask = subject_of(alpha, scale)
    out: Photo = photo.astype(np.uint8)
    if fill:
        tint = cv2.addWeighted(photo, 0.5, np.full_like(photo, colour), 0.5, 0)
        cv2.copyTo(tint, mask, out)
    if outline:
        draw_outlines(out, outlines(mask), colour, line)
    return out


def contrasting(photo: NDArray[Any]) -> str:
    """Choose the tint that is furthest from a photo's own colours.

    The distance is the Euclidean one in CIELAB, and a tint's is that to its nearest tenth of the
    pixels: a green stands out from a forest only if nearly nothing in it is that green.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB. It's looked at in about a hundred pixels each way.

    Returns
    -------
    name : str
        Of one of the `TINTS`.

    Raises
    ------
    ValueError
        If the array cannot be a photo.

    Examples
    --------
    >>> contrasting(np.full((8, 8, 3), (40, 160, 60), np.uint8)) == "Green"
    False
    """
    photo = as_photo(photo)
    step = max(1, max(photo.shape[:2]) // 100)
    pixels = np.ascontiguousarray(photo[::step, ::step]).astype(np.float32) / 255
    seen = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).reshape(-1, 3)

    def distance(name: str) -> float:
        colour = np.array([[TINTS[name]]], np.float32) / 255
        own = cv2.cvtColor(colour, cv2.COLOR_RGB2LAB)[0, 0]
        return float(np.percentile(np.linalg.norm(seen - own, axis=1), 10))

    return max(TINTS, key=distance)


def checkerboard(height: int, width: int) -> Photo:
    """Draw grey and white squares, about forty along the longer side.

    Parameters
    ----------
    height, width : int
        In pixels.

    Returns
    -------
    board : (height, width, 3) uint8 array
        RGB; white in the upper left corner. A square has at least 4 × 4 pixels.

    Examples
    --------
    >>> checkerboard(5, 9)[[0, 4], ::4, 0].tolist()
    [[255, 204, 255], [204, 255, 204]]
    """
    side = max(4, round(max(height, width) / 40))
    odd = (np.arange(height)[:, None] // side + np.arange(width) // side) % 2 == 1
    return np.where(odd[:, :, None], np.uint8(204), np.full(3, 255, np.uint8))


def on_checkerboard(rgba: NDArray[np.uint8]) -> Photo:
    """Put a cutout on a checkerboard.

    Parameters
    ----------
    rgba : (H, W, 4) uint8 array
        RGBA, not premultiplied.

    Returns
    -------
    picture : (H, W, 3) uint8 array
        RGB.

    Raises
    ------
    ValueError
        If the array is another one.

    Examples
    --------
    >>> red = np.array([[[255, 0, 0, 255], [255, 0, 0, 51], [255, 0, 0, 0]]], np.uint8)
    >>> on_checkerboard(red).tolist()
    [[[255, 0, 0], [255, 204, 204], [255, 255, 255]]]
    """
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"A cutout is uint8 (H, W, 4); this is {rgba.dtype} {rgba.shape}.")
    board = checkerboard(*rgba.shape[:2]).astype(np.uint16)
    alpha = rgba[:, :, 3:].astype(np.uint16)
    # Rounded as fractions would be: no whole number lies halfway between two multiples of 255. The
    # division by 255 is written as sums and shifts, which are several times as quick.
    mixed = rgba[:, :, :3] * alpha + board * (255 - alpha) + 127
    mixed += (mixed >> 8) + 1
    return (mixed >> 8).astype(np.uint8)


def disagreement(alphas: Sequence[NDArray[Any]]) -> Photo:
    """Show where mattes of one photo differ.

    Each pixel shows the range of its alphas, the largest minus the smallest.

    Parameters
    ----------
    alphas : sequence of (H, W) arrays
        At least two, float32 in [0, 1].

    Returns
    -------
    heat : (H, W, 3) uint8 array
        RGB: black where all agree, then red, yellow, and white where the range is 1.

    Raises
    ------
    ValueError
        If there are fewer than two, one cannot be an alpha, or their sizes differ.

    Examples
    --------
    >>> disagreement([np.array([[0, 0.5, 1]]), np.array([[0, 1, 0.0]])]).tolist()
    [[[0, 0, 0], [255, 65, 0], [255, 255, 255]]]
    """
    return heat(spread(alphas))


def heat(levels: NDArray[np.uint8]) -> Photo:
    """Show levels as colours: black for 0, then red, yellow, and white for 255.

    Parameters
    ----------
    levels : (H, W) uint8 array

    Returns
    -------
    heat : (H, W, 3) uint8 array
        RGB.

    Examples
    --------
    >>> heat(np.array([[0, 128, 255]], np.uint8)).tolist()
    [[[0, 0, 0], [255, 65, 0], [255, 255, 255]]]
    """
    colours = cv2.applyColorMap(levels, cv2.COLORMAP_HOT)
    return cv2.cvtColor(colours, cv2.COLOR_BGR2RGB)  # type: ignore[no-any-return]


def spread(alphas: Sequence[NDArray[Any]]) -> NDArray[np.uint8]:
    """Tell how far apart mattes of one photo are.

    Parameters
    ----------
    alphas : sequence of (H, W) arrays
        At least two, float32 in [0, 1].

    Returns
    -------
    levels : (H, W) uint8 array
        At each pixel the range of its alphas, times 255: 0 where all agree.

    Raises
    ------
    ValueError
        If there are fewer than two, one cannot be an alpha, or their sizes differ.

    Examples
    --------
    >>> spread([np.array([[0, 0.2, 1]]), np.array([[0, 1, 0.0]])]).tolist()
    [[0, 204, 255]]
    """
    checked = [as_alpha(alpha) for alpha in alphas]
    if len(checked) < 2 or len({alpha.shape for alpha in checked}) > 1:
        raise ValueError("A disagreement map needs two or more alphas of one size.")
    most, least = checked[0].copy(), checked[0].copy()
    for alpha in checked[1:]:
        np.maximum(most, alpha, out=most)
        np.minimum(least, alpha, out=least)
    return np.rint((most - least) * 255).astype(np.uint8)
