"""The shadow that a subject casts on the ground it stands on, made from its matte alone.

The light is soft and comes from above. Two things darken the ground: contact, close to the line
where the subject meets it, and ambient occlusion, the ellipse around that line from which the
subject hides part of the light.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from compositing.arrays import Alpha
from compositing.fitting import scaled
from compositing.frame import Extent, extent_of
from compositing.scaling import Floats, block_means, halving, upsampled

SUBJECT = 0.5
LONGEST = 512  # shadows are soft: they need no more pixels on the longer side
GROUNDED = 0.15  # of an object's size: how far above its foot it still touches the ground
DEPTH, BEHIND = 0.4, 0.08  # of its size: the ellipse's height, and how far above the foot it lies
NEAR, FAR = 0.85, 0.8  # the most that contact takes of the light, and that occlusion takes
REACH = 0.6  # of its size, at most: how far a shadow is seen from the object
SEEN = 3 / 255  # of the light: what takes less isn't seen
SMALLEST = 0.02  # of the largest part's area: smaller ones are no objects
LIGHT_OF_SRGB = 1 / 2.4
"""The power by which a factor for the light becomes one for the sRGB value, but for the darkest."""


@dataclass(frozen=True)
class Shadow:
    """How the subject's shadow looks.

    Parameters
    ----------
    strength : float
        How dark it is, 0 to 1.
    softness : float
        How wide it is and how softly it ends, 0 to 1; 0 is a line of contact.

    Raises
    ------
    ValueError
        If either lies outside its range.

    Examples
    --------
    >>> Shadow(strength=0.9)
    Shadow(strength=0.9, softness=0.5)
    >>> Shadow(9)
    Traceback (most recent call last):
    ValueError: A shadow's strength and softness lie between 0 and 1; got 9 and 0.5.
    """

    strength: float = 0.6
    softness: float = 0.5

    def __post_init__(self) -> None:
        if not (0 <= self.strength <= 1 and 0 <= self.softness <= 1):
            raise ValueError(
                "A shadow's strength and softness lie between 0 and 1; got "
                f"{self.strength:g} and {self.softness:g}."
            )


def shade_of(alpha: Alpha, shadow: Shadow) -> Floats:
    """Compute how much of the ground's brightness a shadow leaves.

    Each connected part of the matte stands on a ground of its own. A part that the photo's lower
    edge cuts off has no shadow: its ground is not seen. All lengths follow the part's size, so a
    smaller alpha of the same photo has the same shadow.

    Parameters
    ----------
    alpha : (H, W) float32 array
        In [0, 1], C-contiguous; the subject is what lies above 0.5.
    shadow : Shadow

    Returns
    -------
    shade : (H, W, 1) float32 array
        A factor for the ground's sRGB values, 0 to 1; 1 = no shadow.

    Examples
    --------
    A box, and the ground under it, from its foot downwards:

    >>> alpha = np.zeros((100, 80), np.float32)
    >>> alpha[10:70, 20:60] = 1
    >>> print(shade_of(alpha, Shadow(1, 0.5))[70:86:3, 40, 0].round(2))
    [0.5  0.69 0.93 1.   1.   1.  ]
    """
    side = halving(alpha.shape, LONGEST)
    small = block_means(alpha, side)
    light = np.ones(small.shape, np.float32)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((small > SUBJECT).astype(np.uint8))
    least = SMALLEST * stats[1:, cv2.CC_STAT_AREA].max(initial=0)
    for part, (_, top, _, height, area) in enumerate(stats[1:].tolist(), start=1):
        if area >= least and top + height < len(small):
            own = np.where(labels == part, small, np.float32(0))
            light *= 1 - shadow.strength * _occlusion(own, top + height, shadow.softness)
    return upsampled(light**LIGHT_OF_SRGB, side, *alpha.shape)[:, :, None]


def extent_with(alpha: Alpha, shadow: Shadow) -> Extent | None:
    """Find the smallest rectangle that holds a subject and its shadow.

    Parameters
    ----------
    alpha : (H, W) float32 array
        In [0, 1].
    shadow : Shadow

    Returns
    -------
    extent : Extent or None
        In the alpha's pixels; a shadow may reach beyond it, but at the lower edge, where what the
        edge cuts off has none. None if there is no subject.

    Examples
    --------
    >>> alpha = np.zeros((100, 80), np.float32)
    >>> alpha[10:70, 20:60] = 1
    >>> extent_with(alpha, Shadow(1, 0)), extent_with(alpha, Shadow(1, 0.5))
    (Extent(left=19, top=10, width=42, height=66), Extent(left=13, top=10, width=54, height=68))
    """
    own = extent_of(alpha)
    if own is None:
        return None
    ratio = min(1.0, LONGEST / 2 / max(own.width, own.height))
    small = scaled(alpha, *(max(1, round(side * ratio)) for side in alpha.shape))
    there = extent_of(small)
    if there is None:
        return own
    pad = 1 + round(REACH * max(there.width, there.height))
    below = pad if there.bottom < len(small) else 0
    around = cv2.copyMakeBorder(small, pad, below, pad, pad, cv2.BORDER_CONSTANT)
    shade = extent_of(1 - shade_of(around, shadow)[..., 0], SEEN)
    if shade is None:
        return own
    left, top = math.floor((shade.left - pad) / ratio), math.floor((shade.top - pad) / ratio)
    right, bottom = math.ceil((shade.right - pad) / ratio), math.ceil((shade.bottom - pad) / ratio)
    left, top = min(left, own.left), min(top, own.top)
    return Extent(left, top, max(right, own.right) - left, max(bottom, own.bottom) - top)


def _occlusion(own: Alpha, foot: int, softness: float) -> Floats:
    """How much light an object takes from the ground, `float32 (h, w)` in [0, 1].

    The object stands on the row `foot`, and is seen in `own`, its own part of the alpha.
    """
    rows, columns = (np.flatnonzero(own.max(axis=axis) > SUBJECT) for axis in (1, 0))
    size = min(len(columns), 1.5 * len(rows))
    up = foot - 0.5 - np.arange(len(own), dtype=np.float32)[:, None]
    standing = own * np.exp(-np.square(up / (GROUNDED * size)))
    contact = np.minimum(2 * _blurred(standing, (0.008 + 0.03 * softness) * size), 1)
    middle, half = (columns[0] + columns[-1]) / 2, len(columns) / 2
    across = (np.arange(own.shape[1], dtype=np.float32) - middle) / half
    inside = np.square(across) + np.square((up / size - BEHIND) / (DEPTH / 2)) < 1
    around = _blurred(inside.astype(np.float32), (0.02 + 0.16 * softness) * size)
    return 1 - (1 - NEAR * contact) * (1 - FAR * around)


def _blurred(plane: Floats, sigma: float) -> Floats:
    """A Gaussian half as wide up and down as across: the ground is seen from the side."""
    none = cv2.BORDER_CONSTANT
    return cv2.GaussianBlur(plane, (0, 0), sigma, sigmaY=sigma / 2, borderType=none)  # type: ignore[no-any-return]
