"""A composite in layers, for programs that have layers themselves."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo, Pixels
from compositing.background import Background
from compositing.checks import as_photo
from compositing.colours import Rows
from compositing.compose import cut_out, laid
from compositing.front import NO_SHADE, NO_TONES
from compositing.scene import scene_of
from compositing.shadow import Shadow


class Parts(NamedTuple):
    """A composite in layers: the subject over the shadow over the background.

    Attributes
    ----------
    subject : (H, W, 3) uint8 array
        The subject's own colours, RGB; where it isn't, the photo's.
    alpha : (H, W) float32 array
        The subject's opacity, in [0, 1].
    shadow : (H, W) uint8 array or None
        The opacity of a shadow, which is black; 255 is opaque.
    behind : (H, W, 3) uint8 array or None
        The background, RGB. None if it's transparent.

    Examples
    --------
    >>> Parts(np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), np.float32), None, None).behind is None
    True
    """

    subject: Photo
    alpha: Alpha
    shadow: NDArray[np.uint8] | None
    behind: Photo | None


def taken_apart(
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
) -> Parts:
    """Make the layers of a composite, for programs that have layers themselves.

    Parameters
    ----------
    photo, alpha, background, scale, unmix, light, shadow, foreground, origin
        As `compose` takes them, of 8 bits.

    Returns
    -------
    parts : Parts
        Laid over each other, they are what `compose` makes, but for what rounding each layer to 8
        bits changes: 2 levels of 255.

    Raises
    ------
    ValueError
        As `compose` does.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> photo = np.array([[[255, 0, 0], [192, 64, 64], [128, 128, 128]]], np.uint8)
    >>> parts = taken_apart(photo, np.array([[1, 0.5, 0]], np.float32), Colour(0, 0, 255))
    >>> parts.subject.tolist(), parts.behind[0, 0].tolist()
    ([[[255, 0, 0], [255, 0, 0], [128, 128, 128]]], [0, 0, 255])
    """
    scene = scene_of(
        as_photo(photo), alpha, background, scale, unmix, light, shadow, foreground, origin
    )
    nobody, front = np.zeros_like(scene.alpha), scene.front
    bare = front._replace(shade=NO_SHADE)
    drawn = cut_out(scene.photo, scene.alpha, bare)
    subject = np.where(drawn[..., 3:] > 0, drawn[..., :3], scene.photo)
    for channel, tones in enumerate(front.tones):
        subject[..., channel] = np.rint(tones).astype(np.uint8)[subject[..., channel]]
    cast: Any = cut_out(scene.photo, nobody, front)[..., 3] if front.shade.size else None
    empty = scene._replace(alpha=nobody, front=bare._replace(tones=NO_TONES))
    behind: Any = None if scene.behind is None else laid(empty)
    return Parts(subject, scene.alpha.copy(), cast, behind)
