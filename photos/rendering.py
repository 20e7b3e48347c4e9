"""What a matte, a cutout and a composite are: decided here for page, command line and files."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from compositing.alpha import trimap_from
from compositing.arrays import Alpha, Photo
from compositing.background import Transparent
from compositing.compose import compose
from compositing.overlay import deep_image, matte_image
from models.running.stages import stage
from photos.cut import Cut
from photos.look import Look, final_alpha

type Kind = Literal["matte", "trimap", "cutout", "composite"]


def render(
    cut: Cut,
    look: Look,
    kind: Kind = "composite",
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
) -> NDArray[np.uint8]:
    """A picture of a cut, at the photo's full size or smaller.

    A matte shows the alpha as grey levels, a trimap what is surely subject or background and, at
    128, what is neither. A cutout is the subject on nothing, with its shadow if
    the look has one. A composite is the subject in front of the look's background; if that is
    transparent, it is the cutout.

    Parameters
    ----------
    cut, look
        What was cut out, and what becomes of it.
    kind
        Which picture.
    pixels
        The cut's photo, `uint8 (h, w, 3)`, sRGB. A smaller one gives a preview, in which lengths
        such as a blur's kernel are as much smaller. None: the photo is decoded, at full size.
    alpha
        `float32 (h, w)` in [0, 1], of the pixels' size, as `final_alpha` makes it. None: made here;
        then the pixels must be of full size.

    Returns
    -------
    NDArray[np.uint8]
        A matte and a trimap are `(h, w)`, a cutout `(h, w, 4)` RGBA, not premultiplied. A composite
        is `(h, w, 3)` RGB, or `(h, w, 4)` on a transparent background.

    Raises
    ------
    ValueError
        If pixels and alpha are of different sizes.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> render(cut, Look(Colour(255, 255, 255))).shape
    (400, 600, 3)
    >>> render(cut, Look(Colour(255, 255, 255)), "cutout").shape
    (400, 600, 4)
    """
    if alpha is None:
        alpha = final_alpha(cut, look)
    if kind == "matte":
        return matte_image(alpha)
    if kind == "trimap":
        return matte_image(trimap_from(alpha))
    if pixels is None:
        pixels = cut.photo.pixels()
    settings: dict[str, Any] = {
        "scale": pixels.shape[1] / cut.photo.width,
        "unmix": look.unmix,
        "light": look.light,
        "shadow": look.shadow,
        "foreground": cut.foreground(),
    }
    if kind == "cutout":
        return compose(pixels, alpha, Transparent(), **settings)
    with stage("composite"):
        return compose(pixels, alpha, look.behind(cut.photo), **settings)


def fine_matte(cut: Cut, look: Look) -> NDArray[np.uint16]:
    """The matte of a cut that was kept with 16 bits, at the photo's full size.

    Parameters
    ----------
    cut, look
        As `render` takes them.

    Returns
    -------
    matte : (H, W) uint16 array
        0 = background, 65535 = subject.

    Raises
    ------
    ValueError
        If the cut was kept with 8 bits.

    Examples
    --------
    >>> from compositing.background import Transparent
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT, bits=16)
    >>> matte = fine_matte(cut, Look(Transparent()))
    >>> matte.dtype, bool(np.abs(matte / 257 - cut.levels()).max() < 0.51)
    (dtype('uint16'), True)
    """
    if cut.deep is None:
        raise ValueError("This matte was kept with 8 bits: cut the photo out with bits=16.")
    return deep_image(final_alpha(cut, look, Cut.fine_alpha))
