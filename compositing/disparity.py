"""Depth that was measured or guessed for each pixel, for a blur by depth."""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.fill import filled
from compositing.floor import NEAREST, Spread
from compositing.scaling import Floats, block_means, halving, upsampled

SUBJECT = 0.9
"""Alphas above this are looked at for the subject's own depth."""
EDGE = 0.1
"""Of the range of disparities: what rises by more within an edge's width is a step, not a slope."""
SOFT = 518
"""Pixels on the longer side that a network sees at most; its edges are about one of them wide."""
LONGEST = 512
"""Pixels on the longer side at which depth is filled in: it is smooth."""


@dataclass(frozen=True, eq=False)
class Disparity:
    """What a network, a camera or a scene tells of depth.

    Parameters
    ----------
    values : (h, w) float array
        Large is near: 1 / distance, of any scale and offset, of the whole photo at any size.

    Raises
    ------
    ValueError
        If it has no such shape, or holds what isn't a number.

    Examples
    --------
    >>> Disparity(np.ones((3, 4))).values.dtype
    dtype('float32')
    >>> Disparity(np.full((3, 4), np.nan))
    Traceback (most recent call last):
    ValueError: A disparity is a number for each pixel; this one holds what isn't.
    """

    values: NDArray[Any] = field(repr=False)

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, np.float32)
        if values.ndim != 2 or values.size == 0:
            raise ValueError(f"A disparity has the shape (height, width); this is {values.shape}.")
        if not np.isfinite(values).all():
            raise ValueError("A disparity is a number for each pixel; this one holds what isn't.")
        object.__setattr__(self, "values", values)

    def spread(self, alpha: Alpha, side: int, focus: tuple[float, float] | None) -> Spread:
        """How much a lens spreads each pixel; as of `Floor`.

        Examples
        --------
        Something near, the subject, and a wall:

        >>> disparity = np.repeat([[0.9, 0.5, 0.1]], [20, 20, 40], axis=1) * np.ones((40, 1))
        >>> alpha = (disparity == 0.5).astype(np.float32)
        >>> print(Disparity(disparity).spread(alpha, 1, None).whole[20, ::20].round(2))
        [ 1.  0. -1. -1.]
        """
        small = block_means(alpha, side)
        values = self._of_size(small.shape)
        low, high = (float(x) for x in np.percentile(values[::4, ::4], (1, 99)))
        reach = max(high - low, 1e-6)
        values = _stepped(values, EDGE * reach)
        own, depth_of_field = _subject(values, small, 0.05 * reach)
        middle, slack = own, depth_of_field
        if focus is not None:
            middle, slack = _around(values, focus), 0.0
        elsewhere = values[small < 0.02]
        farthest = float(np.percentile(elsewhere[::7], 1)) if elsewhere.size > 700 else low
        scale = max(middle - slack - farthest, reach / 4)
        apart = values - np.float32(middle)
        whole = np.sign(apart) * np.maximum(np.abs(apart) - np.float32(slack), 0)
        whole = np.clip(whole / np.float32(scale), -1, NEAREST).astype(np.float32)
        subject = (own - middle) / scale if focus is not None else 0.0
        return Spread(whole, _behind(whole, small), float(np.clip(subject, -1, NEAREST)))

    def _of_size(self, shape: tuple[int, ...]) -> Floats:
        height, width = shape
        if self.values.shape == shape:
            return self.values
        larger = self.values.shape[0] > height
        how = cv2.INTER_AREA if larger else cv2.INTER_LINEAR
        return cv2.resize(self.values, (width, height), interpolation=how)  # type: ignore[no-any-return]


def _stepped(values: Floats, edge: float) -> Floats:
    """Soft edges as steps: each value goes to the nearer of the least and the most around it.

    Else the rim of something near would pass through the focus, and be drawn sharp. Slopes stay.
    """
    reach = max(1, round(max(values.shape) / SOFT))
    window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    low, high = cv2.erode(values, window), cv2.dilate(values, window)
    nearer = np.where(values - low < high - values, low, high)
    stepped: Floats = np.where(high - low > edge, nearer, values)
    return stepped


def _subject(values: Floats, alpha: Alpha, most: float) -> tuple[float, float]:
    """The subject's disparity, and half its span, at most `most`."""
    inside = cv2.erode((alpha > SUBJECT).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    own = values[inside if inside.any() else alpha >= alpha.max()]
    low, middle, high = (float(x) for x in np.percentile(own, (5, 50, 95)))
    return middle, min(max(middle - low, high - middle), most)


def _around(values: Floats, place: tuple[float, float]) -> float:
    """The middle value around a place in parts of the width and the height."""
    height, width = values.shape
    reach = max(1, round(max(values.shape) / 200))
    column, row = (
        min(int(at * size), size - 1) for at, size in zip(place, (width, height), strict=True)
    )
    top, left = max(0, row - reach), max(0, column - reach)
    return float(np.median(values[top : row + reach + 1, left : column + reach + 1]))


def _behind(whole: Floats, alpha: Alpha) -> Floats:
    """The spread behind the subject and behind what is nearer, filled in from around."""
    margin = 2 * max(1, round(max(alpha.shape) / SOFT)) + 1  # a network's edges are soft
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    hidden = cv2.dilate(((alpha > 0.02) | (whole > 0.05)).astype(np.uint8), ellipse)
    if not hidden.any():
        return np.minimum(whole, 0)
    known = (1 - hidden).astype(np.float32)
    coarse = halving(alpha.shape, LONGEST)
    shares = block_means(known, coarse)
    means = block_means(np.minimum(whole, 0) * known, coarse) / np.maximum(shares, 1e-6)
    wide = np.repeat(means[:, :, None], 3, axis=2).astype(np.float32)
    filled(wide, shares)
    around = upsampled(np.ascontiguousarray(wide[:, :, 0]), coarse, *alpha.shape)
    return np.where(hidden > 0, around, np.minimum(whole, 0))
