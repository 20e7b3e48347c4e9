# mypy: allow-untyped-defs
"""A curve given by a table."""

import numpy as np
from numba.core.types import float32, int64

from compositing.kernels.jit import F32_1, F32_3, OUT_F32_3, compiled


@compiled((F32_3, F32_1, float32, OUT_F32_3, int64, int64))
def curve(values, table, most, out, first, end):
    """out = the table at each value, interpolated; its entries stand for 0 to `most`."""
    last = table.size - 1
    step = np.float32(last) / most
    for y in range(first, end):
        for x in range(values.shape[1]):
            for c in range(3):
                place = min(max(values[y, x, c] * step, np.float32(0)), np.float32(last))
                lower = min(np.int32(place), last - 1)
                start = table[lower]
                out[y, x, c] = start + (table[lower + 1] - start) * (place - np.float32(lower))
