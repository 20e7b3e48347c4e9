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
    Picture,
    Transparent,
    fitted,
    sigma_of,
)
from compositing.blur import SUBJECT, Plate, inpainted, lens, softened, unmixed
from compositing.checks import as_pair, check_scale
from compositing.foreground import layers_of
from compositing.front import Front
from compositing.scaling import Floats, Taps, flat, reduced, taps
from compositing.shadow import Shadow

BAND = 1 << 19
"""Pixels of a plate that are held at once."""


def compose(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    background: Background,
    *,
    scale: float = 1.0,
    unmix: bool = True,
    light: float = 0,
    shadow: Shadow | None = None,
) -> NDArray[np.uint8]:
    """The photo's subject over `background`, of the photo's size.

    photo: `uint8 (H, W, 3)`; grey and RGBA (then on white) are taken too. alpha: `float32 (H, W)`
    in [0, 1]. scale: the size of these arrays / the size of the full photo, so that lengths given
    in pixels of the full photo look the same in a preview.
    unmix: put the estimated foreground colours in front; False puts the photo's own pixels there,
    old background included. `Blur(method="inpaint")` always does the latter, as it is specified,
    and takes an alpha of at most 0.1 everywhere for a photo without a subject, blurred whole.
    light: 0 to 1, how far the subject is put into the light of a picture, a gradient or a colour
    (see `relight`; a colour's is that of a wall all around). Its own background, blurred, has no
    other light, and transparency none.
    shadow: what the subject casts on what is not its own background; a cutout holds it as
    translucent black.

    Returns `uint8 (H, W, 3)`, rounded, the photo's exact pixels where alpha is 1 and light 0; for
    Transparent `uint8 (H, W, 4)`, RGB not premultiplied by alpha, and 0 where alpha is.
    Raises ValueError for arrays or a scale that can't be meant.
    """
    photo, alpha = as_pair(photo, alpha)
    check_scale(scale)
    if not 0 <= light <= 1:
        raise ValueError(f"light is how much of the new light to take, 0 to 1; got {light:g}.")
    if isinstance(background, Blur):
        return _blurred(photo, alpha, background, scale, unmix)
    front = Front.of(alpha, layers_of(photo, alpha) if unmix else None, shadow)
    if isinstance(background, Transparent):
        return _cut_out(photo, alpha, front)
    if not isinstance(background, Picture):
        rows = background.rows(len(photo))
        return _over_pixels(photo, alpha, rows, front.lit(photo, alpha, rows, light))
    picture = fitted(background, *alpha.shape)
    front = front.lit(photo, alpha, picture, light)
    if background.kernel == 1:
        return _over_pixels(photo, alpha, picture, front)
    plate = softened(picture, sigma_of(background.kernel) * scale)
    return _over_plate(photo, alpha, plate, front)


def _blurred(photo: Photo, alpha: Alpha, blur: Blur, scale: float, unmix: bool) -> Photo:
    if blur.kernel == 1:
        return photo.copy()
    sigma = sigma_of(blur.kernel) * scale
    if blur.method == "inpaint":
        if alpha.max() <= SUBJECT:
            alpha = np.zeros_like(alpha)
        plate = inpainted(photo, alpha, sigma, scale)
        return _over_plate(photo, alpha, plate, Front.of(alpha, None))
    layers = layers_of(photo, alpha)
    plate = (lens if blur.method == "lens" else unmixed)(photo, alpha, layers, sigma)
    return _over_plate(photo, alpha, plate, Front.of(alpha, layers if unmix else None))


def _over_pixels(photo: Photo, alpha: Alpha, pixels: Floats | Photo, front: Front) -> Photo:
    """Over rows of the photo's size, or of one colour each."""
    out = np.empty_like(photo)
    _over(photo, alpha, pixels, taps(alpha.shape, pixels.shape[:2], 1), front, 0, out)
    return out


def _over_plate(photo: Photo, alpha: Alpha, plate: Plate, front: Front) -> Photo:
    """In bands of rows, so that a plate of the photo's size is never whole in memory."""
    out = np.empty_like(photo)
    step = max(1, BAND // reduced(alpha.shape[1], plate.side))
    for first in range(0, plate.height, step):
        end = min(first + step, plate.height)
        # One more row on either side, to interpolate with.
        before, after = max(first - 1, 0), min(end + 1, plate.height)
        colours = plate.rows(before, after)
        rows = slice(first * plate.side, end * plate.side)
        part = alpha[rows]
        where = taps(part.shape, colours.shape[:2], plate.side, (first - before) * plate.side)
        _over(photo[rows], part, colours, where, front, rows.start, out[rows])
    return out


def _over(
    photo: Photo,
    alpha: Alpha,
    plate: Floats | Photo,
    where: Taps,
    front: Front,
    first: int,
    out: Photo,
) -> None:
    """The rows of the photo that begin at `first`."""
    from compositing.kernels import blend, jit

    small = front.arguments(alpha.shape, first)
    jit.in_bands(
        blend.over, *alpha.shape,
        flat(photo), alpha, flat(plate), *where, *small, front.tones, flat(out),
    )  # fmt: skip


def _cut_out(photo: Photo, alpha: Alpha, front: Front) -> NDArray[np.uint8]:
    from compositing.kernels import blend, jit

    out = np.empty((*alpha.shape, 4), np.uint8)
    small = front.arguments(alpha.shape)
    jit.in_bands(blend.cut_out, *alpha.shape, flat(photo), alpha, *small, out)
    return out
