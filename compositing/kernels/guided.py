# mypy: allow-untyped-defs
"""Loops of the colour guided filter (He, Sun, Tang 2013)."""

import numpy as np
from numba.core.types import float32, int64

from compositing.kernels.jit import (
    F32_2,
    F32_3,
    OUT_F32_2,
    OUT_F32_3,
    TAPS,
    U8_2,
    U8_3,
    between,
    compiled,
    inlined,
)

MOMENTS = 13  # r g b, rr rg rb gg gb bb, alpha, alpha r, alpha g, alpha b


@compiled((U8_3, F32_2, U8_2, int64, OUT_F32_3, int64, int64))
def moments(photo, alpha, wanted, side, means, first, end):
    """The means of colours (0 to 1), alpha and their products over each wanted block."""
    height, width = alpha.shape
    unit = np.float32(1 / 255)
    total = np.empty(MOMENTS, np.float32)
    for row in range(first, end):
        for column in range(wanted.shape[1]):
            if wanted[row, column] == 0:
                continue
            total[:] = 0
            count = 0
            for y in range(row * side, min((row + 1) * side, height)):
                for x in range(column * side, min((column + 1) * side, width)):
                    r, g, b = photo[y, x, 0] * unit, photo[y, x, 1] * unit, photo[y, x, 2] * unit
                    a = alpha[y, x]
                    total[0] += r
                    total[1] += g
                    total[2] += b
                    total[3] += r * r
                    total[4] += r * g
                    total[5] += r * b
                    total[6] += g * g
                    total[7] += g * b
                    total[8] += b * b
                    total[9] += a
                    total[10] += a * r
                    total[11] += a * g
                    total[12] += a * b
                    count += 1
            for k in range(MOMENTS):
                means[row, column, k] = total[k] / count


@compiled((F32_3, U8_2, float32, OUT_F32_3, int64, int64))
def slopes(means, wanted, epsilon, lines, first, end):
    """lines `(h, w, 4)` = s and t of each wanted window.

    means are the window's moments. alpha = s · colour + t is its ridge regression: the least
    squares, with a penalty of epsilon on s.
    """
    for y in range(first, end):
        for x in range(means.shape[1]):
            if wanted[y, x] == 0:
                continue
            m = means[y, x].astype(np.float64)  # variances are differences of nearly equal numbers
            rr, rg, rb = m[3] - m[0] * m[0] + epsilon, m[4] - m[0] * m[1], m[5] - m[0] * m[2]
            gg, gb = m[6] - m[1] * m[1] + epsilon, m[7] - m[1] * m[2]
            bb = m[8] - m[2] * m[2] + epsilon
            ar, ag, ab = m[10] - m[9] * m[0], m[11] - m[9] * m[1], m[12] - m[9] * m[2]
            # The inverse of the symmetric 3 × 3 matrix, by cofactors.
            i00, i01, i02 = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
            i11, i12, i22 = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
            scale = 1 / (rr * i00 + rg * i01 + rb * i02)
            s0 = (i00 * ar + i01 * ag + i02 * ab) * scale
            s1 = (i01 * ar + i11 * ag + i12 * ab) * scale
            s2 = (i02 * ar + i12 * ag + i22 * ab) * scale
            lines[y, x, 0], lines[y, x, 1], lines[y, x, 2] = s0, s1, s2
            lines[y, x, 3] = m[9] - s0 * m[0] - s1 * m[1] - s2 * m[2]


@compiled((U8_3, F32_3, U8_2, *TAPS, int64, OUT_F32_2, int64, int64))
def apply_lines(photo, lines, wanted, rows, down, columns, along, side, alpha, first, end):
    """alpha = s · colour + t in each wanted block, with s and t interpolated between blocks."""
    unit = np.float32(1 / 255)
    for y in range(first, end):
        for x in range(photo.shape[1]):
            if wanted[y // side, x // side] == 0:
                continue
            value = between(lines, rows[y], down[y], columns[x], along[x], 3)
            for c in range(3):
                slope = between(lines, rows[y], down[y], columns[x], along[x], c)
                value += slope * (photo[y, x, c] * unit)
            alpha[y, x] = min(max(value, np.float32(0)), np.float32(1))


@inlined
def _cubic(t, weights):
    """The weights of the four pixels around t: Keys' cubic convolution (1981) with a = −½."""
    half = np.float32(0.5)
    for i in range(4):
        d = abs(t + np.float32(1 - i))
        if d <= 1:
            weights[i] = (np.float32(1.5) * d - np.float32(2.5)) * d * d + np.float32(1)
        else:
            weights[i] = ((np.float32(2.5) - half * d) * d - np.float32(4)) * d + np.float32(2)


@inlined
def _level_with(y, down, small, lines, fixed, weights, values, slopes, known):
    """Small rows, enlarged in height alone: what lies at the height of one of the photo's rows.

    y: the small row before it, from −1; down: how far it lies behind that. values `(w, 4)`: of
    small; slopes `(w, 3)`: of lines; known `(w,)`: 0 or 1 where fixed says it above and below.
    """
    last = small.shape[0] - 1
    top, bottom = max(y, 0), min(y + 1, last)
    _cubic(down, weights)
    values[:] = 0
    for j in range(4):
        v = min(max(y - 1 + j, 0), last)
        for x in range(small.shape[1]):
            for c in range(4):
                values[x, c] += weights[j] * small[v, x, c]
    for x in range(small.shape[1]):
        known[x] = fixed[top, x] if fixed[top, x] == fixed[bottom, x] else 2
        for c in range(3):
            slopes[x, c] = lines[top, x, c] + (lines[bottom, x, c] - lines[top, x, c]) * down


@compiled((U8_3, F32_3, F32_3, U8_2, *TAPS, OUT_F32_2, int64, int64))
def transfer(photo, small, lines, fixed, rows, down, columns, along, alpha, first, end):
    """alpha = cubic(small alpha) + slope · (photo − cubic(small photo)).

    small `(h, w, 4)`: the reduced photo (0 to 1) and the small alpha. fixed: 0 or 1 where the
    small alpha has that value all around, which is then repeated; 2 elsewhere. rows, columns: the
    small pixel before each pixel, from −1; down, along: how far the pixel lies behind it.
    """
    width, last = photo.shape[1], small.shape[1] - 1
    unit = np.float32(1 / 255)
    wx = np.empty((width, 4), np.float32)
    for x in range(width):
        _cubic(along[x], wx[x])
    wy = np.empty(4, np.float32)
    values, slopes = np.empty((last + 1, 4), np.float32), np.empty((last + 1, 3), np.float32)
    known = np.empty(last + 1, np.uint8)
    value = np.empty(4, np.float32)
    for y in range(first, end):
        _level_with(rows[y], down[y], small, lines, fixed, wy, values, slopes, known)
        for x in range(width):
            left, right = max(columns[x], 0), min(columns[x] + 1, last)
            if known[left] < 2 and known[left] == known[right]:
                alpha[y, x] = known[left]
                continue
            value[:] = 0
            for i in range(4):
                u = min(max(columns[x] - 1 + i, 0), last)
                for c in range(4):
                    value[c] += wx[x, i] * values[u, c]
            a = value[3]
            for c in range(3):
                slope = slopes[left, c] + (slopes[right, c] - slopes[left, c]) * along[x]
                a += slope * (photo[y, x, c] * unit - value[c])
            alpha[y, x] = min(max(a, np.float32(0)), np.float32(1))
