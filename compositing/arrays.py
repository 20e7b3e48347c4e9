"""The arrays that everything here is about."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

type Photo = NDArray[np.uint8]
"""`uint8 (H, W, 3)`: RGB, sRGB, upright."""

type Deep = NDArray[np.uint16]
"""`uint16 (H, W, 3)`: RGB of 16 bits, by sRGB's curve, of whatever primaries; 65535 is what 255 is
in a `Photo`. Between reading and writing, both are floats from 0 to 255."""

type Pixels = NDArray[np.uint8 | np.uint16]
"""Either of the two."""

type Alpha = NDArray[np.float32]
"""`float32 (H, W)` in [0, 1], the photo's size; 1 = subject."""


def levels_of(pixels: NDArray[Any]) -> int:
    """How many values a sample may have: 256 or 65536.

    Examples
    --------
    >>> levels_of(np.zeros((1, 1, 3), np.uint16))
    65536
    """
    return 65536 if pixels.dtype == np.uint16 else 256


def as_floats(pixels: Pixels) -> NDArray[np.float32]:
    """The same as `float32`, 0 to 255.

    Examples
    --------
    >>> as_floats(np.array([[[0, 257, 65535]]], np.uint16)).tolist()
    [[[0.0, 1.0, 255.0]]]
    """
    return pixels.astype(np.float32) * np.float32(255 / (levels_of(pixels) - 1))
