"""Reducing by whole blocks, and the way back.

A reduced pixel is the mean of a block of side × side pixels; in the last row and column, of what
is there. So pixel x of the photo always lies at (x + ½) / side − ½ of the reduced one, whatever
the sizes.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo

type Floats = NDArray[np.float32]


class Taps(NamedTuple):
    """Where the pixels of an enlarged picture lie between those of the small one."""

    rows: NDArray[np.int32]
    down: Floats
    columns: NDArray[np.int32]
    along: Floats


def taps(shape: tuple[int, int], small: tuple[int, int], side: float, first: int = 0) -> Taps:
    """Linear taps from a picture of size `small`, reduced by blocks of `side`, to the rows of the
    large one that begin at `first`, `shape` in size.
    """
    return Taps(*_axis(first, shape[0], small[0], side), *_axis(0, shape[1], small[1], side))


def _axis(first: int, size: int, small: int, side: float) -> tuple[NDArray[np.int32], Floats]:
    place = np.clip((np.arange(first, first + size) + 0.5) / side - 0.5, 0, small - 1)
    lower = np.floor(place).astype(np.int32)
    return lower, (place - lower).astype(np.float32)


def flat[Kind: np.generic](pixels: NDArray[Kind]) -> NDArray[Kind]:
    """`(H, W, 3)` seen as `(H, 3 W)`."""
    return pixels.reshape(len(pixels), -1)


def block_means(values: Photo | Floats, side: int) -> Floats:
    """`float32 (h, w)` or `(h, w, 3)`, of `(H, W)` or `(H, W, 3)`."""
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(values, side), *values.shape[2:]), np.float32)
    jit.in_bands(
        reduce.block_means, len(means), side * values.shape[1],
        flat(values), values[0, 0].size, side, flat(means),
    )  # fmt: skip
    return means


def table_means(photo: Photo, table: Floats, side: int) -> Floats:
    """`float32 (h, w, 3)`: the means of `table[value]`."""
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(photo, side), 3), np.float32)
    jit.in_bands(
        reduce.table_means, len(means), side * photo.shape[1], flat(photo), table, side, means
    )
    return means


def known_means(photo: Photo, known: NDArray[np.uint8], side: int) -> tuple[Floats, Floats]:
    """`float32 (h, w, 3)`: the means where known isn't 0; `float32 (h, w)`: the share of that."""
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(photo, side), 3), np.float32)
    shares = np.empty(means.shape[:2], np.float32)
    jit.in_bands(
        reduce.known_means, len(means), side * photo.shape[1],
        flat(photo), known, side, means, shares,
    )  # fmt: skip
    return means, shares


def reduced(size: int, side: int) -> int:
    """How many blocks of `side` pixels `size` pixels need."""
    return -(-size // side)


def _reduced(x: NDArray[np.generic], side: int) -> tuple[int, int]:
    return reduced(x.shape[0], side), reduced(x.shape[1], side)


def halving(shape: tuple[int, ...], longest: int) -> int:
    """The smallest power of two that brings the longer side to at most `longest` pixels."""
    side = 1
    while max(shape) > longest * side:
        side *= 2
    return side


def enlarged(x: Floats, side: int, height: int, width: int) -> Floats:
    """Linear enlargement of what was reduced by `side`, to `height` × `width`."""
    large = cv2.resize(x, (side * x.shape[1], side * x.shape[0]))
    return np.ascontiguousarray(large[:height, :width])
