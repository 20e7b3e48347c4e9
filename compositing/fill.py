"""Filling in what the subject hides."""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.scaling import Floats, reduced, taps

HIDDEN = 0.3
"""Pixels that show less of the background than this are filled in from around."""


def filled(colours: Floats, shown: Floats) -> None:
    """Fill in hidden colours from around, in place.

    Pull-push. Pulling makes ever smaller pictures: each pixel is the mean of what is known of four
    pixels of the larger picture. Pushing goes back: where the larger picture knows nothing, it
    takes its colours from the smaller one.

    Parameters
    ----------
    colours : (h, w, 3) float32 array
        Written into. Where nothing is known anywhere, all of it stays as it is.
    shown : (h, w) float32 array
        How much of each pixel is known, 0 to 1. Pixels below 0.3 are filled in.

    References
    ----------
    S. Gortler, R. Grzeszczuk, R. Szeliski, M. Cohen: "The Lumigraph", 1996.

    Examples
    --------
    >>> colours = np.zeros((1, 6, 3), np.float32)
    >>> colours[0, 0], colours[0, 5] = 100, 60
    >>> filled(colours, np.array([[1, 0, 0, 0, 0, 1]], np.float32))
    >>> print(colours[0, :, 0])
    [100.   97.5  92.5  82.5  67.5  60. ]
    """
    weight: Floats = np.where(shown < HIDDEN, np.float32(0), shown)
    if weight.any():
        _pull_push(colours, weight)


def _pull_push(colours: Floats, weight: Floats) -> None:
    """Fill in the pixels of weight 0, in place."""
    if weight.all():
        return
    coarse, total = pulled(colours, weight)
    # A quarter known is as good as all: else the fill would come from far away.
    _pull_push(coarse, np.minimum(4 * total, np.float32(1)))
    patched(colours, weight, coarse, 2, 0, least=1e-6)


def pulled(colours: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Halve a picture: each pixel is the weighted mean of 2 × 2.

    Parameters
    ----------
    colours : (h, w, 3) float32 array
    weight : (h, w) float32 array
        0 to 1.

    Returns
    -------
    means : (⌈h / 2⌉, ⌈w / 2⌉, 3) float32 array
    total : (⌈h / 2⌉, ⌈w / 2⌉) float32 array
        The mean weight of the four.

    Examples
    --------
    >>> colours = np.array([[[8, 8, 8], [4, 4, 4]]], np.float32)
    >>> means, total = pulled(colours, np.array([[1, 0.5]], np.float32))
    >>> print(means.round(2), total)
    [[[6.67 6.67 6.67]]] [[0.75]]
    """
    from compositing.kernels import jit
    from compositing.kernels.layers import pull

    height, width = (reduced(size, 2) for size in weight.shape)
    means, total = np.empty((height, width, 3), np.float32), np.empty((height, width), np.float32)
    jit.in_bands(pull, height, 4 * width, colours, weight, means, total)
    return means, total


def patched(
    colours: Floats, shown: Floats, coarse: Floats, ratio: float, first: int, least: float = HIDDEN
) -> None:
    """Take hidden colours from a coarser picture, in place.

    Parameters
    ----------
    colours : (h, w, 3) float32 array
        Rows of the fine picture; written into.
    shown : (h, w) float32 array
        How much of each pixel is known, 0 to 1.
    coarse : (h', w', 3) float32 array
        The coarse picture, whole.
    ratio : float
        How many pixels of the fine picture one of the coarse spans in each direction.
    first : int
        The row of the fine picture that `colours` begins with.
    least : float
        Pixels that show less than this are replaced.

    Examples
    --------
    >>> colours = np.full((1, 4, 3), 9, np.float32)
    >>> coarse = np.array([[[0, 0, 0], [40, 40, 40]]], np.float32)
    >>> patched(colours, np.array([[1, 0, 0, 1]], np.float32), coarse, 2, 0)
    >>> print(colours[0, :, 0])
    [ 9. 10. 30.  9.]
    """
    from compositing.kernels import jit
    from compositing.kernels.layers import push

    where = taps(shown.shape, coarse.shape[:2], ratio, first)
    jit.in_bands(push, *shown.shape, coarse, shown, least, *where, colours)


def telea(
    colours: Floats | NDArray[np.uint8], hole: NDArray[np.bool], radius: int
) -> NDArray[np.uint8]:
    """Paint over a hole from around it, by Telea's method as OpenCV implements it.

    Parameters
    ----------
    colours : (h, w, 3) float32 or uint8 array
        0 to 255.
    hole : (h, w) bool array
    radius : int
        In pixels, how far around each point the method looks.

    Returns
    -------
    painted : (h, w, 3) uint8 array

    References
    ----------
    A. Telea: "An Image Inpainting Technique Based on the Fast Marching Method", 2004.

    Examples
    --------
    >>> colours = np.full((7, 7, 3), 90, np.uint8)
    >>> hole = np.zeros((7, 7), np.bool)
    >>> colours[3, 3], hole[3, 3] = 255, True
    >>> int(telea(colours, hole, 2).max())
    90
    """
    pixels = colours if colours.dtype == np.uint8 else np.rint(colours).astype(np.uint8)
    # Of a line of pixels OpenCV reads what lies beside it in memory: two more tell it the same.
    more = [(0, 2 if side < 2 else 0) for side in hole.shape]
    known = np.pad(pixels, (*more, (0, 0)), "edge")
    unknown = np.pad(hole.astype(np.uint8), more, "edge")
    painted = cv2.inpaint(known, unknown, radius, cv2.INPAINT_TELEA)
    return np.ascontiguousarray(painted[: hole.shape[0], : hole.shape[1]], np.uint8)
