# mypy: allow-untyped-defs
"""Sweeps of the foreground and background estimation."""

import numpy as np
from numba.core.types import float32, int64

from compositing.kernels.jit import F32_2, F32_3, I32_1, OUT_F32_3, compiled


@compiled((F32_3, F32_2, I32_1, I32_1, float32, int64, OUT_F32_3))
def sweep(image, alpha, ys, xs, smoothness, sweeps, layers):
    """Gauss-Seidel sweeps over the listed pixels of layers `(h, w, 6)`: F, then B, 0 to 255.

    At each pixel i, with neighbours j, F and B minimise
    (α F + (1 − α) B − I)² + Σ_j (smoothness + |α − α_j|) ((F − F_j)² + (B − B_j)²).
    """
    height, width = alpha.shape
    near = np.empty(6, np.float32)
    for _ in range(sweeps):
        for i in range(ys.size):
            y, x = ys[i], xs[i]
            a = alpha[y, x]
            b = np.float32(1) - a
            near[:] = 0
            total = np.float32(0)
            for side in range(4):
                v = min(max(y + (side == 0) - (side == 1), 0), height - 1)
                u = min(max(x + (side == 2) - (side == 3), 0), width - 1)
                weight = smoothness + abs(a - alpha[v, u])
                total += weight
                for c in range(6):
                    near[c] += weight * layers[v, u, c]
            scale = np.float32(1) / (total * (a * a + b * b + total))
            for c in range(3):
                right_f = a * image[y, x, c] + near[c]
                right_b = b * image[y, x, c] + near[c + 3]
                f = ((b * b + total) * right_f - a * b * right_b) * scale
                g = ((a * a + total) * right_b - a * b * right_f) * scale
                layers[y, x, c] = min(max(f, np.float32(0)), np.float32(255))
                layers[y, x, c + 3] = min(max(g, np.float32(0)), np.float32(255))
