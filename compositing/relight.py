"""The subject seen in the light of its new background.

The light of a scene is estimated as its mean in linear light, where the subject stands ("grey
world": Buchsbaum, "A Spatial Processor Model for Object Colour Perception", 1980), and exchanged by
a gain for each channel (von Kries), within limits that leave skin plausible. What counts is the
light of the old photo against that of the new background, not the colours of the subject: a black
cup stays black on white, and in front of its own photo nothing changes.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.light import light_table, to_light, to_srgb
from compositing.scaling import Floats, block_means, halving, table_means

LONGEST = 256  # pixels on the longer side, where light is measured
NEAR = 0.1  # of the longer side: the σ of how far around the subject
ELSEWHERE = 0.02  # the weight of all the rest
STOPS = 1.0  # that the exposure changes by at most
TINT = 0.25  # that a channel changes by at most against the others, in stops
DARKEST = 1e-4
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def curves(photo: Photo, alpha: Alpha, behind: Photo | Floats, strength: float) -> Floats:
    """What becomes of each sRGB value of the subject, `float32 (3, 256)`, 0 to 255.

    behind: the new background, `uint8 (H, W, 3)`, or `float32 (H or 1, 1, 3)`, 0 to 255.
    strength: 0 to 1, how much of the way to the new light.
    """
    side = halving(alpha.shape, LONGEST)
    near = block_means(alpha, side)
    weight = cv2.GaussianBlur(near, (0, 0), NEAR * max(near.shape)) + np.float32(ELSEWHERE)
    old = table_means(photo, light_table(), side)
    if behind.shape[1] == 1:
        new = to_light(cv2.resize(behind.astype(np.float32), (1, len(near))).reshape(-1, 1, 3))
    else:
        new = table_means(cast(Photo, behind), light_table(), side)
    return _exposed(_gains(_mean(old, weight), _mean(new, weight)) ** strength)


def _mean(light: Floats, weight: Floats) -> NDArray[np.float64]:
    weights = (weight / weight.sum())[:, :, None]
    return np.sum(light * weights, axis=(0, 1), dtype=np.float64) + DARKEST


def _gains(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each channel is to be multiplied by: brightness and tint apart, each within limits."""
    before, after = LUMINANCE @ old, LUMINANCE @ new
    stops = np.clip(np.log2(after / before), -STOPS, STOPS)
    tint = np.clip(np.log2((new / after) / (old / before)), -TINT, TINT)
    gains: NDArray[np.float64] = 2 ** (stops + tint)
    return gains


def _exposed(gains: NDArray[np.float64]) -> Floats:
    """Light × gain; where that is more than 1, along a curve that bends and ends at white."""
    light = light_table()[:, None, None]
    bent = gains * light / (1 + np.maximum(gains - 1, 0) * light)
    return np.ascontiguousarray(to_srgb(bent.astype(np.float32))[:, 0].T)
