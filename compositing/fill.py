"""Filling in what the subject hides."""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.scaling import Floats, reduced, taps

HIDDEN = 0.3
"""Where less of the background shows than this, it is filled in from around."""


def filled(colours: Floats, shown: Floats) -> None:
    """Fills in the hidden colours, `float32 (h, w, 3)`, in place.

    Pull-push (Gortler et al., "The Lumigraph", 1996): each level is the mean of what is known of
    the finer one, and lends its colours to where that knows nothing. Where nothing is known at
    all, all stays as it is.
    """
    weight: Floats = np.where(shown < HIDDEN, np.float32(0), shown)
    if weight.any():
        _pull_push(colours, weight)


def _pull_push(colours: Floats, weight: Floats) -> None:
    if weight.all():
        return
    coarse, total = pulled(colours, weight)
    # A quarter known is as good as all: else the fill would come from far away.
    _pull_push(coarse, np.minimum(4 * total, np.float32(1)))
    patched(colours, weight, coarse, 2, 0, least=1e-6)


def pulled(colours: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Half the size: each pixel the weighted mean of 2 × 2, and their mean weight."""
    from compositing.kernels import jit
    from compositing.kernels.layers import pull

    height, width = (reduced(size, 2) for size in weight.shape)
    means, total = np.empty((height, width, 3), np.float32), np.empty((height, width), np.float32)
    jit.in_bands(pull, height, 4 * width, colours, weight, means, total)
    return means, total


def patched(
    colours: Floats, shown: Floats, coarse: Floats, ratio: float, first: int, least: float = HIDDEN
) -> None:
    """Takes the hidden colours from a picture `ratio` times as coarse, in place.

    first: the row of the fine picture that these begin at.
    """
    from compositing.kernels import jit
    from compositing.kernels.layers import push

    where = taps(shown.shape, coarse.shape[:2], ratio, first)
    jit.in_bands(push, *shown.shape, coarse, shown, least, *where, colours)


def telea(
    colours: Floats | NDArray[np.uint8], hole: NDArray[np.bool], radius: int
) -> NDArray[np.uint8]:
    """Telea's inpainting (2004) of the hole, `uint8 (h, w, 3)`."""
    pixels = colours if colours.dtype == np.uint8 else np.rint(colours).astype(np.uint8)
    return cv2.inpaint(pixels, hole.astype(np.uint8), radius, cv2.INPAINT_TELEA)  # type: ignore[no-any-return]
