"""The one formula: foreground · alpha + background · (1 − alpha).

The foreground is the subject's own colours, as `foreground` estimates them. The photo's pixels at
an edge hold the old background too, and would carry it along.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Pixels
from compositing.background import Background, Blur, Portrait, Transparent
from compositing.checks import as_pair, as_pixels, check_scale
from compositing.colours import Rows
from compositing.defocus import by_depth
from compositing.front import Front
from compositing.plate import Plate
from compositing.scaling import Floats, Taps, flat, reduced, taps
from compositing.scene import Scene, scene_of
from compositing.shadow import Shadow

BAND = 1 << 19
"""Pixels of a plate that are held at once."""


def compose(
    photo: NDArray[Any],
    alpha: NDArray[Any],
    background: Background | Rows,
    *,
    scale: float = 1.0,
    unmix: bool = True,
    light: float = 0,
    shadow: Shadow | None = None,
    foreground: NDArray[Any] | None = None,
    origin: tuple[Pixels, Alpha] | None = None,
) -> NDArray[Any]:
    """Put a photo's subject over another background.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
        RGB; grey and RGBA (then put on white) are converted.
    alpha : (H, W) array
        float32 in [0, 1]; 1 = subject. bool and uint8 are converted.
    background : Background or Rows
        A `Blur`, `Portrait`, `Colour`, `Gradient`, `Picture` or `Transparent`; in sRGB, or in the
        photo's own primaries if it has others.
    scale : float
        The arrays' size / the full photo's, above 0 and up to 1. Lengths are given in pixels of
        the full photo and scaled by it, so that they look the same in a preview.
    unmix : bool
        Put the estimated foreground colours in front. False puts the photo's own pixels there,
        old background included, and so does `Blur(method="inpaint")` always.
    light : float
        How far the subject is put into the light of the new background, 0 to 1; see `relight`.
        A colour lights it like a wall of that colour. A blur and transparency don't change it.
    shadow : Shadow, optional
        The shadow that the subject casts on the new background. A blurred background gets none:
        it has its own. A cutout holds the shadow as translucent black.
    foreground : (h, w, 3) array of the photo's dtype, optional
        The subject's own colours, not premultiplied, as a network sees them: of the whole photo,
        at any size. The estimate takes them up as far as the photo bears them out.
    origin : (photo, alpha), optional
        The photo that a subject comes from which was moved, and its alpha there: the light that it
        stood in is measured in them. None: in the photo itself.

    Returns
    -------
    composite : (H, W, 3) array of the photo's dtype
        RGB, rounded. Where alpha is 1 and light is 0, these are the photo's exact pixels. For
        `Transparent` it is RGBA, (H, W, 4), not premultiplied; where nothing is opaque, all is 0.

    Raises
    ------
    ValueError
        If the arrays cannot be a photo and its alpha, or a number lies outside its range.

    Notes
    -----
    `Blur(method="inpaint")` takes a photo whose alpha is nowhere above 0.1 for one without a
    subject, and blurs all of it.

    Examples
    --------
    The edge of something red on grey, put on blue. Un-mixed, no grey is left; pasted, there is:

    >>> from compositing.background import Colour
    >>> photo = np.array([[[255, 0, 0], [192, 64, 64], [128, 128, 128]]], np.uint8)
    >>> alpha = np.array([[1, 0.5, 0]], np.float32)
    >>> blue = Colour(0, 0, 255)
    >>> compose(photo, alpha, blue).tolist()
    [[[255, 0, 0], [128, 0, 128], [0, 0, 255]]]
    >>> compose(photo, alpha, blue, unmix=False).tolist()
    [[[255, 0, 0], [96, 32, 160], [0, 0, 255]]]
    """
    if isinstance(background, Portrait) and background.kernel > 1:
        photo, alpha = as_pair(photo, alpha)
        check_scale(scale)
        told = None if foreground is None else as_pixels(foreground)
        return by_depth(photo, alpha, background, scale, unmix, told)
    scene = scene_of(photo, alpha, background, scale, unmix, light, shadow, foreground, origin)
    if isinstance(background, Blur | Portrait) and background.kernel == 1:
        return scene.photo.copy()
    if scene.behind is None:
        return cut_out(scene.photo, scene.alpha, scene.front)
    return laid(scene)


def subject_colours(
    photo: NDArray[Any], alpha: NDArray[Any], foreground: NDArray[Any] | None = None
) -> Pixels:
    """Find a subject's own colours at full size, for a subject that goes elsewhere.

    Parameters
    ----------
    photo, alpha, foreground
        As `compose` takes them.

    Returns
    -------
    colours : (H, W, 3) array of the photo's dtype
        RGB, un-mixed and not premultiplied; 0 where there is no subject.

    Raises
    ------
    ValueError
        As `compose` does.

    Examples
    --------
    >>> photo = np.array([[[255, 0, 0], [192, 64, 64], [128, 128, 128]]], np.uint8)
    >>> subject_colours(photo, np.array([[1, 0.5, 0]], np.float32)).tolist()
    [[[255, 0, 0], [255, 0, 0], [0, 0, 0]]]
    """
    cutout = compose(photo, alpha, Transparent(), foreground=foreground)
    return np.ascontiguousarray(cutout[..., :3])


def laid(scene: Scene) -> Pixels:
    """Lay what is in front over what is behind it.

    Parameters
    ----------
    scene : Scene
        As `scene_of` makes it, not of a transparent background.

    Returns
    -------
    composite : (H, W, 3) array of the photo's dtype

    Examples
    --------
    >>> from compositing.background import Colour
    >>> photo, alpha = np.zeros((2, 3, 3), np.uint8), np.zeros((2, 3), np.float32)
    >>> laid(scene_of(photo, alpha, Colour(1, 2, 3)))[0, 0].tolist()
    [1, 2, 3]
    """
    photo, alpha, behind, front = scene
    assert behind is not None
    if isinstance(behind, Plate):
        return _over_plate(photo, alpha, behind, front)
    return _over_pixels(photo, alpha, behind, front)


def _over_pixels(photo: Pixels, alpha: Alpha, pixels: Floats | Pixels, front: Front) -> Pixels:
    """Over a picture of the photo's size, or rows of one colour each."""
    out = np.empty_like(photo)
    _over(photo, alpha, pixels, taps(alpha.shape, pixels.shape[:2], 1), front, 0, out)
    return out


