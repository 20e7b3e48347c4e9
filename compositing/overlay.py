"""Pictures of an alpha: laid over the photo, on a checkerboard, by itself, several compared."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo
from compositing.checks import as_alpha, as_pair, check_scale

GREEN = (0, 200, 80)
SUBJECT = 0.5
CLOSING = 7  # full-size pixels across: gaps narrower than this are closed


def overlay(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    *,
    fill: bool = True,
    outline: bool = True,
    colour: tuple[int, int, int] = GREEN,
    scale: float = 1.0,
) -> Photo:
    """The photo with its subject tinted (fill) and its outer contour drawn (outline).

    The subject is alpha above 0.5, morphologically closed. photo: `uint8 (H, W, 3)`; alpha:
    `float32 (H, W)`; scale: their size / the full photo's. The line's width follows the size.
    Returns a new `uint8 (H, W, 3)`. Raises ValueError.
    """
    photo, alpha = as_pair(photo, alpha)
    check_scale(scale)
    size = 2 * round((CLOSING - 1) / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    mask = (alpha > SUBJECT).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, ellipse)
    out = photo.copy()
    if fill:
        tint = cv2.addWeighted(photo, 0.5, np.full_like(photo, colour), 0.5, 0)
        cv2.copyTo(tint, mask, out)
    if outline:
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        width = max(1, round(max(alpha.shape) / 400))
        cv2.drawContours(out, contours, -1, colour, width, cv2.LINE_AA)
    return out


def checkerboard(height: int, width: int) -> Photo:
    """Grey and white squares, `uint8 (height, width, 3)`, about forty along the longer side."""
    side = max(4, round(max(height, width) / 40))
    odd = (np.arange(height)[:, None] // side + np.arange(width) // side) % 2 == 1
    return np.where(odd[:, :, None], np.uint8(204), np.full(3, 255, np.uint8))


def on_checkerboard(rgba: NDArray[np.uint8]) -> Photo:
    """A cutout `uint8 (H, W, 4)`, not premultiplied, as `uint8 (H, W, 3)` on a checkerboard."""
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"A cutout is uint8 (H, W, 4); this is {rgba.dtype} {rgba.shape}.")
    board = checkerboard(*rgba.shape[:2]).astype(np.float32)
    alpha = rgba[:, :, 3:] / np.float32(255)
    return np.rint(board + (rgba[:, :, :3] - board) * alpha).astype(np.uint8)


def matte_image(alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """The alpha as grey levels, `uint8 (H, W)`, rounded."""
    return np.rint(as_alpha(alpha) * 255).astype(np.uint8)


def disagreement(alphas: Sequence[NDArray[Any]]) -> Photo:
    """Where mattes of one photo differ: `uint8 (H, W, 3)`, black = all agree, then red to white.

    The range of the alphas at each pixel, the largest less the smallest, as heat.
    Raises ValueError unless there are at least two, of one size.
    """
    checked = [as_alpha(alpha) for alpha in alphas]
    if len(checked) < 2 or len({alpha.shape for alpha in checked}) > 1:
        raise ValueError("A disagreement map needs two or more alphas of one size.")
    most, least = checked[0].copy(), checked[0].copy()
    for alpha in checked[1:]:
        np.maximum(most, alpha, out=most)
        np.minimum(least, alpha, out=least)
    levels = np.rint((most - least) * 255).astype(np.uint8)
    heat = cv2.applyColorMap(levels, cv2.COLORMAP_HOT)
    return cv2.cvtColor(heat, cv2.COLOR_BGR2RGB)  # type: ignore[no-any-return]
