# mypy: allow-untyped-defs
"""Loops of the blur by depth: a picture is split by how far each pixel is spread, and put together
again. Layers are `(h, w, 4)`: linear light times its weight, and the weight.
"""

import numpy as np
from numba.core.types import float32, int64

from compositing.kernels.jit import (
    F32_1,
    F32_2,
    F32_3,
    OUT_F32_3,
    OUT_U8_2,
    OUT_U16_2,
    TAPS,
    U8_2,
    U16_2,
    compiled,
    inlined,
    level,
    of_255,
)

EXTENDED = 20.0
"""What lies behind a layer goes on under its edge from where a twentieth of it is seen."""
SURE = 0.5 / 255
LEAST = 1e-6


@compiled((F32_3, F32_2, F32_2, F32_2, float32, int64, OUT_F32_3, int64, int64))
def weigh(light, levels, share, gain, number, side, layer, first, end):
    """layer = the pixels of one level, in means of side × side pixels.

    A pixel belongs to the two whole levels around its own, in parts, times its share, and is `gain`
    times as bright.
    """
    height, width = levels.shape
    one = np.float32(1)
    for row in range(first, end):
        top, bottom = row * side, min((row + 1) * side, height)
        for column in range(layer.shape[1]):
            left, right = column * side, min((column + 1) * side, width)
            red = green = blue = total = np.float32(0)
            for y in range(top, bottom):
                for x in range(left, right):
                    w = (one - abs(levels[y, x] - number)) * share[y, x]
                    if w <= 0:
                        continue
                    total += w
                    w *= gain[y, x]
                    red += w * light[y, x, 0]
                    green += w * light[y, x, 1]
                    blue += w * light[y, x, 2]
            scale = one / np.float32((bottom - top) * (right - left))
            layer[row, column, 0] = red * scale
            layer[row, column, 1] = green * scale
            layer[row, column, 2] = blue * scale
            layer[row, column, 3] = total * scale


@compiled((F32_3, OUT_F32_3, int64, int64))
def lay_over(layer, behind, first, end):
    """behind = the layer over what is behind it, which goes on under the layer's edge."""
    for y in range(first, end):
        for x in range(layer.shape[1]):
            weight = behind[y, x, 3]
            rest = np.float32(1) - min(layer[y, x, 3], np.float32(1))
            if weight > LEAST:
                rest *= min(np.float32(1), np.float32(EXTENDED) * weight) / weight
            for c in range(4):
                behind[y, x, c] = layer[y, x, c] + rest * behind[y, x, c]


@compiled((F32_3, OUT_F32_3, int64, int64))
def lay_under(layer, front, first, end):
    """front = itself, and of the layer behind it as much as there is room for.

    Neighbouring levels of one surface add up to 1; of two surfaces, the nearer one stays whole.
    """
    for y in range(first, end):
        for x in range(layer.shape[1]):
            weight = layer[y, x, 3]
            if weight > LEAST:
                room = max(np.float32(0), np.float32(1) - front[y, x, 3])
                part = min(np.float32(1), room / weight)
                for c in range(4):
                    front[y, x, c] += part * layer[y, x, c]


@inlined
def _looked_up(table, place):
    """A table's value, interpolated; place counts its entries."""
    place = min(max(place, np.float32(0)), np.float32(table.size - 1))
    lower = min(np.int32(place), table.size - 2)
    value = table[lower]
    return value + (table[lower + 1] - value) * (place - np.float32(lower))


@compiled((F32_3, F32_2, F32_2, F32_1, OUT_F32_3, int64, int64))
def settle(light, levels, bare, srgb, plate, first, end):
    """plate `(h, w, 4)`: from all that is out of focus, to what `finish` takes.

    In focus is what level 0 has of the light; it comes before the rest. bare: how much of the
    photo's own pixels may be shown.
    """
    last = np.float32(srgb.size - 1)
    for y in range(first, end):
        for x in range(levels.shape[1]):
            sharp = max(np.float32(0), np.float32(1) - levels[y, x])
            weight = plate[y, x, 3]
            scale = (np.float32(1) - sharp) / max(weight, np.float32(LEAST))
            if weight <= LEAST:  # nothing is out of focus here
                sharp, scale = np.float32(1), np.float32(0)
            own = sharp * bare[y, x]
            for c in range(3):
                value = np.float32(0)
                if own < 1:
                    whole = sharp * light[y, x, c] + scale * plate[y, x, c]
                    value = _looked_up(srgb, whole * last)
                    if own > 0:
                        value -= own * _looked_up(srgb, light[y, x, c] * last)
                plate[y, x, c] = value
            plate[y, x, 3] = own


