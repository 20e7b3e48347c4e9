"""Whether a result that was made again is the same."""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.counts import counted
from photos.formats.deep import deep_values
from photos.formats.quiet import quiet
from photos.photo import PhotoFile

UNSEEN = 2
"""Levels of 255, at most, by which pixels may differ so that nobody sees it."""
CLOSE = 0.5
"""Levels, at most, by which they may differ on average and show the same picture."""
NEARBY, CLOSE_NEARBY = 15, 16
"""Pixels of a side, and levels at most on average within: a lost finger weighs nothing in a large
picture's mean, and everything there."""


@dataclass(frozen=True)
class Agreement:
    """How far the pixels of two files are apart: red, green, blue and opacity.

    Parameters
    ----------
    largest : int
        Levels of 255, 0 to 255, rounded up.
    mean : float
        Over all pixels and channels, in the same levels.
    nearby : float
        The largest mean over 15 × 15 pixels, of the channel that differs most.
    sizes : tuple of (int, int), optional
        Width and height of both, if they are of different sizes; then the rest is 255.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> Agreement.of(SAMPLES[2].open(), SAMPLES[2].open()).told()
    'the same to the bit'
    >>> print(Agreement(7, 0.02).told())
    pixels differ by at most 7 levels of 255, on average by 0.02: hardly to be seen
    """

    largest: int
    mean: float
    nearby: float = 0.0
    sizes: tuple[tuple[int, int], tuple[int, int]] | None = None

    @classmethod
    def of(cls, before: PhotoFile, after: PhotoFile) -> Self:
        """Compare two opened files."""
        sizes = (before.width, before.height), (after.width, after.height)
        if sizes[0] != sizes[1]:
            return cls(255, 255.0, 255.0, sizes)
        apart = _apart(before, after)
        most = cv2.blur(apart.max(axis=2), (NEARBY, NEARBY))
        largest = math.ceil(apart.max())
        return cls(largest, float(apart.mean(dtype=np.float64)), float(most.max()))

    @property
    def same(self) -> bool:
        """To the bit."""
        return self.largest == 0

    @property
    def close(self) -> bool:
        """Whether both show the same picture."""
        if self.largest <= UNSEEN:
            return True
        return self.mean <= CLOSE and self.nearby <= CLOSE_NEARBY

    def told(self) -> str:
        """A plain judgement, as the end of a sentence."""
        if self.sizes:
            (width, height), (now_wide, now_high) = self.sizes
            return f"of another size: {width} × {height} pixels, now {now_wide} × {now_high}"
        if self.same:
            return "the same to the bit"
        seen = "too little to be seen" if self.largest <= UNSEEN else "hardly to be seen"
        judged = seen if self.close else "another picture"
        levels = counted(self.largest, "level")
        return f"pixels differ by at most {levels} of 255, on average by {self.mean:.2g}: {judged}"


def _apart(before: PhotoFile, after: PhotoFile) -> NDArray[np.float32]:
    """`float32 (H, W, channels)`, in levels of 255: of 16 bits, between whole ones too."""
    with quiet:
        deep = deep_values(before.data), deep_values(after.data)
    if deep[0] is not None and deep[1] is not None and deep[0].shape == deep[1].shape:
        return np.abs(deep[0].astype(np.float32) - deep[1]) * np.float32(1 / 257)
    return np.abs(_levels(before).astype(np.float32) - _levels(after))


def _levels(file: PhotoFile) -> NDArray[np.uint8]:
    """`uint8 (H, W, 4)`: the file's own colours, and its opacity."""
    alpha = file.alpha()
    opacity = np.full((file.height, file.width), 255, np.uint8)
    if alpha is not None:
        opacity = np.rint(alpha * 255).astype(np.uint8)
    return np.dstack([file.colours(), opacity])
