# mypy: allow-untyped-defs
"""The full-size passes: all that is done to every pixel of the photo, reading it once."""

import numpy as np
from numba.core.types import int64

from compositing.kernels.jit import (
    F32_2,
    F32_3,
    OUT_U8_2,
    OUT_U8_3,
    OUT_U16_2,
    OUT_U16_3,
    TAPS,
    U8_2,
    U16_2,
    between,
    compiled,
    inlined,
    level,
    of_255,
)

BLOCK = 64  # pixels of a row looked at together: most blocks are all subject or all background
SURE = 0.5 / 255  # alphas nearer to 0 or 1 than this are 0 or 1 in 8 bits


# These loops run over whole slices. No index is negative, so the compiler vectorises them.


@inlined
def _range(values):
    """The smallest value and the largest."""
    least, most = np.float32(1), np.float32(0)
    for i in range(values.size):
        least, most = min(least, values[i]), max(most, values[i])
    return least, most


@inlined
def _copy(values, out):
    """Copy values."""
    for i in range(out.size):
        out[i] = values[i]


@inlined
def _rounded(values, out):
    """Round to whole levels."""
    for i in range(out.size):
        out[i] = level(out, of_255(values, values[i]))


@inlined
def _mean_row(upper, lower, down, light, out):
    """Interpolate between two rows of the plate, and darken by the shadow."""
    for i in range(out.size):
        value = (upper[i] + (lower[i] - upper[i]) * down) * light[i]
        out[i] = level(out, value)


@inlined
def _toned_row(values, tones, out):
    """Put the photo's own values into the new light."""
    for x in range(out.size // 3):
        for c in range(3):
            out[3 * x + c] = level(out, tones[c, values[3 * x + c]])


@inlined
def _toned(value, tones, c):
    """A value in the new light, which may lie between two whole ones."""
    place = value * (np.float32(tones.shape[1] - 1) / np.float32(255))
    lower = min(np.int32(place), np.int32(tones.shape[1] - 2))
    return tones[c, lower] + (tones[c, lower + 1] - tones[c, lower]) * (place - np.float32(lower))


@inlined
def _light_row(shade, row, down, columns, along, light):
    """The shadow's factor for each pixel of a row, three times: once for each channel."""
    for x in range(columns.size):
        light[3 * x : 3 * x + 3] = between(shade, row, down, columns[x], along[x], 0)


@inlined
def _foreground(layers, top, down, left, along, c, alpha, value):
    """F, corrected to the photo: F and B move by the least that makes α F + (1 − α) B its value."""
    f = between(layers, top, down, left, along, c)
    b = between(layers, top, down, left, along, c + 3)
    rest = np.float32(1) - alpha
    f += (value - alpha * f - rest * b) * alpha / (alpha * alpha + rest * rest)
    return min(max(f, np.float32(0)), np.float32(255))


@inlined
def _widen(row, lower, weight, wide):
    """Bring one flat row of the plate to the photo's width."""
    if row.size == wide.size:
        for i in range(wide.size):
            wide[i] = of_255(row, row[i])
        return
    last = row.size // 3 - 1
    for x in range(lower.size):
        left = 3 * lower[x]
        right = 3 * min(lower[x] + 1, last)
        for c in range(3):
            a = of_255(row, row[left + c])
            wide[3 * x + c] = a + (of_255(row, row[right + c]) - a) * weight[x]


@compiled(
    *((photo, F32_2, plate, *TAPS, F32_3, *TAPS, F32_3, F32_2, out, int64, int64)
      for photo, out in ((U8_2, OUT_U8_2), (U16_2, OUT_U16_2)) for plate in (photo, F32_2))
)  # fmt: skip
def over(
    photo, alpha, plate, p_rows, p_down, p_columns, p_along,
    layers, l_rows, l_down, l_columns, l_along, shade, tones, out, first, end,
):  # fmt: skip
    """out = α · tones(F) + (1 − α) · shade · plate.

    Where alpha is 0 or 1, and where there are no layers, F is the photo itself. An empty shade or
    tones changes nothing. photo, plate and out are flat, `(rows, 3 · columns)`; layers and shade
    are of one size.
    """
    width = alpha.shape[1]
    as_is = plate.shape[1] == 3 * width and p_down.max() == 0 and shade.shape[0] == 0
    wide = np.empty((2, 3 * width), np.float32)  # two rows of the plate
    light = np.ones(3 * width, np.float32)
    held = -2
    for y in range(first, end):
        above = p_rows[y]
        if above != held and not as_is:
            if above != held + 1:
                _widen(plate[above], p_columns, p_along, wide[above & 1])
            beneath = min(above + 1, plate.shape[0] - 1)
            _widen(plate[beneath], p_columns, p_along, wide[(above + 1) & 1])
            held = above
        upper, lower, down = wide[above & 1], wide[(above + 1) & 1], p_down[y]
        if shade.shape[0] > 0:
            _light_row(shade, l_rows[y], l_down[y], l_columns, l_along, light)
        for start in range(0, width, BLOCK):
            stop = min(start + BLOCK, width)
            least, most = _range(alpha[y, start:stop])
            left, right = 3 * start, 3 * stop
            if least > 1 - SURE:
                if tones.shape[0] > 0:
                    _toned_row(photo[y, left:right], tones, out[y, left:right])
                else:
                    _copy(photo[y, left:right], out[y, left:right])
                continue
            behind = out[y, left:right]
            if as_is:
                _rounded(plate[above, left:right], behind)
            else:
                _mean_row(upper[left:right], lower[left:right], down, light[left:right], behind)
            if most < SURE:
                continue
            for x in range(start, stop):
                a = alpha[y, x]
                if a <= 0:
                    continue
                for c in range(3):
                    i = 3 * x + c
                    f = of_255(photo, photo[y, i])
                    if layers.shape[0] > 0 and a > SURE and a < 1 - SURE:
                        f = _foreground(
                            layers, l_rows[y], l_down[y], l_columns[x], l_along[x], c, a, f
                        )
                    if tones.shape[0] > 0:
                        f = _toned(f, tones, c)
                    if as_is:
                        p = of_255(plate, plate[above, i])
                    else:
                        p = (upper[i] + (lower[i] - upper[i]) * down) * light[i]
                    out[y, i] = level(out, p + (f - p) * a)


@compiled(
    *((photo, F32_2, F32_3, *TAPS, F32_3, out, int64, int64)
      for photo, out in ((U8_2, OUT_U8_3), (U16_2, OUT_U16_3)))
)  # fmt: skip
def cut_out(photo, alpha, layers, l_rows, l_down, l_columns, l_along, shade, out, first, end):
    """out `(H, W, 4)` = F and α over the shadow in translucent black, not premultiplied.

    Where nothing is opaque, out is 0: nothing of the photo stays.
    """
    for y in range(first, end):
        for x in range(alpha.shape[1]):
            a = whole = alpha[y, x]
            if shade.shape[0] > 0:
                light = between(shade, l_rows[y], l_down[y], l_columns[x], l_along[x], 0)
                whole = np.float32(1) - (np.float32(1) - a) * light
            opacity = level(out, whole * np.float32(255))
            out[y, x, 3] = opacity
            for c in range(3):
                f = of_255(photo, photo[y, 3 * x + c])
                if opacity == 0:
                    f = np.float32(0)
                elif a < 1 - SURE and layers.shape[0] > 0:
                    f = _foreground(layers, l_rows[y], l_down[y], l_columns[x], l_along[x], c, a, f)
                if whole > a:
                    f *= a / whole
                out[y, x, c] = level(out, f)
