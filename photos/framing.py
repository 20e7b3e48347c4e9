"""The frame that a look puts a cut in: what the finished picture shows of the photo."""

import math
from dataclasses import replace
from typing import Literal

from compositing.arrays import Alpha
from compositing.background import (
    LARGEST_KERNEL,
    Background,
    Blur,
    Picture,
    Portrait,
    Transparent,
)
from compositing.frame import Extent, extent_of
from compositing.placing import Placing
from compositing.shadow import extent_with
from compositing.stand import Footing, whole
from compositing.window import cut_off
from photos.cut import Cut
from photos.heads import headed
from photos.look import Look
from photos.painting import Painting

type Kind = Literal["matte", "trimap", "cutout", "composite"]
"""What pictures of a cut there are."""


def placing_of(cut: Cut, look: Look, alpha: Alpha, kind: Kind = "composite") -> Placing | None:
    """Find what a look's frame shows of a cut's photo.

    It is the same for a matte, a cutout and a composite on a new background, so that these fit over
    each other. In a composite with a blur the photo is seen around the subject, and before a
    painting what was painted for it: the frame then stays within the photo as far as the subject
    allows.

    Parameters
    ----------
    cut : Cut
    look : Look
    alpha : (h, w) float32 array
        As `final_alpha` makes it, of the photo's size or smaller.
    kind : {"composite", "matte", "trimap", "cutout"}

    Returns
    -------
    placing : Placing or None
        None if the look has no frame.

    Raises
    ------
    PhotoError
        If the head decides it, and can't be found.

    Examples
    --------
    >>> from compositing.background import Transparent
    >>> from compositing.frame import Frame
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.look import final_alpha
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> look = Look(Transparent(), frame=Frame("subject", canvas=(500, 500)))
    >>> placing = placing_of(cut, look, final_alpha(cut, look))
    >>> placing.width, placing.height
    (500, 500)
    """
    if look.frame is None:
        return None
    if look.frame.head is not None:
        return headed(cut, look.frame)
    photo, size = cut.photo, (cut.photo.width, cut.photo.height)
    box = extent_of(alpha)
    behind = look.behind(photo) if kind == "composite" else Transparent()
    if look.shadow and not isinstance(behind, Blur | Portrait):  # they have their own
        box = extent_with(alpha, look.shadow)
    if box is None:
        return Placing.of(look.frame, None, size, inside=own_ground(behind))
    off = cut_off(alpha)
    box = _enlarged(box, photo.width / alpha.shape[1], photo.height / alpha.shape[0])
    return Placing.of(look.frame, box, size, cut=off, inside=own_ground(behind))


def standing_of(
    cut: Cut, look: Look, alpha: Alpha, placing: Placing | None = None
) -> Placing | None:
    """Find where a look puts a cut's subject, for all pictures but those that have a blur.

    Parameters
    ----------
    cut : Cut
    look : Look
    alpha : (h, w) float32 array
        As `final_alpha` makes it, of the photo's size or smaller.
    placing : Placing, optional
        What the frame shows, if there is one: as `placing_of` finds it.

    Returns
    -------
    standing : Placing or None
        Of the photo's size, or of the frame's. None if the subject stays where it is, or there is
        none; and in a frame that is cropped to it.

    Examples
    --------
    >>> from compositing.stand import Stand
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> look = Look(Transparent(), stand=Stand(across=0.1))
    >>> standing_of(cut, look, cut.alpha()).at(0, 0)
    (60.0, 0.0)
    """
    if look.stand is None or not moves(look):
        return None
    size = cut.photo.width, cut.photo.height
    footing = Footing.of(alpha, size)
    return look.stand.placing(footing, placing or whole(size)) if footing else None


def notes_of(cut: Cut, look: Look, alpha: Alpha, kind: Kind = "composite") -> tuple[str, ...]:
    """Tell what became of a look's frame and of where it puts the subject.

    Parameters
    ----------
    cut, look, alpha, kind
        As `placing_of` takes them.

    Returns
    -------
    notes : tuple of str
        A sentence each.

    Examples
    --------
    >>> from compositing.stand import Stand
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> notes_of(cut, Look(Transparent(), stand=Stand(scale=2)), cut.alpha())[-1]
    'The subject was enlarged 2.00 times: it will look soft.'
    """
    placing = placing_of(cut, look, alpha, kind)
    notes = placing.notes if placing else ()
    if look.stand is not None and not look.stand.still and _follows(look):
        return *notes, "The frame is cropped to the subject: where that was put changes nothing."
    apart = kind == "composite" and own_ground(look.behind(cut.photo))
    standing = standing_of(cut, look, alpha, None if apart else placing)
    return (*notes, *standing.notes) if standing else notes


def moves(look: Look) -> bool:
    """Tell whether a look puts subjects elsewhere than where they stood.

    Parameters
    ----------
    look : Look

    Returns
    -------
    moves : bool
        Not where the frame goes wherever the subject goes.

    Examples
    --------
    >>> from compositing.background import Transparent
    >>> from compositing.frame import Frame
    >>> from compositing.stand import Stand
    >>> look = Look(Transparent(), stand=Stand(across=0.1))
    >>> moves(look), moves(replace(look, frame=Frame("subject")))
    (True, False)
    """
    return look.stand is not None and not look.stand.still and not _follows(look)


def _follows(look: Look) -> bool:
    """Whether the frame goes wherever the subject goes."""
    frame = look.frame
    return frame is not None and (frame.crop == "subject" or frame.head is not None)


def own_ground(background: Background) -> bool:
    """Tell whether the photo's surroundings are seen behind the subject, or what was painted for
    them: then the subject can't be put elsewhere.

    Parameters
    ----------
    background : Background

    Returns
    -------
    own_ground : bool

    Examples
    --------
    >>> from compositing.background import Colour
    >>> own_ground(Blur(51)), own_ground(Colour(0, 0, 0))
    (True, False)
    """
    return isinstance(background, Blur | Portrait | Painting)


def in_step(background: Background, placing: Placing) -> Background:
    """Give a background picture's blur the same strength for a canvas that it has for the photo.

    Parameters
    ----------
    background : Background
    placing : Placing
        At full size.

    Returns
    -------
    background : Background
        Another one only if it's a blurred picture.

    Examples
    --------
    >>> from compositing.frame import Frame
    >>> placing = Placing.of(Frame(canvas=(200, 200)), None, (100, 100))
    >>> in_step(Picture(np.zeros((2, 3), np.uint8), kernel=51), placing).kernel
    101
    """
    if not isinstance(background, Picture) or background.kernel == 1:
        return background
    ratio = math.sqrt(placing.width * placing.height / math.prod(placing.photo))
    kernel = 2 * round((background.kernel * ratio - 1) / 2) + 1
    return replace(background, kernel=min(max(kernel, 3), LARGEST_KERNEL))


def _enlarged(box: Extent, across: float, down: float) -> Extent:
    """A box in a smaller alpha's pixels in those of the photo: what touches an edge still does."""
    left, top = math.floor(box.left * across), math.floor(box.top * down)
    right, bottom = math.ceil(box.right * across), math.ceil(box.bottom * down)
    return Extent(left, top, right - left, bottom - top)
