"""Reducing pictures by whole blocks, and enlarging them again.

A reduced pixel is the mean of a block of side × side pixels. The blocks of the last row and column
may hold fewer. So pixel x of the photo always lies at (x + ½) / side − ½ in the reduced picture,
whatever the sizes are.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Pixels

type Floats = NDArray[np.float32]


class Taps(NamedTuple):
    """Where the pixels of an enlarged picture lie in the small one.

    Attributes
    ----------
    rows, columns : (H,) and (W,) int32 arrays
        The row above each pixel, and the column to its left.
    down, along : (H,) and (W,) float32 arrays
        How far the pixel is from there to the next one, 0 to 1.

    Examples
    --------
    >>> where = taps((4, 2), (2, 1), 2)
    >>> where.rows.tolist(), where.down.tolist()
    ([0, 0, 0, 1], [0.0, 0.25, 0.75, 0.0])
    """

    rows: NDArray[np.int32]
    down: Floats
    columns: NDArray[np.int32]
    along: Floats


def taps(shape: tuple[int, int], small: tuple[int, int], side: float, first: int = 0) -> Taps:
    """Compute where rows of a large picture lie in a small one.

    Parameters
    ----------
    shape : (int, int)
        How many rows and columns of the large picture.
    small : (int, int)
        The small picture's height and width.
    side : float
        How many pixels of the large picture one of the small one spans in each direction.
    first : int
        The first of the rows.

    Returns
    -------
    taps : Taps
        For linear interpolation.

    Examples
    --------
    >>> taps((1, 6), (1, 3), 2).columns.tolist()
    [0, 0, 0, 1, 1, 2]
    """
    return Taps(*_axis(first, shape[0], small[0], side), *_axis(0, shape[1], small[1], side))


def _axis(first: int, size: int, small: int, side: float) -> tuple[NDArray[np.int32], Floats]:
    """One axis of the taps."""
    place = np.clip((np.arange(first, first + size) + 0.5) / side - 0.5, 0, small - 1)
    lower = np.floor(place).astype(np.int32)
    return lower, (place - lower).astype(np.float32)


def flat[Kind: np.generic](pixels: NDArray[Kind]) -> NDArray[Kind]:
    """View (H, W, 3) pixels as (H, 3 W); an (H, W) array as it is. Nothing is copied.

    Examples
    --------
    >>> flat(np.zeros((2, 5, 3))).shape
    (2, 15)
    """
    return pixels.reshape(len(pixels), -1)


def block_means(values: Pixels | Floats, side: int) -> Floats:
    """Reduce a picture by the means of blocks.

    Parameters
    ----------
    values : (H, W) or (H, W, 3) array
        float32, uint8 or uint16, C-contiguous.
    side : int
        A block's side in pixels.

    Returns
    -------
    means : (⌈H / side⌉, ⌈W / side⌉) float32 array, or with 3 channels
        Of pixels 0 to 255, of 16 bits too.

    Examples
    --------
    >>> block_means(np.arange(10, dtype=np.float32).reshape(2, 5), 2).tolist()
    [[3.0, 5.0, 6.5]]
    """
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(values, side), *values.shape[2:]), np.float32)
    jit.in_bands(
        reduce.block_means, len(means), side * values.shape[1],
        flat(values), values[0, 0].size, side, flat(means),
    )  # fmt: skip
    return means


def table_means(photo: Pixels, table: Floats, side: int) -> Floats:
    """Reduce a photo whose values stand for others.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    table : (256,) float32 array, of 16 bits (65536,)
        What each value of the photo stands for.
    side : int
        A block's side in pixels.

    Returns
    -------
    means : (⌈H / side⌉, ⌈W / side⌉, 3) float32 array
        The means of `table[value]`.

    Examples
    --------
    >>> squares = np.arange(256, dtype=np.float32) ** 2
    >>> table_means(np.array([[[1, 2, 3], [3, 4, 5]]], np.uint8), squares, 2).tolist()
    [[[5.0, 10.0, 17.0]]]
    """
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(photo, side), 3), np.float32)
    jit.in_bands(
        reduce.table_means, len(means), side * photo.shape[1], flat(photo), table, side, means
    )
    return means


def known_means(photo: Pixels, known: NDArray[np.uint8], side: int) -> tuple[Floats, Floats]:
    """Reduce a photo by the means of those pixels that are known.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    known : (H, W) uint8 array
        0 where a pixel is not known.
    side : int
        A block's side in pixels.

    Returns
    -------
    means : (⌈H / side⌉, ⌈W / side⌉, 3) float32 array
        0 where no pixel of a block is known.
    shares : (⌈H / side⌉, ⌈W / side⌉) float32 array
        How much of each block is known, 0 to 1.

    Examples
    --------
    >>> photo = np.array([[[10, 20, 30], [90, 90, 90], [7, 7, 7]]], np.uint8)
    >>> means, shares = known_means(photo, np.array([[1, 0, 0]], np.uint8), 2)
    >>> means.tolist(), shares.tolist()
    ([[[10.0, 20.0, 30.0], [0.0, 0.0, 0.0]]], [[0.5, 0.0]])
    """
    from compositing.kernels import jit, reduce

    means = np.empty((*_reduced(photo, side), 3), np.float32)
    shares = np.empty(means.shape[:2], np.float32)
    jit.in_bands(
        reduce.known_means, len(means), side * photo.shape[1],
        flat(photo), known, side, means, shares,
    )  # fmt: skip
    return means, shares


def reduced(size: int, side: int) -> int:
    """Count the blocks of `side` pixels that `size` pixels need.

    Examples
    --------
    >>> reduced(9, 4)
    3
    """
    return -(-size // side)


def _reduced(x: NDArray[np.generic], side: int) -> tuple[int, int]:
    """The height and width of a reduced picture."""
    return reduced(x.shape[0], side), reduced(x.shape[1], side)


def halving(shape: tuple[int, ...], longest: int) -> int:
    """Find the smallest power of two that brings the longer side to at most `longest` pixels.

    Examples
    --------
    >>> halving((3000, 4000), 1024), halving((20, 30), 1024)
    (4, 1)
    """
    side = 1
    while max(shape) > longest * side:
        side *= 2
    return side


def upsampled(x: Floats, side: int, height: int, width: int) -> Floats:
    """Enlarge a picture linearly that was reduced by blocks.

    Parameters
    ----------
    x : (h, w) or (h, w, 3) float32 array
    side : int
        A block's side in pixels.
    height, width : int
        The size before the reduction.

    Returns
    -------
    large : (height, width) float32 array, or with 3 channels

    Examples
    --------
    >>> upsampled(np.array([[0, 4]], np.float32), 2, 1, 4).tolist()
    [[0.0, 1.0, 3.0, 4.0]]
    """
    large = cv2.resize(x, (side * x.shape[1], side * x.shape[0]))
    return np.ascontiguousarray(large[:height, :width])
