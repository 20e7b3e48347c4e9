"""Hard masks whose edges are off by several pixels, drawn anew by closed-form matting."""

from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.alpha import enlarge, trimap_of
from compositing.arrays import Alpha
from compositing.checks import as_pair, as_photo

LONGEST = 512  # pixels on the longer side, where it's solved
SHIFTS, MOST = (1e-3, 1e-2, 0.1, 1.0), 30_000_000
THINNEST = 3  # pixels of the shorter side there: the method looks at windows of 3 × 3
BAND = 0.016  # of the shorter side: how far to either side of the edge the mask isn't trusted


def redraw(photo: NDArray[Any], mask: NDArray[Any]) -> Alpha:
    """Draw the edge of a hard mask anew, by the colours of the photo.

    The mask is not trusted in a band around its edge, 1.6 % of the shorter side wide on either
    side. Closed-form matting finds the alpha there, at 512 pixels at most; `enlarge` brings it to
    the photo's size.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB.
    mask : (H, W) array
        float32 in [0, 1]; the subject is what lies above 0.5.

    Returns
    -------
    alpha : (H, W) float32 array
        In [0, 1]. A copy of the mask where there is nothing to solve: no edge, nothing sure on
        one side of it, or fewer than three rows or columns.

    Raises
    ------
    ValueError
        If the arrays cannot be a photo and its mask.

    References
    ----------
    A. Levin, D. Lischinski, Y. Weiss: "A Closed-Form Solution to Natural Image Matting", 2008; as
    PyMatting implements it.

    Examples
    --------
    The photo has its edge at column 16, its mask at column 18:

    >>> photo = np.repeat([30, 30, 220, 220], 8).astype(np.uint8) * np.ones((24, 1), np.uint8)
    >>> mask = np.ones((24, 32), np.float32) * (np.arange(32) >= 18)
    >>> print(redraw(photo, mask)[12, 12:20].round(1))
    [0. 0. 0. 0. 1. 1. 1. 1.]
    """
    photo, mask = as_pair(as_photo(photo), mask)
    scale = min(1.0, LONGEST / max(mask.shape))
    size = tuple(max(1, round(side * scale)) for side in mask.shape[::-1])
    small, rough = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (photo, mask))
    trimap = trimap_of(rough, max(2.0, BAND * min(rough.shape)))
    sides_seen = (trimap == 0).any() and (trimap == 1).any()
    if not sides_seen or min(rough.shape) < THINNEST:
        return mask.copy()
    return enlarge(_solved(small, trimap), photo)


def _solved(photo: NDArray[np.uint8], trimap: Alpha) -> Alpha:
    """PyMatting's closed-form alpha, with a quiet preconditioner of little memory."""
    from pymatting import estimate_alpha_cf, ichol  # slow to import

    # Its own settings may print, and ask for 4 GB of address space.
    preconditioner = partial(ichol, shifts=SHIFTS, max_nnz=MOST)
    alpha = estimate_alpha_cf(photo / 255, trimap.astype(np.float64), preconditioner=preconditioner)
    solved: Alpha = np.clip(alpha, 0, 1).astype(np.float32)
    return solved
