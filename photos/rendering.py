"""What a matte, a cutout and a composite are: decided here for page, command line and files."""

from contextlib import nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.alpha import trimap_from
from compositing.arrays import Alpha, Pixels
from compositing.background import Background, Transparent
from compositing.colours import Rows
from compositing.compose import compose, subject_colours
from compositing.fitting import scaled
from compositing.matte import deep_image, matte_image
from compositing.placing import Placing
from models.running.stages import stage
from photos.cut import Cut
from photos.framing import Kind, in_step, own_ground, placing_of, standing_of
from photos.look import Look, final_alpha
from photos.own import Own, own_of

__all__ = ["Kind", "arranged", "fine_matte", "render"]


def render(
    cut: Cut,
    look: Look,
    kind: Kind = "composite",
    *,
    pixels: Pixels | None = None,
    alpha: Alpha | None = None,
    side: int | None = None,
) -> NDArray[Any]:
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
        `uint16`, as `PhotoFile.deep` gives them: the picture has these bits and colours, too.
    alpha
        `float32 (h, w)` in [0, 1], of the pixels' size, as `final_alpha` makes it. None: made here;
        then the pixels must be of full size.
    side
        The longest side, in pixels, that a framed picture may have; one that would be larger is
        made as a preview of it. None: as large as the frame says, or with smaller pixels as these.

    Returns
    -------
    NDArray
        uint8; a cutout and a composite are uint16 if the pixels are. Of the pixels' size, or of the
        frame's if the look has one. A matte and a trimap are `(h, w)`, a cutout `(h, w, 4)` RGBA,
        not premultiplied. A composite is `(h, w, 3)` RGB, or `(h, w, 4)` on a transparent
        background.

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
    placing = placing_of(cut, look, alpha, kind)
    framed = kind == "composite" and own_ground(look.behind(cut.photo))  # as a whole, in the end
    standing = standing_of(cut, look, alpha, None if framed else placing)
    if side is None and alpha.shape[1] < cut.photo.width:
        side = max(alpha.shape)
    shown, stood = (each.reduced(side) if each and side else each for each in (placing, standing))
    if kind in ("matte", "trimap"):
        there = stood or shown
        levels = there.levels(alpha) if there else alpha
        return matte_image(levels if kind == "matte" else trimap_from(levels))
    if pixels is None:
        pixels = cut.photo.pixels()
    if placing is None or shown is None or framed:
        picture = _composed(cut, look, kind, pixels, alpha, None, stood)
        return shown.picture(picture) if shown else picture
    return _composed(cut, look, kind, pixels, alpha, (placing, shown), stood)


def _composed(
    cut: Cut,
    look: Look,
    kind: Kind,
    pixels: Pixels,
    alpha: Alpha,
    placings: tuple[Placing, Placing] | None,
    stood: Placing | None,
) -> NDArray[Any]:
    own = own_of(cut.photo) if pixels.dtype == np.uint16 else None
    codes: Any = pixels
    with stage("composite") if kind == "composite" else nullcontext():
        if own is None:
            scene, settings = arranged(cut, look, kind, pixels, alpha, placings, stood)
            return compose(*scene, **settings)
        seen = own.composed_of(codes)
        scene, settings = arranged(cut, look, kind, seen, alpha, placings, stood, own)
        there = stood or (placings[1] if placings else None)
        return own.restored(compose(*scene, **settings), there.colours(codes) if there else codes)


def arranged(
    cut: Cut,
    look: Look,
    kind: Kind,
    pixels: Pixels,
    alpha: Alpha,
    placings: tuple[Placing, Placing] | None = None,
    stood: Placing | None = None,
    own: Own | None = None,
) -> tuple[tuple[NDArray[Any], Alpha, Background | Rows], dict[str, Any]]:
    """Put together what `compositing.compose.compose` is told of a cutout or a composite.

    Parameters
    ----------
    cut, look, kind, pixels, alpha
        As `render` takes them, both arrays of one size.
    placings : (Placing, Placing), optional
        Of the finished picture, and of this one, which may be smaller: photo and alpha are put
        there first, so that background and shadow fill all of the canvas.
    stood : Placing, optional
        Of the subject alone, if it was moved, in a picture of this one's size. Its own colours are
        found where it was, and then go with it.
    own : Own, optional
        The colours of pixels of 16 bits, which are as `Own.composed_of` gives them. None: sRGB.

    Returns
    -------
    scene : (photo, alpha, background)
    settings : dict
        The rest, by name.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> look = Look(Colour(255, 255, 255), light=0.5)
    >>> scene, settings = arranged(cut, look, "cutout", cut.photo.pixels(), cut.alpha())
    >>> scene[2], settings["scale"], settings["light"]
    (Transparent(), 1.0, 0.5)
    """
    behind = Transparent() if kind == "cutout" else look.behind(cut.photo)
    origin, told = (pixels, alpha), cut.foreground()
    foreground: Any = own.of_srgb(told) if own and told is not None else told
    scale = pixels.shape[1] / cut.photo.width
    if placings is not None:
        full, shown = placings
        behind, scale = in_step(behind, full), shown.width / full.width
        if foreground is not None and stood is None:
            foreground = shown.colours(scaled(foreground, *pixels.shape[:2]))
        if stood is None or look.light:
            origin = shown.colours(pixels), shown.levels(alpha)
        if stood is None:
            pixels, alpha = origin
    if stood is not None:
        scale = stood.width / (placings[0].width if placings else cut.photo.width)
        colours = subject_colours(pixels, alpha, foreground) if look.unmix else pixels
        (pixels, alpha), foreground = stood.layer(colours, alpha), None
    settings: dict[str, Any] = {
        "scale": min(scale, 1.0),
        "unmix": look.unmix and stood is None,
        "light": look.light,
        "shadow": look.shadow,
        "foreground": foreground,
        "origin": origin if stood is not None and look.light else None,
    }
    return (pixels, alpha, own.behind(behind, len(pixels)) if own else behind), settings


def fine_matte(cut: Cut, look: Look) -> NDArray[np.uint16]:
    """The matte of a cut that was kept with 16 bits, at full size.

    Parameters
    ----------
    cut, look
        As `render` takes them.

    Returns
    -------
    matte : (H, W) uint16 array
        0 = background, 65535 = subject; of the photo's size, or of the frame's if the look has one.

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
    alpha = final_alpha(cut, look, Cut.fine_alpha)
    placing = placing_of(cut, look, alpha, "matte")
    there = standing_of(cut, look, alpha, placing) or placing
    return deep_image(there.levels(alpha) if there else alpha)
