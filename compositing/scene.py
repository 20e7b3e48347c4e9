"""What is in front and what is behind it, before one is laid over the other."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Pixels
from compositing.background import Background, Blur, Picture, Portrait, Transparent, sigma_of
from compositing.blur import SUBJECT, inpainted, lens, unmixed
from compositing.checks import as_pair, as_pixels, check_scale
from compositing.colours import Rows
from compositing.fitting import fitted
from compositing.foreground import layers_of
from compositing.front import Front
from compositing.plate import Plate, blurred
from compositing.scaling import Floats
from compositing.shadow import Shadow


class Scene(NamedTuple):
    """Photo and alpha as they are put in front; behind: None where that is transparent.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> photo, alpha = np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), np.float32)
    >>> scene_of(photo, alpha, Transparent()).behind is None
    True
    """

    photo: Pixels
    alpha: Alpha
    behind: Plate | Floats | Pixels | None
    front: Front


def scene_of(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    background: Background | Rows,
    scale: float = 1.0,
    unmix: bool = True,
    light: float = 0,
    shadow: Shadow | None = None,
    foreground: NDArray[Any] | None = None,
    origin: tuple[Pixels, Alpha] | None = None,
) -> Scene:
    """Make ready what is laid over what.

    Parameters
    ----------
    photo, alpha, background, scale, unmix, light, shadow, foreground, origin
        As `compositing.compose.compose` takes them.

    Returns
    -------
    scene : Scene
        It may hold the arrays that were given.

    Raises
    ------
    ValueError
        As `compose` does.

    Examples
    --------
    >>> photo, alpha = np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), np.float32)
    >>> scene_of(photo, alpha, Blur(1)).behind.shape
    (2, 3, 3)
    """
    photo, alpha = as_pair(photo, alpha)
    check_scale(scale)
    if not 0 <= light <= 1:
        raise ValueError(f"light is how much of the new light to take, 0 to 1; got {light:g}.")
    told = None if foreground is None else as_pixels(foreground)
    if isinstance(background, Portrait):
        if background.kernel > 1:
            raise ValueError("A blur by depth lays what is near over the subject: no two layers.")
        background = Blur(1)
    if isinstance(background, Blur):
        return _blurred(photo, alpha, background, scale, unmix, told)
    front = Front.of(alpha, layers_of(photo, alpha, told) if unmix else None, shadow)
    if isinstance(background, Transparent):
        return Scene(photo, alpha, None, front)
    if not isinstance(background, Picture):
        rows = background.rows(len(photo))
        return Scene(photo, alpha, rows, front.lit(photo, alpha, rows, light, origin))
    if background.pixels.dtype != photo.dtype:
        raise ValueError(
            f"A picture behind a photo is of its dtype, {photo.dtype}; this one is "
            f"{background.pixels.dtype}."
        )
    picture = fitted(background, *alpha.shape)
    front = front.lit(photo, alpha, picture, light, origin)
    if background.kernel == 1:
        return Scene(photo, alpha, picture, front)
    plate = blurred(picture, sigma_of(background.kernel) * scale)
    return Scene(photo, alpha, plate, front)


def _blurred(
    photo: Pixels, alpha: Alpha, blur: Blur, scale: float, unmix: bool, told: Pixels | None
) -> Scene:
    """Over the photo's own background, out of focus."""
    if blur.kernel == 1:
        return Scene(photo, alpha, photo, Front.of(alpha, None))
    sigma = sigma_of(blur.kernel) * scale
    if blur.method == "inpaint":
        if alpha.max() <= SUBJECT:
            alpha = np.zeros_like(alpha)
        plate = inpainted(photo, alpha, sigma, scale)
        return Scene(photo, alpha, plate, Front.of(alpha, None))
    layers = layers_of(photo, alpha, told)
    plate = (lens if blur.method == "lens" else unmixed)(photo, alpha, layers, sigma)
    return Scene(photo, alpha, plate, Front.of(alpha, layers if unmix else None))
