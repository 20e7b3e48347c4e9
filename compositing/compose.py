"""The one formula: foreground · alpha + background · (1 − alpha).

In front go the subject's own colours, estimated in `foreground`: the photo's pixels around an
edge hold the old background too, and would carry it along.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.background import (
    Background,
    Blur,
    Colour,
    Gradient,
    Picture,
    Transparent,
    fitted,
    sigma_of,
)
from compositing.blur import SUBJECT, inpainted, lens, unmixed
from compositing.checks import as_pair, check_scale
from compositing.foreground import Layers, layers_of
from compositing.scaling import Floats, taps


def compose(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    background: Background,
    *,
    scale: float = 1.0,
    unmix: bool = True,
) -> NDArray[np.uint8]:
    """The photo's subject over `background`, of the photo's size.

    photo: `uint8 (H, W, 3)`; grey and RGBA (then on white) are taken too. alpha: `float32 (H, W)`
    in [0, 1]. scale: the size of these arrays / the size of the full photo, so that lengths given
    in pixels of the full photo look the same in a preview.
    unmix: put the estimated foreground colours in front; False puts the photo's own pixels there,
    old background included. `Blur(method="inpaint")` always does the latter, as it is specified,
    and takes an alpha of at most 0.1 everywhere for a photo without a subject, blurred whole.

    Returns `uint8 (H, W, 3)`, rounded, the photo's exact pixels where alpha is 1; for Transparent
    `uint8 (H, W, 4)`, RGB not premultiplied by alpha, and 0 where alpha is.
    Raises ValueError for arrays or a scale that can't be meant.
    """
    photo, alpha = as_pair(photo, alpha)
    check_scale(scale)
    height, width = alpha.shape
    plate: Floats | Photo
    match background:
        case Transparent():
            return _cut_out(photo, alpha, layers_of(photo, alpha) if unmix else None)
        case Blur(kernel=1):
            return photo.copy()
        case Blur():
            return _blurred(photo, alpha, background, scale, unmix)
        case Colour(rgb=rgb):
            plate = np.full((1, 1, 3), rgb, np.uint8)
        case Gradient():
            plate = background.rows(height)
        case Picture():
            plate = fitted(background, height, width, scale)
    return _over(photo, alpha, plate, 1, layers_of(photo, alpha) if unmix else None)


def _blurred(photo: Photo, alpha: Alpha, blur: Blur, scale: float, unmix: bool) -> Photo:
    sigma = sigma_of(blur.kernel) * scale
    if blur.method == "inpaint":
        if alpha.max() <= SUBJECT:
            alpha = np.zeros_like(alpha)
        return _over(photo, alpha, *inpainted(photo, alpha, sigma, scale), None)
    layers = layers_of(photo, alpha)
    plate = lens if blur.method == "lens" else unmixed
    return _over(photo, alpha, *plate(photo, alpha, layers, sigma), layers if unmix else None)


def _over(
    photo: Photo,
    alpha: Alpha,
    plate: Floats | Photo,
    side: int,
    layers: Layers | None,
) -> Photo:
    from compositing.kernels import blend, jit

    out = np.empty_like(photo)
    where = taps(alpha.shape, plate.shape[:2], side)
    jit.in_bands(blend.over, *alpha.shape, photo, alpha, plate, *where, *_front(alpha, layers), out)
    return out


def _cut_out(photo: Photo, alpha: Alpha, layers: Layers | None) -> NDArray[np.uint8]:
    from compositing.kernels import blend, jit

    out = np.empty((*alpha.shape, 4), np.uint8)
    jit.in_bands(blend.cut_out, *alpha.shape, photo, alpha, *_front(alpha, layers), out)
    return out


def _front(alpha: Alpha, layers: Layers | None) -> tuple[Floats, *tuple[Any, ...]]:
    """The layers' colours and their taps; no colours means that the photo's pixels go in front."""
    if layers is None:
        return np.empty((0, 0, 6), np.float32), *taps(alpha.shape, (1, 1), 1)
    return layers.colours, *taps(alpha.shape, layers.alpha.shape, layers.side)
