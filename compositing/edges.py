"""The sliders under Edges."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.checks import as_alpha, check_scale

SUBJECT = 0.1
"""Alphas above belong to some object when the largest is looked for: wisps count."""

HOLE = 0.5
"""Alphas below are a hole when nothing but subject is around them."""

RIM = 7
"""Pixels of the full photo around an object that its soft edge may reach."""

FARTHEST = 100
"""Pixels of the full photo that an edge may move, and the widest feather: more takes minutes."""


@dataclass(frozen=True)
class Edges:
    """What to change about an alpha; by default nothing.

    grow: pixels of the full photo that the subject gains on each side, fractions too; negative
    shrinks it. feather: σ, in the same pixels, of a Gaussian over the alpha. threshold: alphas
    from there on become 1, the others 0. keep_largest: only the largest connected object stays.
    fill_holes: what the subject encloses becomes subject. Raises ValueError.
    """

    grow: float = 0
    feather: float = 0
    threshold: float | None = None
    keep_largest: bool = False
    fill_holes: bool = False

    def __post_init__(self) -> None:
        if not abs(self.grow) <= FARTHEST:
            raise ValueError(
                f"An edge grows by -{FARTHEST} to {FARTHEST} pixels; got {self.grow:g}."
            )
        if not 0 <= self.feather <= FARTHEST:
            raise ValueError(f"A feather is 0 to {FARTHEST} pixels; got {self.feather:g}.")
        if self.threshold is not None and not 0 < self.threshold <= 1:
            raise ValueError(f"A threshold lies above 0 and up to 1; got {self.threshold:g}.")


def adjust(alpha: NDArray[Any], edges: Edges, scale: float = 1.0) -> Alpha:
    """`alpha` with its edges changed: `float32 (H, W)` in [0, 1]. What was soft stays so.

    In this order: holes and objects, threshold, grow, feather. scale: the alpha's size / the full
    photo's, so that a preview looks as the full size will. Raises ValueError.
    """
    alpha = as_alpha(alpha)
    check_scale(scale)
    if edges.keep_largest:
        alpha = _largest(alpha, scale)
    if edges.fill_holes:
        alpha = _without_holes(alpha, scale)
    if edges.threshold is not None:
        alpha = (alpha >= edges.threshold).astype(np.float32)
    if edges.grow > 0:
        alpha = _grown(alpha, edges.grow * scale)
    elif edges.grow < 0:
        alpha = 1 - _grown(1 - alpha, -edges.grow * scale)
    if edges.feather > 0:
        alpha = softened(alpha, edges.feather * scale)
    return alpha.copy() if edges == Edges() else alpha


def softened(alpha: Alpha, sigma: float, size: tuple[int, int] = (0, 0)) -> Alpha:
    """`alpha` under a Gaussian; what was 1 all around stays exactly 1."""
    soft = cv2.GaussianBlur(alpha, size, sigma)
    return np.where(soft > 1 - 1e-6, np.float32(1), soft)


def _grown(alpha: Alpha, pixels: float) -> Alpha:
    """Grey dilation by an octagon: moves every level of a soft edge out by `pixels`.

    Between whole pixels, the mean of the two nearest.
    """
    whole = int(pixels)
    for step in range(whole):
        alpha = _grown_by_one(alpha, step)
    rest = pixels - whole
    if rest:
        alpha = alpha + np.float32(rest) * (_grown_by_one(alpha, whole) - alpha)
    return alpha


def _grown_by_one(alpha: Alpha, step: int) -> Alpha:
    # Two squares in five steps, three crosses: as far along the diagonals as along the axes.
    shape = cv2.MORPH_RECT if step % 5 in (1, 3) else cv2.MORPH_CROSS
    return cv2.dilate(alpha, cv2.getStructuringElement(shape, (3, 3)))  # type: ignore[no-any-return]


def _largest(alpha: Alpha, scale: float) -> Alpha:
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > SUBJECT).astype(np.uint8))
    if len(stats) <= 2:
        return alpha
    kept = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    reach = _dilated(labels == kept, scale) & ((labels == kept) | (labels == 0))
    return np.where(reach, alpha, np.float32(0))


def _without_holes(alpha: Alpha, scale: float) -> Alpha:
    framed = np.pad(alpha < HOLE, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    around = labels == labels[0, 0]  # a thin rim must not be filled to its other side
    hole = _dilated(((framed == 1) & ~around)[1:-1, 1:-1], scale)
    return np.where(hole & ~around[1:-1, 1:-1], np.float32(1), alpha)


def _dilated(mask: NDArray[np.bool], scale: float) -> NDArray[np.bool]:
    size = 2 * max(1, round(RIM * scale)) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask.astype(np.uint8), ellipse).astype(np.bool)  # type: ignore[no-any-return]