@inlined
def _level_with(small, top, down, row):
    """row `(4 w,)` = two rows of small `(h, w, 4)`, interpolated."""
    bottom = min(top + 1, small.shape[0] - 1)
    for x in range(small.shape[1]):
        for c in range(4):
            value = small[top, x, c]
            row[4 * x + c] = value + (small[bottom, x, c] - value) * down


@inlined
def _at(row, left, along, c):
    """Channel c of a row `(4 w,)`, interpolated."""
    right = min(left + 1, row.size // 4 - 1)
    value = row[4 * left + c]
    return value + (row[4 * right + c] - value) * along


@inlined
def _subject(layers, top, down, left, along, c, alpha, value):
    """F, corrected to the photo, as `blend` does it."""
    bottom, right = min(top + 1, layers.shape[0] - 1), min(left + 1, layers.shape[1] - 1)
    f = b = np.float32(0)
    for k in range(2):
        upper = layers[top, left, c + 3 * k]
        upper += (layers[top, right, c + 3 * k] - upper) * along
        lower = layers[bottom, left, c + 3 * k]
        lower += (layers[bottom, right, c + 3 * k] - lower) * along
        if k == 0:
            f = upper + (lower - upper) * down
        else:
            b = upper + (lower - upper) * down
    rest = np.float32(1) - alpha
    f += (value - alpha * f - rest * b) * alpha / (alpha * alpha + rest * rest)
    return min(max(f, np.float32(0)), np.float32(255))


@compiled(
    *((photo, F32_2, F32_3, F32_3, *TAPS, F32_3, *TAPS, F32_1, F32_1, out, int64, int64)
      for photo, out in ((U8_2, OUT_U8_2), (U16_2, OUT_U16_2)))
)  # fmt: skip
def finish(
    photo, alpha, plate, front, rows, down, columns, along,
    layers, l_rows, l_down, l_columns, l_along, light, srgb, out, first, end,
):  # fmt: skip
    """out = front over (α F + (1 − α) background), where the background is the photo in focus.

    plate `(h, w, 4)`: s, how much of the photo is as sharp as it was, and the rest of the
    background without that, in sRGB: the background is rest + s · photo. front: light and weight;
    empty if nothing is nearer. photo and out are flat; light, srgb: tables of the two curves.
    """
    width = alpha.shape[1]
    full = np.float32(255)
    step = np.float32(light.size - 1) / full
    behind = np.empty(4 * plate.shape[1], np.float32)
    before = np.empty(4 * front.shape[1], np.float32)
    for y in range(first, end):
        _level_with(plate, rows[y], down[y], behind)
        if front.shape[0] > 0:
            _level_with(front, rows[y], down[y], before)
        for x in range(width):
            left, part = columns[x], along[x]
            a = alpha[y, x]
            cover = np.float32(0)
            if front.shape[0] > 0:
                cover = min(_at(before, left, part, 3), np.float32(1))
            sharp = _at(behind, left, part, 3)
            as_it_is = a > 1 - SURE or sharp > 1 - SURE
            if as_it_is and cover < SURE:
                for c in range(3):
                    out[y, 3 * x + c] = photo[y, 3 * x + c]
                continue
            for c in range(3):
                value = own = of_255(photo, photo[y, 3 * x + c])
                if not as_it_is:
                    rest = _at(behind, left, part, c)
                    value = rest + sharp * own
                    if a > 0:
                        f = own
                        if layers.shape[0] > 0 and a > SURE:
                            f = _subject(
                                layers, l_rows[y], l_down[y], l_columns[x], l_along[x], c, a, own
                            )
                        value = (np.float32(1) - a) * rest + sharp * own
                        value += a * (np.float32(1) - sharp) * f
                    value = min(max(value, np.float32(0)), full)
                if cover >= SURE:
                    mixed = _at(before, left, part, c)
                    mixed += (np.float32(1) - cover) * _looked_up(light, value * step)
                    value = _looked_up(srgb, mixed * np.float32(srgb.size - 1))
                out[y, 3 * x + c] = level(out, value)