def _over_plate(photo: Pixels, alpha: Alpha, plate: Plate, front: Front) -> Pixels:
    """Over a plate, in bands of rows: a plate of the photo's size is never whole in memory."""
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
    photo: Pixels,
    alpha: Alpha,
    plate: Floats | Pixels,
    where: Taps,
    front: Front,
    first: int,
    out: Pixels,
) -> None:
    """Put rows of the photo over rows of a plate, into `out`; they begin at the row `first`."""
    from compositing.kernels import blend, jit

    small = front.arguments(alpha.shape, first)
    jit.in_bands(
        blend.over, *alpha.shape,
        flat(photo), alpha, flat(plate), *where, *small, front.tones, flat(out),
    )  # fmt: skip


def cut_out(photo: Pixels, alpha: Alpha, front: Front) -> Pixels:
    """Cut the subject out, over its shadow if there is one.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
        In [0, 1].
    front : Front

    Returns
    -------
    cutout : (H, W, 4) array of the photo's dtype
        RGBA, not premultiplied; where nothing is opaque, all is 0.

    Examples
    --------
    >>> red = np.full((1, 2, 3), (255, 0, 0), np.uint8)
    >>> alpha = np.float32([[1, 0]])
    >>> cut_out(red, alpha, Front.of(alpha, None)).tolist()
    [[[255, 0, 0, 255], [0, 0, 0, 0]]]
    """
    from compositing.kernels import blend, jit

    out: Pixels = np.empty((*alpha.shape, 4), photo.dtype)
    small = front.arguments(alpha.shape)
    jit.in_bands(blend.cut_out, *alpha.shape, flat(photo), alpha, *small, out)
    return out
