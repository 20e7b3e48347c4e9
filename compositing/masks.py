"""From the small mask that a network draws to an alpha of the photo's size."""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha

type Mask = NDArray[np.uint8]
"""`uint8 (h, w)`, 0 to 255: how surely each part of the photo belongs to a thing. A mask covers the
whole photo, whatever its own size and proportions."""

CERTAIN = np.float32(np.log(510))
"""The log-odds that 0 and 255 stand for: half a step from impossible and from certain."""

_odds = np.clip(np.arange(256) / 255, 1 / 511, 510 / 511)
LOG_ODDS = np.log(_odds / (1 - _odds)).astype(np.float32)


def mask_to_alpha(mask: Mask, height: int, width: int) -> Alpha:
    """Bring a network's mask to the photo's size.

    Log-odds are interpolated, not probabilities. So an edge that is sure of itself stays narrow,
    however much it is enlarged, and no staircase shows. A mask larger than the photo is reduced by
    area.

    Parameters
    ----------
    mask : (h, w) uint8 array
        0 to 255, of the whole photo.
    height, width : int
        The photo's size in pixels.

    Returns
    -------
    alpha : (height, width) float32 array
        In [0, 1]; exactly 0 and 1 where the mask is certain.

    Raises
    ------
    ValueError
        If the mask is not uint8 of two dimensions.

    Examples
    --------
    >>> edge = np.array([[0, 255]], np.uint8)
    >>> print(mask_to_alpha(edge, 1, 8).round(2))
    [[0.   0.   0.01 0.17 0.83 0.99 1.   1.  ]]
    """
    if mask.dtype != np.uint8 or mask.ndim != 2:
        raise ValueError(f"A mask is uint8 (h, w), 0 to 255; this is {mask.dtype} {mask.shape}.")
    small = min(mask.shape[0], height), min(mask.shape[1], width)
    if small != mask.shape:
        mask = cv2.resize(mask, small[::-1], interpolation=cv2.INTER_AREA)
    if small == (height, width):
        return np.divide(mask, 255, dtype=np.float32)
    alpha: Alpha = cv2.resize(LOG_ODDS[mask], (width, height), interpolation=cv2.INTER_LINEAR)
    # sigmoid(x) = ½ + ½ tanh(x / 2), stretched so that certainty is exactly 0 and 1.
    alpha *= np.float32(0.5)
    np.tanh(alpha, out=alpha)
    alpha *= np.float32(0.5) / np.tanh(CERTAIN / 2)
    alpha += np.float32(0.5)
    np.clip(alpha, 0, 1, out=alpha)
    return alpha
