"""What a person may change about a matte's edges: move, soften, harden, tidy up."""

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
"""Alphas below are a hole when only subject is around them."""

RIM = 7
"""Pixels of the full photo around an object that its soft edge may reach."""

FARTHEST = 100
"""Pixels of the full photo that an edge may move, and the widest feather: more takes minutes."""


@dataclass(frozen=True)
class Edges:
    """What to change about an alpha; by default nothing.

    Lengths are in pixels of the full photo.

    Parameters
    ----------
    grow : float
        How far the edge moves outwards, -100 to 100; a negative value shrinks the subject.
    feather : float
        The σ of a Gaussian over the alpha, 0 to 100.
    threshold : float, optional
        Above 0, up to 1. Alphas from there on become 1, the others 0.
    keep_largest : bool
        Keep only the largest connected object.
    fill_holes : bool
        Make everything that the subject encloses part of it.

    Raises
    ------
    ValueError
        If a number lies outside its range.

    Examples
    --------
    >>> Edges(grow=-1.5, keep_largest=True) == Edges()
    False
    >>> Edges(threshold=0)
    Traceback (most recent call last):
    ValueError: A threshold lies above 0 and up to 1; got 0.
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
    """Change the edges of an alpha.

    The steps come in this order: largest object, holes, threshold, grow, feather. Soft edges stay
    soft, unless there is a threshold.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1]; bool and uint8 are converted.
    edges : Edges
        What to change.
    scale : float
        The alpha's size / the full photo's, above 0 and up to 1: lengths are scaled by it, so that
        a preview looks as the full size will.

    Returns
    -------
    adjusted : (H, W) float32 array
        In [0, 1]. Always a new array, even where nothing changes: the caller may write into it.

    Raises
    ------
    ValueError
        If the array cannot be an alpha, or the scale lies outside its range.

    Examples
    --------
    >>> alpha = np.array([[0, 0, 0.5, 1, 1, 1, 0, 0, 1, 0]], np.float32)
    >>> print(adjust(alpha, Edges(grow=1)))
    [[0.  0.5 1.  1.  1.  1.  1.  1.  1.  1. ]]
    >>> print(adjust(alpha, Edges(keep_largest=True)))
    [[0.  0.  0.5 1.  1.  1.  0.  0.  0.  0. ]]
    """
    alpha = as_alpha(alpha).copy()
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
    return alpha


def softened(alpha: Alpha, sigma: float, size: tuple[int, int] = (0, 0)) -> Alpha:
    """Blur an alpha with a Gaussian, and keep what is surely subject exactly 1.

    Parameters
    ----------
    alpha : (H, W) float32 array
        In [0, 1].
    sigma : float
        In the alpha's own pixels.
    size : (int, int)
        Columns and rows of the kernel, both odd; by default as many as σ needs.

    Returns
    -------
    soft : (H, W) float32 array
        In [0, 1].

    Examples
    --------
    >>> print(softened(np.array([[0, 0, 1, 1, 1, 1]], np.float32), 1, (3, 1)).round(2))
    [[0.   0.27 0.73 1.   1.   1.  ]]
    """
    soft = cv2.GaussianBlur(alpha, size, sigma)
    return np.where(soft > 1 - 1e-6, np.float32(1), soft)


def _grown(alpha: Alpha, pixels: float) -> Alpha:
    """Grey dilation by an octagon: every level of a soft edge moves out by `pixels`.

    A length between two whole ones gives the mean of theirs, weighted by how near they are.
    """
    whole = int(pixels)
    for step in range(whole):
        alpha = _grown_by_one(alpha, step)
    rest = pixels - whole
    if rest:
        alpha = alpha + np.float32(rest) * (_grown_by_one(alpha, whole) - alpha)
    return alpha


def _grown_by_one(alpha: Alpha, step: int) -> Alpha:
    """One step of the octagon."""
    # Two squares in five steps, three crosses: as far along the diagonals as along the axes.
    shape = cv2.MORPH_RECT if step % 5 in (1, 3) else cv2.MORPH_CROSS
    return cv2.dilate(alpha, cv2.getStructuringElement(shape, (3, 3)))  # type: ignore[no-any-return]


def _largest(alpha: Alpha, scale: float) -> Alpha:
    """The alpha of the largest connected object and of the soft rim around it; else 0."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > SUBJECT).astype(np.uint8))
    if len(stats) <= 2:
        return alpha
    kept = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    reach = _dilated(labels == kept, scale) & ((labels == kept) | (labels == 0))
    return np.where(reach, alpha, np.float32(0))


def _without_holes(alpha: Alpha, scale: float) -> Alpha:
    """1 in each enclosed hole and on the soft rim around it."""
    framed = np.pad(alpha < HOLE, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    outside = labels == labels[0, 0]  # the rim around a hole may be thin: nothing beyond is filled
    hole = _dilated(((framed == 1) & ~outside)[1:-1, 1:-1], scale)
    return np.where(hole & ~outside[1:-1, 1:-1], np.float32(1), alpha)


def _dilated(mask: NDArray[np.bool], scale: float) -> NDArray[np.bool]:
    """The mask, and as much around it as a soft edge may reach."""
    size = 2 * max(1, round(RIM * scale)) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask.astype(np.uint8), ellipse).astype(np.bool)  # type: ignore[no-any-return]
