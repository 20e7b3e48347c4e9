# mypy: allow-untyped-defs
"""Means over square blocks, each pixel read once.

Photos come flat, `(H, 3 W)`: the compiler vectorises one long loop, but not many of three. The
last blocks of a row or column may hold fewer pixels.
"""

import numpy as np
from numba.core.types import int64

from compositing.kernels.jit import (
    F32_1,
    F32_2,
    OUT_F32_2,
    OUT_F32_3,
    U8_2,
    U16_2,
    compiled,
    inlined,
    of_255,
)


@inlined
def _in_pairs(values, channels, sums):
    """Add neighbours in pairs."""
    for column in range(sums.size // channels):
        for c in range(channels):
            i = 2 * channels * column + c
            sums[channels * column + c] = values[i] + values[i + channels]


@inlined
def _in_groups(values, of, channels, sums):
    """Add neighbours in groups of `of`."""
    for column in range(sums.size // channels):
        for c in range(channels):
            sums[channels * column + c] = 0
            for x in range(of * column, of * (column + 1)):
                sums[channels * column + c] += values[channels * x + c]


@inlined
def _across(total, rows, side, width, channels, means):
    """means = one flat row of means, from `total`, the sums over `rows` rows, which it overwrites.

    As long as the number of neighbours is even, they are added in pairs, from one array into
    another: the compiler vectorises that.
    """
    total[channels * width :] = 0
    spare = np.empty_like(total)
    size, step = total.size, side
    while step % 2 == 0:
        step //= 2
        size //= 2
        _in_pairs(total, channels, spare[:size])
        total, spare = spare, total
    if step > 1:
        _in_groups(total, step, channels, spare[: means.size])
        total = spare
    share = np.float32(1 / (rows * side))
    for i in range(means.size):
        means[i] = np.float32(total[i]) * share
    if width % side:
        for c in range(means.size - channels, means.size):
            means[c] *= np.float32(side / (width % side))


@compiled(*((values, int64, int64, OUT_F32_2, int64, int64) for values in (U8_2, U16_2, F32_2)))
def block_means(values, channels, side, means, first, end):
    """Means of 1 or 3 channels; values and means are flat, `(rows, channels · columns)`."""
    height, length = values.shape
    total = np.empty(side * means.shape[1], np.float32)  # exact for bytes: they sum to under 2²⁴
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += of_255(values, values[y, i])
        rows = below - row * side
        if channels == 3:
            _across(total, rows, side, length // 3, 3, means[row])
        else:
            _across(total, rows, side, length, 1, means[row])


@compiled(*((photo, F32_1, int64, OUT_F32_3, int64, int64) for photo in (U8_2, U16_2)))
def table_means(photo, table, side, means, first, end):
    """Means of table[value]; the table has an entry for each level."""
    height, length = photo.shape
    total = np.empty(3 * side * means.shape[1], np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += table[photo[y, i]]
        _across(total, below - row * side, side, length // 3, 3, means[row].ravel())


@compiled(*((photo, U8_2, int64, OUT_F32_3, OUT_F32_2, int64, int64) for photo in (U8_2, U16_2)))
def known_means(photo, known, side, means, shares, first, end):
    """Means of the known pixels of each block, and shares = how many of the block's they are."""
    height, width = known.shape
    for row in range(first, end):
        below = min((row + 1) * side, height)
        for column in range(shares.shape[1]):
            right = min((column + 1) * side, width)
            count = red = green = blue = 0
            for y in range(row * side, below):
                for x in range(column * side, right):
                    if known[y, x]:
                        count += 1
                        red += photo[y, 3 * x]
                        green += photo[y, 3 * x + 1]
                        blue += photo[y, 3 * x + 2]
            shares[row, column] = count / ((below - row * side) * (right - column * side))
            count = max(count, 1)
            means[row, column, 0] = of_255(photo, red / count)
            means[row, column, 1] = of_255(photo, green / count)
            means[row, column, 2] = of_255(photo, blue / count)
