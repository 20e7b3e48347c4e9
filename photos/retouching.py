"""A cut's matte retouched by hand."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from compositing.arrays import Photo
from compositing.strokes import Patch, Stroke, patches_of
from photos.counts import counted
from photos.cut import Cut, Retouch


def retouched(
    cut: Cut,
    strokes: Sequence[Stroke],
    *,
    pixels: Photo | None = None,
    patches: Sequence[Patch] | None = None,
) -> Cut:
    """Lay strokes over a cut's matte, in place of those that it had.

    Parameters
    ----------
    cut : Cut
        Of any model, or with another tool's matte.
    strokes : sequence of Stroke
        In the order in which they were drawn, in the upright photo's pixels.
    pixels : (H, W, 3) uint8 array, optional
        The cut's photo, if it is at hand. None: it is decoded.
    patches : sequence of Patch, optional
        What `compositing.strokes.patches_of` told of the strokes, if that is known.

    Returns
    -------
    retouched : Cut
        With a note that tells of it. Its key is the same for the same strokes. Without strokes, the
        cut as its model made it: `Cut.own`.

    Examples
    --------
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open())
    >>> erased = retouched(cut, [Stroke(((300, 200, 1),), "erase", size=80, aware=False)])
    >>> int(cut.levels()[200, 300]), int(erased.levels()[200, 300]), erased.notes
    (255, 0, ('Retouched by hand: 1 stroke.',))
    >>> retouched(erased, ()) is cut
    True
    """
    own = cut.own
    if not strokes:
        return own
    if patches is None:
        pixels = own.photo.pixels() if pixels is None else pixels
        patches = [patch for stroke in strokes for patch in patches_of(pixels, stroke)]
    drawn = tuple(strokes)
    made = replace(
        own,
        notes=(*own.notes, told(len(drawn))),
        composite=None,
        retouch=Retouch(drawn, tuple(patches), own),
        key=f"{own.key}/{hashlib.sha256(repr(drawn).encode()).hexdigest()}",
    )
    levels = made.levels()
    share = float(levels.mean(dtype=np.float64)) / 255
    return replace(made, share=share, empty=not levels.any())


def told(count: int) -> str:
    """Tell that a matte was retouched.

    Parameters
    ----------
    count : int
        Of strokes.

    Examples
    --------
    >>> told(3)
    'Retouched by hand: 3 strokes.'
    """
    return f"Retouched by hand: {counted(count, 'stroke')}."
