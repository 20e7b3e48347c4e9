"""A picture's layers, for programs that go on with it: photo, background, shadow and subject."""

import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.background import Transparent
from compositing.overlay import matte_image
from compositing.parts import taken_apart
from photos.cut import Cut
from photos.look import Look, final_alpha
from photos.psd import Layer
from photos.rendering import Kind


def layers_of(
    cut: Cut,
    look: Look,
    kind: Kind = "composite",
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
) -> list[Layer]:
    """Make the layers of a cut's picture, at the photo's full size.

    Parameters
    ----------
    cut, look, kind, pixels, alpha
        As `photos.rendering.render` takes them; a cutout or a composite.

    Returns
    -------
    layers : list of Layer
        The lowest first: "Photo", which is hidden; "Background", if it's not transparent; "Shadow",
        black, if there is one; and "Subject", in its own colours. The masks of the last two are
        their opacity. What is visible makes the picture that `render` makes, to 2 levels of 255.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> [layer.name for layer in layers_of(cut, Look(Colour(255, 255, 255)))]
    ['Photo', 'Background', 'Subject']
    """
    if alpha is None:
        alpha = final_alpha(cut, look)
    if pixels is None:
        pixels = cut.photo.pixels()
    parts = taken_apart(
        pixels,
        alpha,
        Transparent() if kind == "cutout" else look.behind(cut.photo),
        unmix=look.unmix,
        light=look.light,
        shadow=look.shadow,
        foreground=cut.foreground(),
    )
    layers = [Layer("Photo", pixels, visible=False)]
    if parts.behind is not None:
        layers.append(Layer("Background", parts.behind))
    if parts.shadow is not None:
        layers.append(Layer("Shadow", np.zeros_like(pixels), parts.shadow))
    return [*layers, Layer("Subject", parts.subject, matte_image(parts.alpha))]
