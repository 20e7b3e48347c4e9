"""Hard masks whose edges are off by several pixels, drawn anew: closed-form matting in a band.

Levin, Lischinski, Weiss, "A Closed-Form Solution to Natural Image Matting" (2008), in PyMatting's
implementation.
"""

from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.alpha import enlarge, opened
from compositing.arrays import Alpha
from compositing.checks import as_pair

LONGEST = 512  # pixels on the longer side, where it's solved
SHIFTS, MOST = (1e-3, 1e-2, 0.1, 1.0), 30_000_000
THINNEST = 3  # pixels of the shorter side there: the method looks at windows of 3 × 3
BAND = 0.016  # of the shorter side: how far to either side of the edge nothing is believed


def redraw(photo: NDArray[Any], mask: NDArray[Any]) -> Alpha:
    """The mask's edge as the photo's colours have it, at the photo's size.

    photo: `uint8 (H, W, 3)`; mask: `float32 (H, W)` in [0, 1], the subject above a half. Returns
    `float32 (H, W)` in [0, 1]. Raises ValueError if the arrays don't fit together.
    """
    photo, mask = as_pair(photo, mask)
    scale = min(1.0, LONGEST / max(mask.shape))
    size = tuple(max(1, round(side * scale)) for side in mask.shape[::-1])
    small, rough = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (photo, mask))
    trimap = opened(rough, max(2.0, BAND * min(rough.shape)))
    sides_seen = (trimap == 0).any() and (trimap == 1).any()
    if not sides_seen or min(rough.shape) < THINNEST:
        return mask.copy()
    return enlarge(_solved(small, trimap), photo)


def _solved(photo: NDArray[np.uint8], trimap: Alpha) -> Alpha:
    from pymatting import estimate_alpha_cf, ichol  # slow to import

    # Its own settings may print, and ask for 4 GB of address space.
    preconditioner = partial(ichol, shifts=SHIFTS, max_nnz=MOST)
    alpha = estimate_alpha_cf(photo / 255, trimap.astype(np.float64), preconditioner=preconditioner)
    solved: Alpha = np.clip(alpha, 0, 1).astype(np.float32)
    return solved
