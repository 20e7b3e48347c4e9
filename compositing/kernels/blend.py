# mypy: allow-untyped-defs
"""The full-size passes: everything that is done to every pixel of the photo, in one reading.

Small arrays are enlarged on the way. Taps say how: pixel i of a full-size axis lies between the
small axis's pixels lower[i] and lower[i] + 1 (or the last), weight[i] of the way.
"""

import numpy as np
from numba.core.types import int64

from compositing.kernels.jit import (
    F32_1,
    F32_2,
    F32_3,
    I32_1,
    OUT_U8_3,
    U8_3,
    compiled,
    inlined,
)

TAPS = (I32_1, F32_1, I32_1, F32_1)  # rows, then columns
SURE = 0.5 / 255  # alphas nearer to 0 or 1 than this are 0 or 1 in 8 bits


@inlined
def _between(small, top, bottom, down, left, right, along, c):
    upper = small[top, left, c] + (small[top, right, c] - small[top, left, c]) * along
    lower = small[bottom, left, c] + (small[bottom, right, c] - small[bottom, left, c]) * along
    return upper + (lower - upper) * down


@inlined
def _foreground(layers, top, bottom, down, left, right, along, c, alpha, value):
    """The estimated F, moved the least (with B) so that α F + (1 − α) B is the photo's value."""
    f = _between(layers, top, bottom, down, left, right, along, c)
    b = _between(layers, top, bottom, down, left, right, along, c + 3)
    rest = np.float32(1) - alpha
    f += (value - alpha * f - rest * b) * alpha / (alpha * alpha + rest * rest)
    return min(max(f, np.float32(0)), np.float32(255))


@inlined
def _widen(row, lower, weight, wide):
    last = row.shape[0] - 1
    if row.shape[0] == wide.shape[0]:
        for x in range(wide.shape[0]):
            for c in range(3):
                wide[x, c] = row[x, c]
        return
    for x in range(wide.shape[0]):
        left = lower[x]
        right = min(left + 1, last)
        for c in range(3):
            a = np.float32(row[left, c])
            wide[x, c] = a + (row[right, c] - a) * weight[x]


@compiled(
    *((U8_3, F32_2, plate, *TAPS, F32_3, *TAPS, OUT_U8_3, int64, int64) for plate in (U8_3, F32_3))
)
def over(
    photo, alpha, plate, p_rows, p_down, p_columns, p_along,
    layers, l_rows, l_down, l_columns, l_along, out, first, end,
):  # fmt: skip
    """out = α F + (1 − α) plate; F is the photo where layers is empty or alpha is sure."""
    width = photo.shape[1]
    unmix = layers.shape[0] > 0
    wide = np.empty((2, width, 3), np.float32)  # two rows of the plate, at the photo's width
    held = -2
    for y in range(first, end):
        above = p_rows[y]
        if above != held:
            if above != held + 1:
                _widen(plate[above], p_columns, p_along, wide[above & 1])
            beneath = min(above + 1, plate.shape[0] - 1)
            _widen(plate[beneath], p_columns, p_along, wide[(above + 1) & 1])
            held = above
        upper, lower, down = wide[above & 1], wide[(above + 1) & 1], p_down[y]
        for x in range(width):
            a = alpha[y, x]
            for c in range(3):
                p = upper[x, c] + (lower[x, c] - upper[x, c]) * down
                out[y, x, c] = np.uint8(np.int32(p + (photo[y, x, c] - p) * a + np.float32(0.5)))
        if not unmix:
            continue
        l_top = l_rows[y]
        l_bottom = min(l_top + 1, layers.shape[0] - 1)
        for x in range(width):
            a = alpha[y, x]
            if a > SURE and a < 1 - SURE:
                left = l_columns[x]
                right = min(left + 1, layers.shape[1] - 1)
                for c in range(3):
                    f = _foreground(
                        layers, l_top, l_bottom, l_down[y], left, right, l_along[x],
                        c, a, np.float32(photo[y, x, c]),
                    )  # fmt: skip
                    p = upper[x, c] + (lower[x, c] - upper[x, c]) * down
                    out[y, x, c] = np.uint8(np.int32(p + (f - p) * a + np.float32(0.5)))


@compiled((U8_3, F32_2, F32_3, *TAPS, OUT_U8_3, int64, int64))
def cut_out(photo, alpha, layers, l_rows, l_down, l_columns, l_along, out, first, end):
    """out `(H, W, 4)` = F and alpha, not premultiplied; nothing of the photo where alpha is 0."""
    unmix = layers.shape[0] > 0
    for y in range(first, end):
        for x in range(photo.shape[1]):
            a = alpha[y, x]
            opacity = np.uint8(np.int32(a * np.float32(255) + np.float32(0.5)))
            out[y, x, 3] = opacity
            if opacity == 0:
                out[y, x, 0] = out[y, x, 1] = out[y, x, 2] = 0
            elif opacity == 255 or not unmix:
                for c in range(3):
                    out[y, x, c] = photo[y, x, c]
            else:
                top, left = l_rows[y], l_columns[x]
                bottom = min(top + 1, layers.shape[0] - 1)
                right = min(left + 1, layers.shape[1] - 1)
                for c in range(3):
                    f = _foreground(
                        layers, top, bottom, l_down[y], left, right, l_along[x],
                        c, a, np.float32(photo[y, x, c]),
                    )  # fmt: skip
                    out[y, x, c] = np.uint8(np.int32(f + np.float32(0.5)))
