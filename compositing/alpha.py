"""What is done to an alpha before anything is composed.

`refine` serves masks that are right to a few pixels, `closed_form.redraw` those that are not.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.checks import as_alpha
from compositing.edges import Edges, adjust, softened
from compositing.guided import enlarge, refine

__all__ = ["Edges", "adjust", "enlarge", "feather", "refine", "trimap_from", "trimap_of"]

UNKNOWN = 0.5
"""The value of a trimap where the alpha is to be found."""
_SURE = 0.05
"""How near to 0 or 1 a finished matte is where nobody doubts it."""
_BAND, _LEAST = 0.005, 5
"""How far what is unknown reaches beyond what is soft: part of the diagonal, and in pixels at
least."""


def feather(mask: NDArray[Any]) -> Alpha:
    """Soften the edges of a hard mask, with a Gaussian of 15 × 15 pixels and σ = 5.

    Parameters
    ----------
    mask : (H, W) array
        float32 in [0, 1]; bool and uint8 are converted.

    Returns
    -------
    alpha : (H, W) float32 array
        In [0, 1].

    Raises
    ------
    ValueError
        If the mask cannot be an alpha.

    Examples
    --------
    >>> mask = np.repeat([[False, True]], 10, axis=1)
    >>> print(feather(mask)[0, ::3].round(2))
    [0.   0.03 0.2  0.45 0.72 0.92 1.  ]
    """
    return softened(as_alpha(mask), 5, (15, 15))


def trimap_of(mask: NDArray[Any], band: float) -> Alpha:
    """Make a trimap: a mask whose edge is unknown.

    Parameters
    ----------
    mask : (H, W) array
        float32 in [0, 1]; the subject is what lies above 0.5. bool and uint8 are converted.
    band : float
        How many pixels to either side of the edge are unknown.

    Returns
    -------
    trimap : (H, W) float32 array
        0 for the background, 1 for the subject, `UNKNOWN` between them. Without an edge, all 0
        or all 1.

    Raises
    ------
    ValueError
        If the mask cannot be an alpha.

    Examples
    --------
    >>> trimap_of(np.array([[0, 0, 0, 0.9, 1, 1]], np.float32), 2).tolist()
    [[0.0, 0.5, 0.5, 0.5, 0.5, 1.0]]
    """
    inside = (as_alpha(mask) > 0.5).astype(np.uint8)
    trimap = inside.astype(np.float32)
    if inside.any() and not inside.all():
        away = sum(cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (inside, 1 - inside))
        trimap[away <= band] = UNKNOWN
    return trimap


def trimap_from(alpha: NDArray[Any]) -> Alpha:
    """Make the trimap of a finished matte, for tools that matte by one.

    Unknown is what is soft, farther than 0.05 from 0 and 1, and all that is nearer to it or to an
    edge than 0.5 % of the picture's diagonal, 5 pixels at least.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1]. bool and uint8 are converted.

    Returns
    -------
    trimap : (H, W) float32 array
        0 for the background, 1 for the subject, `UNKNOWN` between them.

    Raises
    ------
    ValueError
        If the array cannot be an alpha.

    Examples
    --------
    >>> print(trimap_from(np.repeat([[0, 1.0]], [8, 8], axis=1))[0])
    [0.  0.  0.  0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 1.  1.  1. ]
    """
    alpha = as_alpha(alpha)
    band = max(_LEAST, _BAND * float(np.hypot(*alpha.shape)))
    trimap = np.full(alpha.shape, UNKNOWN, np.float32)
    for value, sure in ((0, alpha <= _SURE), (1, alpha >= 1 - _SURE)):
        inside = sure.astype(np.uint8)
        if not sure.all():
            away = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
            sure = away > band
        trimap[sure] = value
    return trimap
