"""What is done to an alpha before anything is composed: edges refined, sizes changed, tidied up.

The guided filter serves masks that are right to a few pixels, `closed_form` those that are not.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.checks import as_alpha, as_pair, as_photo
from compositing.edges import Edges, adjust, softened
from compositing.scaling import Floats, block_means, taps

__all__ = ["Edges", "adjust", "enlarge", "feather", "opened", "refine"]

EPSILON = 1e-4
"""The guided filter's regularisation; with less, float32 can't solve for flat colours."""

BEND = np.array([[1, -2, 1]], np.float32)  # the second difference
SMOOTH, SHARP = 0.1, 0.3
"""A small matte that bends less than this holds all its detail; from that on, the photo's helps."""

RADIUS = 8 / 1024  # the guided filter's, of the photo's longer side
CELLS = 4  # and how many blocks it spans: its lines vary slowly, and are computed by blocks

UNKNOWN = 0.5
"""What a trimap says where the matte is to be found."""


def feather(mask: NDArray[Any]) -> Alpha:
    """A hard mask with soft edges: a 15 × 15 Gaussian, σ = 5. `float32 (H, W)` in [0, 1]."""
    return softened(as_alpha(mask), 5, (15, 15))


def refine(photo: NDArray[Any], alpha: NDArray[Any]) -> Alpha:
    """A hard mask's edges drawn anew by the colours of the photo, at its full size.

    The colour guided filter (He, Sun, Tang, "Guided Image Filtering", 2013) with a radius of 8
    pixels per 1024 of the longer side, ε = 1e-4. Its windows are of whole blocks of pixels, whose
    means and covariances count every pixel. Farther from an edge than two radii nothing changes.

    photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)` in [0, 1], which is also what is returned.
    Raises ValueError if the arrays don't fit together.
    """
    from compositing.kernels import guided, jit

    photo, alpha = as_pair(photo, alpha)
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


def _fit_lines(moments: Floats, wanted: NDArray[np.uint8], radius: int, lines: Floats) -> None:
    """The guided filter's lines where wanted, then averaged over their windows, in place."""
    from compositing.kernels import guided, jit

    window = (2 * radius + 1, 2 * radius + 1)
    moments = cv2.boxFilter(moments, -1, window, borderType=cv2.BORDER_REFLECT)
    jit.in_bands(guided.slopes, *wanted.shape, moments, wanted, EPSILON, lines)
    cv2.boxFilter(lines, -1, window, dst=lines, borderType=cv2.BORDER_REFLECT)


def _varying(alpha: Floats) -> NDArray[np.uint8]:
    """1 where the 3 × 3 pixels around aren't all equal."""
    square = _square(1)
    varying: NDArray[np.bool] = cv2.dilate(alpha, square) != cv2.erode(alpha, square)
    return varying.astype(np.uint8)


def _square(radius: int) -> NDArray[np.uint8]:
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)


def opened(mask: Alpha, band: float) -> Alpha:
    """A trimap, `float32 (H, W)`: 0, 1, and UNKNOWN up to `band` pixels from the mask's edge."""
    inside = (mask > 0.5).astype(np.uint8)
    trimap = inside.astype(np.float32)
    if inside.any() and not inside.all():
        away = sum(cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (inside, 1 - inside))
        trimap[away <= band] = UNKNOWN
    return trimap


def enlarge(alpha: NDArray[Any], photo: NDArray[Any]) -> Alpha:
    """A network's small matte at the photo's size, with the detail of the photo.

    Residual-guided: cubic(α) + s · (photo − cubic(small photo)), where s is the slope of alpha
    along the colours, as the guided filter fits it in 3 × 3 windows of the small matte, and less
    than that where the matte is smooth. A matte larger than the photo is reduced by area.

    alpha: `float32 (h, w)` in [0, 1], of the whole photo, of any proportions; photo:
    `uint8 (H, W, 3)`. Returns `float32 (H, W)` in [0, 1]. Raises ValueError for other arrays.
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


def _before(size: int, small: int) -> tuple[NDArray[np.int32], Floats]:
    """The small pixel before each of `size` pixels, from −1, and how far beyond it they lie."""
    place = (np.arange(size) + 0.5) * small / size - 0.5
    lower = np.floor(place).astype(np.int32)
    return lower, (place - lower).astype(np.float32)


def _bent(alpha: Alpha) -> Floats:
    """How far alpha is from straight around each pixel: 0 = smooth, 1 = as sharp as pixels allow.

    A smooth matte has lost nothing when it was made small; the photo's texture would only add
    noise to it.
    """
    bends = [
        np.abs(cv2.filter2D(alpha, -1, second, borderType=cv2.BORDER_REPLICATE))
        for second in (BEND, BEND.T)
    ]
    bend: Floats = cv2.dilate(np.maximum(*bends), _square(1))
    trust: Floats = np.clip((bend - SMOOTH) / (SHARP - SMOOTH), 0, 1)
    return trust


def _settled(alpha: Alpha) -> NDArray[np.uint8]:
    """0 or 1 where alpha is that all around, to less than what can be seen; else 2."""
    square = _square(2)
    settled = np.full(alpha.shape, 2, np.uint8)
    settled[cv2.dilate(alpha, square) < 0.5 / 255] = 0
    settled[cv2.erode(alpha, square) > 1 - 0.5 / 255] = 1
    return settled
