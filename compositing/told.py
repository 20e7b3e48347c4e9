"""How far a network's foreground colours are believed: as far as the photo bears them out.

All limits come in twos: up to the first all is believed, from the second on nothing, so that a
preview and the full size, which differ a little, are never far apart.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Pixels, as_floats
from compositing.scaling import Floats, reduced

OFF = 3, 6
"""How far the colours are from the photo's where alpha is 1, in levels of 255."""

STAIN = 0.3, 0.5
"""How much of the old background is in the colours along the edge."""

APART = 5, 8
"""How far α F + (1 − α) B stays from the photo along the edge, in levels of 255."""

EDGE = 0.03  # along the edge, alpha is farther than that from 0 and 1
AROUND = np.ones((25, 25), np.uint8)  # what is that near to the edge shows F
DETAIL = (5, 5)  # a network's colours are coarser than the photo's, which is no fault


def resized(picture: Pixels, shape: tuple[int, ...], side: int) -> Floats:
    """Lay a picture of any size over a photo, as reduced by blocks.

    Parameters
    ----------
    picture : (h, w, 3) uint8 or uint16 array
        It spans the whole photo, whatever its proportions.
    shape : (int, int)
        The photo's height and width.
    side : int
        A block's side in the photo's pixels.

    Returns
    -------
    laid : (⌈H / side⌉, ⌈W / side⌉, 3) float32 array

    Examples
    --------
    The photo's last block holds only one of its five columns, and takes its neighbour's colours:

    >>> ramp = np.arange(0, 50, 10, dtype=np.uint8)[None, :, None].repeat(3, 2)
    >>> resized(ramp, (1, 5), 2)[0, :, 0].tolist()
    [5.0, 25.0, 25.0]
    """
    out = as_floats(picture)
    for axis in (1, 0):
        ratio = max(1.0, shape[axis] / side) / picture.shape[axis]
        how = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
        # By ratios, not to a size: the last block may reach beyond the photo.
        across, down = (ratio, 1.0) if axis else (1.0, ratio)
        out = cv2.resize(out, None, fx=across, fy=down, interpolation=how)
    missing = (reduced(size, side) - got for size, got in zip(shape, out.shape, strict=False))
    laid: Floats = np.pad(out, [*((0, each) for each in missing), (0, 0)], mode="edge")
    return laid


def belief(told: Floats, image: Floats, alpha: Alpha, colours: Floats) -> float:
    """Compare a network's F with the photo, and with the F and B that are estimated without it.

    Parameters
    ----------
    told : (h, w, 3) float32 array
        The network's F, 0 to 255.
    image : (h, w, 3) float32 array
        The photo, 0 to 255.
    alpha : (h, w) float32 array
        In [0, 1].
    colours : (h, w, 6) float32 array
        F and B as they're estimated from photo and alpha alone, 0 to 255.

    Returns
    -------
    belief : float
        0 (not at all) to 1. It's 0 if alpha is nowhere 1 near an edge: nothing shows F then.

    Examples
    --------
    Red on grey, told as it is, a little too dark, and with the grey in it:

    >>> alpha = np.clip(np.linspace(-1, 2, 60, dtype=np.float32), 0, 1)[None].repeat(60, 0)
    >>> red, grey = np.float32([200, 0, 0]), np.float32([90, 90, 90])
    >>> photo = alpha[..., None] * red + (1 - alpha[..., None]) * grey
    >>> layers = np.tile(np.concatenate([red, grey]), (60, 60, 1))
    >>> told = layers[..., :3]
    >>> [belief(each, photo, alpha, layers) for each in (told, 0.9 * told, photo)]
    [1.0, 0.0, 0.0]
    """
    edge = cv2.inRange(alpha, EDGE, 1 - EDGE)
    shown = (alpha > 1 - EDGE) & (cv2.dilate(edge, AROUND) > 0)
    if not shown.any():
        return 0
    mask = shown.astype(np.float32)
    means = cv2.blur((told - image) * mask[..., None], DETAIL)[shown]
    off = _root_mean_square(means / cv2.blur(mask, DETAIL)[shown][:, None])
    return _fading(off, OFF) * _fading(abs(_stain(told, image, alpha, colours)), STAIN)


def agreement(image: Floats, alpha: Alpha, colours: Floats) -> float:
    """Compare the layers that were estimated with a network's F with the photo they must make.

    Parameters
    ----------
    image, alpha
        As `belief` takes them.
    colours : (h, w, 6) float32 array
        F and B, 0 to 255.

    Returns
    -------
    agreement : float
        0 (not at all) to 1.

    Examples
    --------
    >>> half, photo = np.full((2, 2), 0.5, np.float32), np.full((2, 2, 3), 90, np.float32)
    >>> agreement(photo, half, np.full((2, 2, 6), 90)), agreement(photo, half, np.zeros((2, 2, 6)))
    (1.0, 0.0)
    """
    edge = _edge(alpha)
    share = alpha[edge][:, None]
    made = share * colours[edge][:, :3] + (1 - share) * colours[edge][:, 3:]
    return _fading(_root_mean_square(made - image[edge]), APART)


def _stain(told: Floats, image: Floats, alpha: Alpha, colours: Floats) -> float:
    """How far along the way from F to the photo's own colours the network's lie, by least squares:
    0 is F itself, 1 the photo, and 2 or so the background alone."""
    edge = _edge(alpha)
    share, own = alpha[edge][:, None], colours[edge][:, :3]
    way, gone = share * (image[edge] - own), share * (told[edge] - own)
    return float((gone * way).sum() / max(float(np.square(way).sum()), 1e-3))


def _edge(alpha: Alpha) -> NDArray[np.bool]:
    return (alpha > EDGE) & (alpha < 1 - EDGE)


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.square(values).mean())) if values.size else 0


def _fading(value: float, limits: tuple[float, float]) -> float:
    """1 up to the first of the limits, 0 from the second on."""
    first, last = limits
    return min(max((last - value) / (last - first), 0.0), 1.0)
