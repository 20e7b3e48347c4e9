# mypy: allow-untyped-defs
"""Means over square blocks, each pixel read once.

Photos come flat, `(H, 3 W)`: the compiler vectorises one long loop, not many of three. Only the
rows first to end of the means are computed; the last blocks hold what is left of the photo.
"""

import numpy as np
from numba.core.types import int64

from compositing.kernels.jit import (
    F32_1,
    F32_2,
    OUT_F32_2,
    OUT_F32_3,
    U8_2,
    compiled,
    inlined,
)


@inlined
def _across(total, rows, side, width, channels, means):
    """One flat row of means, from sums over `rows` rows; `total` is used up.

    Neighbours are added in pairs while that goes, which the compiler vectorises.
    """
    total[channels * width :] = 0
    count, step = total.size // channels, side
    while step % 2 == 0:
        step //= 2
        count //= 2
        for column in range(count):
            for c in range(channels):
                i = 2 * channels * column + c
                total[channels * column + c] = total[i] + total[i + channels]
    share = np.float32(1 / (rows * side))
    for column in range(count // step):
        for c in range(channels):
            s = total[channels * step * column + c]
            for x in range(1, step):
                s += total[channels * (step * column + x) + c]
            means[channels * column + c] = np.float32(s) * share
    if width % side:
        for c in range(means.size - channels, means.size):
            means[c] *= np.float32(side / (width % side))


@compiled((U8_2, int64, OUT_F32_3, int64, int64))
def photo_means(photo, side, means, first, end):
    height, length = photo.shape
    total = np.empty(3 * side * means.shape[1], np.uint32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += photo[y, i]
        _across(total, below - row * side, side, length // 3, 3, means[row].ravel())


@compiled((U8_2, F32_1, int64, OUT_F32_3, int64, int64))
def table_means(photo, table, side, means, first, end):
    """Means of table[value], for a table of 256."""
    height, length = photo.shape
    total = np.empty(3 * side * means.shape[1], np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += table[photo[y, i]]
        _across(total, below - row * side, side, length // 3, 3, means[row].ravel())


@compiled((U8_2, U8_2, int64, OUT_F32_3, OUT_F32_2, int64, int64))
def known_means(photo, known, side, means, shares, first, end):
    """Means of the pixels where known isn't 0, and the share of these in each block."""
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
            means[row, column, 0] = red / count
            means[row, column, 1] = green / count
            means[row, column, 2] = blue / count


@compiled((F32_2, int64, OUT_F32_2, int64, int64))
def alpha_means(alpha, side, means, first, end):
    height, width = alpha.shape
    total = np.empty(side * means.shape[1], np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for x in range(width):
                total[x] += alpha[y, x]
        _across(total, below - row * side, side, width, 1, means[row])
