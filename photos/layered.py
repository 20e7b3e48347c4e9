"""A picture's layers, for programs that go on with it: photo, background, shadow and subject."""

import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.background import Portrait, Transparent
from compositing.compose import compose
from compositing.matte import matte_image
from compositing.parts import taken_apart
from compositing.placing import Placing
from photos.cut import Cut
from photos.framing import Kind, own_ground, placing_of, standing_of
from photos.look import Look, final_alpha
from photos.psd import Layer
from photos.rendering import arranged


def layers_of(
    cut: Cut,
    look: Look,
    kind: Kind = "composite",
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
) -> list[Layer]:
    """Make the layers of a cut's picture, at full size.

    Parameters
    ----------
    cut, look, kind, pixels, alpha
        As `photos.rendering.render` takes them; a cutout or a composite.

    Returns
    -------
    layers : list of Layer
        The lowest first: "Photo", which is hidden; "Background", if it's not transparent; "Shadow",
        black, if there is one; and "Subject", in its own colours. The masks of the last two are
        their opacity. Where a photo is blurred by depth, the subject is hidden, and in the
        background already. What is visible makes the picture that `render` makes, to 2 levels.

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
    placing = placing_of(cut, look, alpha, kind)
    framed = kind == "composite" and own_ground(look.behind(cut.photo))
    stood = standing_of(cut, look, alpha, None if framed else placing)
    placings = (placing, placing) if placing and not framed else None
    layers = _layers(cut, look, kind, pixels, alpha, placings, stood)
    return [_placed(layer, placing) for layer in layers] if placing and framed else layers


def _layers(
    cut: Cut,
    look: Look,
    kind: Kind,
    pixels: Photo,
    alpha: Alpha,
    placings: tuple[Placing, Placing] | None,
    stood: Placing | None,
) -> list[Layer]:
    scene, settings = arranged(cut, look, kind, pixels, alpha, placings, stood)
    photo, alpha, behind = scene
    if isinstance(behind, Portrait):  # what is near lies over the subject, too
        picture = compose(photo, alpha, behind, **settings)
        apart = taken_apart(photo, alpha, Transparent(), **settings)
        subject = Layer("Subject", apart.subject, matte_image(apart.alpha), visible=False)
        return [Layer("Photo", photo, visible=False), Layer("Background", picture), subject]
    parts = taken_apart(photo, alpha, behind, **settings)
    if stood:  # the photo itself stays
        photo = placings[0].colours(pixels) if placings else pixels
    layers = [Layer("Photo", photo, visible=False)]
    if parts.behind is not None:
        layers.append(Layer("Background", parts.behind))
    if parts.shadow is not None:
        layers.append(Layer("Shadow", np.zeros_like(photo), parts.shadow))
    return [*layers, Layer("Subject", parts.subject, matte_image(parts.alpha))]


def _placed(layer: Layer, placing: Placing) -> Layer:
    """As the finished picture is, which is put into its frame as a whole."""
    mask = layer.mask
    if mask is not None:
        mask = matte_image(placing.levels(mask * np.float32(1 / 255)))
    return layer._replace(colours=placing.picture(layer.colours), mask=mask)
