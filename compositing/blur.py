"""The plate: the photo's background without the subject, blurred and reduced.

All plates are `float32 (h, w, 3)`, 0 to 255, and come with the number of photo pixels that the
side of one of theirs stands for. Sigmas are in photo pixels.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.foreground import Layers
from compositing.gaussians import blur_scale, disc, gaussian_scale, gaussians, spread
from compositing.light import light_table, to_light, to_srgb
from compositing.scaling import Floats, alpha_means, enlarged, halved, photo_means, table_means

SUBJECT = 0.1  # `inpainted` takes what is above for the subject,
MARGIN = 15  # dilates it by an ellipse of so many full-size pixels,
REACH = 5  # and paints from so far
HIDDEN = 0.3  # where less of the background shows than this, it is filled in


def inpainted(photo: Photo, alpha: Alpha, sigma: float, scale: float) -> tuple[Floats, int]:
    """The subject and a margin painted over by Telea's method, then blurred three times."""
    side = gaussian_scale(sigma, *alpha.shape)
    margin = 2 * round((MARGIN - 1) / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (margin, margin))
    known = 1 - cv2.dilate((alpha > SUBJECT).astype(np.uint8), ellipse)
    if not known.any():
        known[:] = 1
    shown = alpha_means(known.astype(np.float32), side)
    colours = _ratio(photo_means(photo * known[:, :, None], side), shown)
    plate = telea(colours, shown < HIDDEN, max(1, round(REACH * scale / side)))
    return gaussians(plate, sigma, side), side


def unmixed(photo: Photo, alpha: Alpha, layers: Layers, sigma: float) -> tuple[Floats, int]:
    """The subject subtracted from the photo, what it hid filled in, then blurred three times."""
    side = gaussian_scale(sigma, *alpha.shape)
    plate = filled(*behind(photo, alpha, layers, side))
    return gaussians(plate, sigma, side), side


def lens(photo: Photo, alpha: Alpha, layers: Layers, sigma: float) -> tuple[Floats, int]:
    """As `unmixed`, but blurred by a disc as strong, in linear light, as an aperture does."""
    radius = 2 * spread(sigma)
    side = blur_scale(radius / 5, *alpha.shape)
    colours, shown = behind(photo, alpha, layers, side)
    light = to_light(filled(colours, shown))
    clear = shown == 1
    light[clear] = table_means(photo, light_table(), side)[clear]
    return to_srgb(cv2.filter2D(light, -1, disc(radius / side))), side


def behind(photo: Photo, alpha: Alpha, layers: Layers, side: int) -> tuple[Floats, Floats]:
    """The photo less its subject, αF: the colours of the background, reduced by `side`, and how
    much of it shows, `float32 (h, w)`, 0 to 1.
    """
    fine = min(side, layers.side)
    if fine == layers.side:
        image, small, F = layers.image, layers.alpha, layers.foreground
    else:
        image, small = photo_means(photo, fine), alpha_means(alpha, fine)
        F = enlarged(layers.foreground, layers.side // fine, *small.shape)
    shown: Floats = 1 - small
    rest: Floats = np.clip(image - small[:, :, None] * F, 0, 255 * shown[:, :, None])
    while fine < side:
        rest, shown, fine = halved(rest), halved(shown), 2 * fine
    return _ratio(rest, shown), shown


def filled(colours: Floats, shown: Floats) -> Floats:
    """The background with what the subject hides filled in from around it.

    Pull-push (Gortler et al., "The Lumigraph", 1996): each level is the mean of what is known of
    the finer one, and lends its colours to where that knows nothing.
    """
    weight: Floats = np.where(shown < HIDDEN, np.float32(0), shown)
    return _pull_push(colours, weight) if weight.any() else colours


def _pull_push(colours: Floats, weight: Floats) -> Floats:
    known = weight > 0
    if known.all():
        return colours
    total = halved(weight)
    means = _ratio(halved(colours * weight[:, :, None]), total)
    # A quarter known is as good as all: else the fill would come from far away.
    coarse = _pull_push(means, np.minimum(4 * total, np.float32(1)))
    return np.where(known[:, :, None], colours, enlarged(coarse, 2, *weight.shape))


def _ratio(sums: Floats, weight: Floats) -> Floats:
    return np.divide(sums, np.maximum(weight, np.float32(1e-6))[:, :, None], dtype=np.float32)


def telea(colours: Floats, hole: NDArray[np.bool], radius: int) -> Floats:
    """Telea's inpainting (2004) of the hole; the colours as they are where nothing is known."""
    if hole.all() or not hole.any():
        return colours
    pixels = np.rint(np.clip(colours, 0, 255)).astype(np.uint8)
    painted = cv2.inpaint(pixels, hole.astype(np.uint8), radius, cv2.INPAINT_TELEA)
    return np.where(hole[:, :, None], painted.astype(np.float32), colours)
