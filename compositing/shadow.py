"""The shadow that a subject casts on the ground that it stands on, from its matte alone."""

from dataclasses import dataclass

import cv2
import numpy as np

from compositing.arrays import Alpha
from compositing.scaling import Floats, block_means, enlarged, halving

SUBJECT = 0.5
LONGEST = 512  # shadows are soft: they need no more pixels
GROUNDED, DEPTH, BEHIND = 0.15, 0.4, 0.08
NEAR, FAR = 0.85, 0.8
SMALLEST = 0.02  # of the largest part: smaller ones are no objects
LIGHT_OF_SRGB = 1 / 2.4
"""The power that turns a share of the light into one of the sRGB value, but for the darkest."""


@dataclass(frozen=True)
class Shadow:
    """strength: 0 to 1, how much light it takes at its darkest. softness: 0 to 1, how wide it is
    and how softly it ends; 0 is a line of contact."""

    strength: float = 0.6
    softness: float = 0.5

    def __post_init__(self) -> None:
        if not (0 <= self.strength <= 1 and 0 <= self.softness <= 1):
            raise ValueError(
                "A shadow's strength and softness lie between 0 and 1; got "
                f"{self.strength:g} and {self.softness:g}."
            )


def shade_of(alpha: Alpha, shadow: Shadow) -> Floats:
    """What is left of the ground's sRGB values in the shadow, `float32 (h, w, 1)` in [0, 1].

    A soft light from above: where the subject meets the ground it takes nearly all, and less and
    less around (contact and ambient occlusion). Each part of the matte stands on a ground of its
    own; one that the photo's lower edge cuts off stands on nothing that is seen. All lengths follow
    the part's size, so that a small alpha of the same photo has the same shadow.
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
    return enlarged(light**LIGHT_OF_SRGB, side, *alpha.shape)[:, :, None]


def _occlusion(own: Alpha, foot: int, softness: float) -> Floats:
    """How much of the light from above an object takes from the ground that its row `foot` meets,
    `float32 (h, w)` in [0, 1]."""
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
    """Half as far up and down as across: the ground is seen from the side."""
    none = cv2.BORDER_CONSTANT
    return cv2.GaussianBlur(plane, (0, 0), sigma, sigmaY=sigma / 2, borderType=none)  # type: ignore[no-any-return]
