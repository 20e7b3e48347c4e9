# mypy: allow-untyped-defs
"""A brush's footprint."""

import numpy as np
from numba.core.types import float32

from compositing.kernels.jit import F32_2, OUT_F32_2, compiled


@compiled((F32_2, float32, OUT_F32_2, OUT_F32_2))
def footprint(path, hardness, weight, near):
    """Draw a polyline of discs whose radius changes evenly between its points.

    path: (n, 3): x, y, radius, in pixels of the window; pixel i covers i to i + 1. weight becomes
    the disc's profile, near the distance to the path in radii, where that is more, and less, than
    before.
    """
    height, width = weight.shape
    soft = np.float32(1) - hardness
    for i in range(max(len(path) - 1, 1)):
        ax, ay, ar = path[i]
        bx, by, br = path[min(i + 1, len(path) - 1)]
        dx, dy = bx - ax, by - ay
        length = max(dx * dx + dy * dy, np.float32(1e-12))
        most = max(ar, br) + np.float32(1)
        top, bottom = max(0, int(min(ay, by) - most)), min(height, int(max(ay, by) + most) + 1)
        left, right = max(0, int(min(ax, bx) - most)), min(width, int(max(ax, bx) + most) + 1)
        for row in range(top, bottom):
            y = np.float32(row) + np.float32(0.5) - ay
            for column in range(left, right):
                x = np.float32(column) + np.float32(0.5) - ax
                along = min(max((x * dx + y * dy) / length, np.float32(0)), np.float32(1))
                radius = ar + (br - ar) * along
                across, down = x - along * dx, y - along * dy
                away = np.sqrt(across * across + down * down)
                # A pixel at the rim is covered in part, however hard the brush is.
                value = min(radius + np.float32(0.5) - away, np.float32(1))
                if value <= 0:
                    continue
                near[row, column] = min(near[row, column], away / radius)
                if radius * soft > 1:
                    part = min((np.float32(1) - away / radius) / soft, np.float32(1))
                    part = max(part, np.float32(0))
                    value = part * part * (np.float32(3) - np.float32(2) * part)
                weight[row, column] = max(weight[row, column], value)
