"""The colour guided filter: the edges of a mask refined, a small matte enlarged, by the photo.

K. He, J. Sun, X. Tang: "Guided Image Filtering", 2013. In each window alpha is a linear function
of the photo's colours, α = s · I + t; each pixel takes the mean line of the windows that hold it.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.checks import as_alpha, as_pair, as_photo
from compositing.scaling import Floats, block_means, taps

EPSILON = 1e-4
"""The guided filter's regularisation; with less, float32 can't solve for flat colours."""

BEND = np.array([[1, -2, 1]], np.float32)  # the second difference
SMOOTH, SHARP = 0.1, 0.3
"""Where a small matte bends less than SMOOTH, it holds all its detail and takes none from the
photo. Where it bends more than SHARP, it takes all."""

RADIUS = 8 / 1024  # of the window in `refine`, as part of the photo's longer side
CELLS = 4  # blocks in that radius: the lines vary slowly, so they are computed by blocks of pixels


def refine(photo: NDArray[Any], alpha: NDArray[Any]) -> Alpha:
    """Draw the edges of a hard mask anew, by the colours of the photo.

    The colour guided filter at full size, with ε = 1e-4 and a radius of 8 pixels for each 1024 of
    the longer side. Its windows consist of whole blocks of pixels, and every pixel counts in their
    means and covariances. Farther than two radii from an edge, nothing changes.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB.
    alpha : (H, W) array
        The mask, float32 in [0, 1].

    Returns
    -------
    refined : (H, W) float32 array
        In [0, 1].

    Raises
    ------
    ValueError
        If the arrays cannot be a photo and its alpha.

    Examples
    --------
    The photo shows how soft the edge is; its mask has lost that:

    >>> soft = np.tile(np.clip(np.arange(-5, 11) / 6, 0, 1), (16, 1))
    >>> photo, mask = (40 + 200 * soft).astype(np.uint8), soft > 0.5
    >>> print(soft[8, 5:12].round(2))
    [0.   0.17 0.33 0.5  0.67 0.83 1.  ]
    >>> print(refine(photo, mask)[8, 5:12].round(2))
    [0.   0.   0.06 0.29 0.7  0.95 1.  ]
    """
    from compositing.kernels import guided, jit

    photo, alpha = as_pair(as_photo(photo), alpha)
    radius = max(2.0, RADIUS * max(alpha.shape))
    side = max(1, int(radius / CELLS))
    cells = max(1, round(radius / side))
    small = block_means(alpha, side)
    edge = _varying(small)
    refined = alpha.copy()
    if not edge.any():
        return refined
    near, around = (cv2.dilate(edge, _square(times * cells)) for times in (1, 2))
    moments = np.zeros((*small.shape, guided.MOMENTS), np.float32)
    jit.in_bands(
        guided.moments, len(small), side * alpha.shape[1], photo, alpha, around, side, moments
    )
    lines = np.zeros((*small.shape, 4), np.float32)
    lines[..., 3] = small  # alpha is constant in the windows of these
    _fit_lines(moments, near, cells, lines)
    where = taps(alpha.shape, small.shape, side)
    jit.in_bands(guided.apply_lines, *alpha.shape, photo, lines, around, *where, side, refined)
    return refined


def enlarge(alpha: NDArray[Any], photo: NDArray[Any]) -> Alpha:
    """Enlarge a network's small matte to the photo's size, with the detail of the photo.

    The matte is enlarged by cubic convolution, and so is the photo after it was reduced to the
    matte's size. What that photo lacks of the real one is the detail d. The result is α + s · d,
    where s is the slope of the guided filter's line in windows of 3 × 3 small pixels. Where the
    small matte is smooth, s is made smaller, down to 0.

    Parameters
    ----------
    alpha : (h, w) array
        float32 in [0, 1], of the whole photo; of any size and proportions. A matte larger than
        the photo is reduced by area.
    photo : (H, W, 3) uint8 array
        RGB.

    Returns
    -------
    enlarged : (H, W) float32 array
        In [0, 1].

    Raises
    ------
    ValueError
        If the arrays cannot be an alpha and a photo.

    Examples
    --------
    The photo's edge lies within a pixel of the small matte. Linear enlargement blurs it:

    >>> photo = np.repeat([[30], [220]], [9, 15], axis=0).astype(np.uint8)
    >>> small = np.array([[0], [0], [0.75], [1], [1], [1]], np.float32)
    >>> print(cv2.resize(small, (1, 24))[6:12, 0].round(2))
    [0.09 0.28 0.47 0.66 0.78 0.84]
    >>> print(enlarge(small, photo)[6:12, 0].round(2))
    [0.02 0.05 0.06 0.99 0.99 0.99]
    """
    from compositing.kernels import guided, jit

    alpha, photo = as_alpha(alpha), as_photo(photo)
    shape = height, width = photo.shape[:2]
    small_shape = min(alpha.shape[0], height), min(alpha.shape[1], width)
    if small_shape != alpha.shape:
        alpha = cv2.resize(alpha, small_shape[::-1], interpolation=cv2.INTER_AREA)
    if small_shape == shape:
        return alpha.copy()
    reduced = cv2.resize(photo, small_shape[::-1], interpolation=cv2.INTER_AREA)
    trust = _bent(alpha)
    near = cv2.dilate((trust > 0).astype(np.uint8), _square(1))
    around = cv2.dilate(near, _square(1))
    moments = np.zeros((*small_shape, guided.MOMENTS), np.float32)
    jit.in_bands(guided.moments, *small_shape, reduced, alpha, around, 1, moments)
    lines = np.zeros((*small_shape, 4), np.float32)
    _fit_lines(moments, near, 1, lines)
    lines *= trust[:, :, None]
    small = np.dstack([reduced.astype(np.float32) / 255, alpha])
    enlarged = np.empty(shape, np.float32)
    rows, columns = _before(height, alpha.shape[0]), _before(width, alpha.shape[1])
    jit.in_bands(
        guided.transfer, *shape, photo, small, lines, _settled(alpha), *rows, *columns, enlarged
    )
    return enlarged


def _fit_lines(moments: Floats, wanted: NDArray[np.uint8], radius: int, lines: Floats) -> None:
    """Fit a line (s, t) in each wanted window; then average the lines in each window, in place."""
    from compositing.kernels import guided, jit

    window = (2 * radius + 1, 2 * radius + 1)
    moments = cv2.boxFilter(moments, -1, window, borderType=cv2.BORDER_REFLECT)
    jit.in_bands(guided.slopes, *wanted.shape, moments, wanted, EPSILON, lines)
    cv2.boxFilter(lines, -1, window, dst=lines, borderType=cv2.BORDER_REFLECT)


def _varying(alpha: Floats) -> NDArray[np.uint8]:
    """1 where the 3 × 3 pixels around a pixel differ, else 0."""
    square = _square(1)
    varying: NDArray[np.bool] = cv2.dilate(alpha, square) != cv2.erode(alpha, square)
    return varying.astype(np.uint8)


def _square(radius: int) -> NDArray[np.uint8]:
    """The structuring element of a square window."""
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)


def _before(size: int, small: int) -> tuple[NDArray[np.int32], Floats]:
    """For each of `size` pixels: the small pixel before it, from −1, and how far behind it lies."""
    place = (np.arange(size) + 0.5) * small / size - 0.5
    lower = np.floor(place).astype(np.int32)
    return lower, (place - lower).astype(np.float32)


def _bent(alpha: Alpha) -> Floats:
    """How much alpha bends around each pixel: 0 = smooth, 1 = as sharp as pixels allow.

    A smooth matte lost nothing when it was made small; the photo's texture would only add noise.
    """
    bends = [
        np.abs(cv2.filter2D(alpha, -1, second, borderType=cv2.BORDER_REPLICATE))
        for second in (BEND, BEND.T)
    ]
    bend: Floats = cv2.dilate(np.maximum(*bends), _square(1))
    trust: Floats = np.clip((bend - SMOOTH) / (SHARP - SMOOTH), 0, 1)
    return trust


def _settled(alpha: Alpha) -> NDArray[np.uint8]:
    """0 or 1 where alpha has that value in the 5 × 5 pixels around, in 8 bits; elsewhere 2."""
    square = _square(2)
    settled = np.full(alpha.shape, 2, np.uint8)
    settled[cv2.dilate(alpha, square) < 0.5 / 255] = 0
    settled[cv2.erode(alpha, square) > 1 - 0.5 / 255] = 1
    return settled
