# mypy: allow-untyped-defs
"""Means over square blocks of a photo and its alpha, read once at full size."""

import numpy as np
from numba.core.types import int64

from compositing.kernels.jit import (
    F32_1,
    F32_2,
    OUT_F32_2,
    OUT_F32_3,
    U8_3,
    compiled,
)


@compiled((U8_3, int64, OUT_F32_3, int64, int64))
def photo_means(photo, side, means, first, end):
    """Rows first to end of means, each pixel the mean of up to side × side pixels of photo."""
    height, width = photo.shape[:2]
    total = np.empty((width, 3), np.uint32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for x in range(width):
                for c in range(3):
                    total[x, c] += photo[y, x, c]
        for column in range(means.shape[1]):
            right = min((column + 1) * side, width)
            share = np.float32(1 / ((below - row * side) * (right - column * side)))
            for c in range(3):
                s = np.uint32(0)
                for x in range(column * side, right):
                    s += total[x, c]
                means[row, column, c] = np.float32(s) * share


@compiled((U8_3, F32_1, int64, OUT_F32_3, int64, int64))
def table_means(photo, table, side, means, first, end):
    """The same of table[value], a curve of 256 values applied before the mean."""
    height, width = photo.shape[:2]
    total = np.empty((width, 3), np.float32)
    for row in range(first, end):
        below = min((row + 1) * side, height)
        total[:] = 0
        for y in range(row * side, below):
            for x in range(width):
                for c in range(3):
                    total[x, c] += table[photo[y, x, c]]
        for column in range(means.shape[1]):
            right = min((column + 1) * side, width)
            share = np.float32(1 / ((below - row * side) * (right - column * side)))
            for c in range(3):
                s = np.float32(0)
                for x in range(column * side, right):
                    s += total[x, c]
                means[row, column, c] = s * share


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
            s = np.float32(0)
            for x in range(column * side, right):
                s += total[x]
            means[row, column] = s / np.float32((below - row * side) * (right - column * side))
