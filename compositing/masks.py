"""From the small mask that a network draws to an alpha of the photo's size."""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha

type Mask = NDArray[np.uint8]
"""`uint8 (h, w)`: how surely each part of the photo belongs to a thing, 0 to 255; of the whole
photo, whatever its size and proportions."""

CERTAIN = np.float32(np.log(510))
"""The log-odds that 0 and 255 stand for: half a step from impossible and from certain."""

_odds = np.clip(np.arange(256) / 255, 1 / 511, 510 / 511)
LOG_ODDS = np.log(_odds / (1 - _odds)).astype(np.float32)


def mask_to_alpha(mask: Mask, height: int, width: int) -> Alpha:
    """`float32 (height, width)` in [0, 1].

    Log-odds are interpolated, not probabilities: an edge that is sure of itself stays a narrow one
    however much it is enlarged, and no staircase shows. Where the photo is the smaller one, the
    mask is reduced by area.
    """
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
