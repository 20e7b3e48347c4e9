"""The subject seen in the light of its new background.

A scene's light is estimated as the mean of its linear colours around the subject: the "grey world"
of G. Buchsbaum, "A Spatial Processor Model for Object Colour Perception", 1980. The new light
replaces the old one by a gain for each channel (von Kries), within limits that keep skin plausible.

The old photo's light is compared with the new background's; the subject's own colours don't
matter. So a black cup stays black on white, and in front of its own photo nothing changes.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Pixels, levels_of
from compositing.light import light_table, to_light, to_srgb
from compositing.scaling import Floats, block_means, halving, table_means

LONGEST = 256  # pixels on the longer side at which light is measured, at most
NEAR = 0.1  # of the longer side: light counts around the subject, as a Gaussian of this σ
ELSEWHERE = 0.02  # and with this weight everywhere
STOPS = 1.0  # the most that the exposure changes
TINT = 0.25  # the most that a channel changes against the others, in stops
DARKEST = 1e-4  # added to each mean: black has no ratio
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def curves(
    photo: Pixels,
    alpha: Alpha,
    behind: Pixels | Floats,
    strength: float,
    origin: tuple[Pixels, Alpha] | None = None,
) -> Floats:
    """Compute what becomes of the subject's sRGB values in a new light.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
        RGB.
    alpha : (H, W) float32 array
        In [0, 1].
    behind : (H, W, 3) array of the photo's dtype, or (H or 1, 1, 3) float32 array
        The new background, RGB, 0 to 255.
    strength : float
        How much of the way to go to the new light, 0 to 1.
    origin : (photo, alpha), optional
        Where the subject comes from, if it was moved: the light that it stood in is measured there.

    Returns
    -------
    tones : (3, 256) float32 array, of 16 bits (3, 65536)
        For each channel and each sRGB value, the new sRGB value, 0 to 255.

    Examples
    --------
    A grey photo's subject before an orange wall:

    >>> photo, alpha = np.full((8, 8, 3), 128, np.uint8), np.ones((8, 8), np.float32)
    >>> orange = np.full((1, 1, 3), (200, 140, 60), np.float32)
    >>> print(curves(photo, alpha, orange, 1)[:, [0, 128, 255]].round())
    [[  0. 154. 255.]
     [  0. 137. 255.]
     [  0. 137. 255.]]
    """
    levels = levels_of(photo)
    old = _around(*(origin or (photo, alpha)))
    if behind.shape[1] == 1:
        weight = _near(alpha)
        rows = cv2.resize(behind.astype(np.float32), (1, len(weight))).reshape(-1, 1, 3)
        new = _mean(to_light(rows), weight)
    else:
        new = _around(cast(Pixels, behind), alpha)
    return _exposed(_gains(old, new) ** strength, levels)


def _around(photo: Pixels, alpha: Alpha) -> NDArray[np.float64]:
    """The mean light of a photo around the subject."""
    side = halving(alpha.shape, LONGEST)
    return _mean(table_means(photo, light_table(levels_of(photo)), side), _near(alpha))


def _near(alpha: Alpha) -> Floats:
    """How much the light of each place counts, reduced."""
    near = block_means(alpha, halving(alpha.shape, LONGEST))
    weight: Floats = cv2.GaussianBlur(near, (0, 0), NEAR * max(near.shape)) + np.float32(ELSEWHERE)
    return weight


def _mean(light: Floats, weight: Floats) -> NDArray[np.float64]:
    """The weighted mean of linear colours."""
    weights = (weight / weight.sum())[:, :, None]
    return np.sum(light * weights, axis=(0, 1), dtype=np.float64) + DARKEST


def _gains(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each channel's factor. Brightness and tint have limits of their own."""
    before, after = LUMINANCE @ old, LUMINANCE @ new
    stops = np.clip(np.log2(after / before), -STOPS, STOPS)
    tint = np.clip(np.log2((new / after) / (old / before)), -TINT, TINT)
    gains: NDArray[np.float64] = 2 ** (stops + tint)
    return gains


def _exposed(gains: NDArray[np.float64], levels: int) -> Floats:
    """Light × gain for all sRGB values. A gain above 1 bends, so that white stays white."""
    light = light_table(levels)[:, None, None]
    bent = gains * light / (1 + np.maximum(gains - 1, 0) * light)
    return np.ascontiguousarray(to_srgb(bent.astype(np.float32))[:, 0].T)
