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
def _across(total, row, rows, side, width, means):
    """One row of means, from a row of sums over `rows` rows."""
    for column in range(means.shape[1]):
        right = min((column + 1) * side, width)
        share = np.float32(1 / (rows * (right - column * side)))
        for c in range(3):
            s = total[3 * column * side + c]
            for x in range(column * side + 1, right):
                s += total[3 * x + c]
            means[row, column, c] = np.float32(s) * share


@compiled((U8_2, int64, OUT_F32_3, int64, int64))
def photo_means(photo, side, means, first, end):
    height, length = photo.shape
    total = np.empty(length, np.uint32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += photo[y, i]
        _across(total, row, below - row * side, side, length // 3, means)


@compiled((U8_2, F32_1, int64, OUT_F32_3, int64, int64))
def table_means(photo, table, side, means, first, end):
    """Means of table[value], for a table of 256."""
    height, length = photo.shape
    total = np.empty(length, np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for i in range(length):
                total[i] += table[photo[y, i]]
        _across(total, row, below - row * side, side, length // 3, means)


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
    total = np.empty(width, np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for x in range(width):
                total[x] += alpha[y, x]
        for column in range(means.shape[1]):
            right = min((column + 1) * side, width)
            s = total[column * side]
            for x in range(column * side + 1, right):
                s += total[x]
            means[row, column] = s / np.float32((below - row * side) * (right - column * side))
