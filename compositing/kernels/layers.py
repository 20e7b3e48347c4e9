# mypy: allow-untyped-defs
"""Loops over a photo's two layers, F and B: `(h, w, 6)`, 0 to 255."""

from collections.abc import Callable

import numpy as np
from numba.core.types import float32, int64

from compositing.kernels.jit import (
    F32_2,
    F32_3,
    OUT_F32_2,
    OUT_F32_3,
    TAPS,
    U8_2,
    between,
    compiled,
)


@compiled((F32_3, F32_2, float32, F32_3, *TAPS, U8_2, OUT_F32_3, int64, int64))
def begin(image, alpha, sure, coarse, rows, down, columns, along, wanted, layers, first, end):
    """layers = what a level begins with, from the coarse layers, which are half the size.

    Where alpha is within `sure` of 1, F is the image; where it is within `sure` of 0, B is. All
    else comes from the coarse layers: interpolated at wanted pixels, repeated at the others. Every
    pixel whose alpha isn't sure is wanted.
    """
    for y in range(first, end):
        for x in range(alpha.shape[1]):
            a = alpha[y, x]
            if wanted[y, x] != 0:
                for c in range(6):
                    layers[y, x, c] = between(coarse, rows[y], down[y], columns[x], along[x], c)
            elif a > sure:
                for c in range(3, 6):
                    layers[y, x, c] = coarse[y >> 1, x >> 1, c]
            else:
                for c in range(3):
                    layers[y, x, c] = coarse[y >> 1, x >> 1, c]
            if a >= 1 - sure:
                for c in range(3):
                    layers[y, x, c] = image[y, x, c]
            elif a <= sure:
                for c in range(3):
                    layers[y, x, c + 3] = image[y, x, c]


def _sweep(pulled: bool) -> Callable[..., None]:
    """One of the two loops; `pulled` is a constant for the compiler, which leaves out the rest."""

    @compiled((F32_3, F32_2, U8_2, F32_3, float32, float32, int64, OUT_F32_3))
    def sweep(image, alpha, wanted, told, smoothness, relaxation, sweeps, layers):
        """Solve the wanted pixels by over-relaxed Gauss-Seidel sweeps.

        At each pixel, with neighbours j, F and B minimise
        (α F + (1 − α) B − I)² + Σ_j (smoothness + |α − α_j|) ((F − F_j)² + (B − B_j)²),
        and if F is pulled, α (F − told)² as well. Otherwise nothing is told: told is empty.
        """
        height, width = alpha.shape
        pull = np.float32(0)
        for _ in range(sweeps):
            for y in range(height):
                up, down = max(y - 1, 0), min(y + 1, height - 1)
                for x in range(width):
                    if wanted[y, x] == 0:
                        continue
                    left, right = max(x - 1, 0), min(x + 1, width - 1)
                    a = alpha[y, x]
                    b = np.float32(1) - a
                    above = smoothness + abs(a - alpha[up, x])
                    below = smoothness + abs(a - alpha[down, x])
                    before = smoothness + abs(a - alpha[y, left])
                    after = smoothness + abs(a - alpha[y, right])
                    total = above + below + before + after
                    share = total * (a * a + b * b + total)
                    if pulled:
                        pull = a
                        share += pull * (b * b + total)
                    scale = np.float32(1) / share
                    for c in range(3):
                        right_f, right_b = a * image[y, x, c], b * image[y, x, c]
                        if pulled:
                            right_f += pull * told[y, x, c]
                        right_f += above * layers[up, x, c] + below * layers[down, x, c]
                        right_f += before * layers[y, left, c] + after * layers[y, right, c]
                        right_b += above * layers[up, x, c + 3] + below * layers[down, x, c + 3]
                        right_b += before * layers[y, left, c + 3] + after * layers[y, right, c + 3]
                        f = ((b * b + total) * right_f - a * b * right_b) * scale
                        g = ((a * a + pull + total) * right_b - a * b * right_f) * scale
                        f = layers[y, x, c] + relaxation * (f - layers[y, x, c])
                        g = layers[y, x, c + 3] + relaxation * (g - layers[y, x, c + 3])
                        layers[y, x, c] = min(max(f, np.float32(0)), np.float32(255))
                        layers[y, x, c + 3] = min(max(g, np.float32(0)), np.float32(255))

    return sweep


free_sweep, pulled_sweep = _sweep(False), _sweep(True)


@compiled((F32_3, F32_2, F32_3, *TAPS, OUT_F32_3, OUT_F32_2, int64, int64))
def subtract(image, alpha, layers, rows, down, columns, along, colours, shown, first, end):
    """colours = (image − αF) / (1 − α), the background; shown = 1 − α, how much of it is seen."""
    for y in range(first, end):
        for x in range(alpha.shape[1]):
            a = alpha[y, x]
            rest = np.float32(1) - a
            shown[y, x] = rest
            scale = np.float32(1) / max(rest, np.float32(1e-6))
            for c in range(3):
                value = image[y, x, c]
                if a > 0:
                    f = between(layers, rows[y], down[y], columns[x], along[x], c)
                    value = min(max((value - a * f) * scale, np.float32(0)), np.float32(255))
                colours[y, x, c] = value


@compiled((F32_3, F32_2, OUT_F32_3, OUT_F32_2, int64, int64))
def pull(colours, weight, means, total, first, end):
    """means = the weighted means of 2 × 2 pixels; total = their mean weights."""
    height, width = weight.shape
    for row in range(first, end):
        for column in range(total.shape[1]):
            sum_weight = red = green = blue = np.float32(0)
            count = np.float32(0)
            for y in range(2 * row, min(2 * row + 2, height)):
                for x in range(2 * column, min(2 * column + 2, width)):
                    w = weight[y, x]
                    count += np.float32(1)
                    sum_weight += w
                    red += w * colours[y, x, 0]
                    green += w * colours[y, x, 1]
                    blue += w * colours[y, x, 2]
            total[row, column] = sum_weight / count
            scale = np.float32(1) / max(sum_weight, np.float32(1e-6))
            means[row, column, 0] = red * scale
            means[row, column, 1] = green * scale
            means[row, column, 2] = blue * scale


@compiled((F32_3, F32_2, float32, *TAPS, OUT_F32_3, int64, int64))
def push(coarse, weight, least, rows, down, columns, along, colours, first, end):
    """colours = the coarse ones, interpolated, where the weight is less than `least`."""
    for y in range(first, end):
        for x in range(weight.shape[1]):
            if weight[y, x] < least:
                for c in range(3):
                    colours[y, x, c] = between(coarse, rows[y], down[y], columns[x], along[x], c)
