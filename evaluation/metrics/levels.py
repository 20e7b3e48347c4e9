"""What metrics are computed from: grey levels, which is what picture files hold."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

type Levels = NDArray[np.uint8]
"""`uint8 (H, W)`: round(255 × opacity); 255 = subject."""

type Region = NDArray[np.bool_]
"""`bool (H, W)`: where a metric looks."""

type Values = NDArray[np.float64]

type Pairs = NDArray[np.int64]
"""`int64 (256, 256)`: how many pixels have this level in the matte (row) and that in the truth
(column). All metrics that look at pixels one by one follow from it."""

HALF = 128
"""A truth's pixel is subject above this level; 128 itself is background (Fan et al.'s code)."""


def levels_of(alpha: NDArray[Any]) -> Levels:
    """alpha: `(H, W)` in [0, 1], or bool. A half is rounded to the even level."""
    return np.rint(np.asarray(alpha, np.float64) * 255).astype(np.uint8)


def subject_of(truth: Levels) -> Region:
    """What a truth calls subject, when it must be all or nothing."""
    return truth > HALF


def hit_of(levels: Levels) -> Region:
    """What a matte calls subject, when it must be all or nothing: opacities above 0.5."""
    return levels >= HALF


def pairs_of(matte: Levels, truth: Levels, region: Region | None = None) -> Pairs:
    """Count the pixels, of the region alone if there's one."""
    if region is not None:
        matte, truth = matte[region], truth[region]
    both = (matte.astype(np.int64) << 8) + truth
    return np.bincount(both.ravel(), minlength=1 << 16).reshape(256, 256)


def ratio(part: Any, whole: Any) -> Values:
    """part / whole, and 0 where there is no whole."""
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    shares: Values = np.divide(part, whole, out=np.zeros_like(part * whole), where=whole != 0)
    return shares


def around(levels: Levels, margin: int) -> tuple[slice, slice]:
    """Rows and columns that hold all that isn't 0, and `margin` pixels more. Most of a picture
    tells nothing: what is outside of these is alike in matte and truth."""
    left, top, width, height = cv2.boundingRect(levels)
    rows, columns = levels.shape
    width, height = max(width, 1), max(height, 1)  # one pixel, where all is 0
    return (
        slice(max(0, top - margin), min(rows, top + height + margin)),
        slice(max(0, left - margin), min(columns, left + width + margin)),
    )
