"""Areas of one grey: a trimap and a map of classes have them, a matte doesn't."""

import numpy as np

from evaluation.metrics.levels import Levels

_BLACK, _WHITE = 4, 251
"""Levels from the one to below the other are grey: files turn black and white into almost black
and almost white."""
_FEW = 24
"""So many levels at most, as a photo has classes; edges, smoke and fur have all levels."""
_MOSTLY = 0.9
"""The part of the grey pixels that have these levels."""
_EVEN = 0.75
"""The part of the grey pixels that are as the next ones to the right and below: a trimap's band has
edges."""
_MATTERS = 0.1
"""The part of all that isn't black from which on the numbers would be wrong by it."""


def area_of_one_grey(truth: Levels) -> tuple[int, float] | None:
    """The commonest grey of `uint8 (H, W)`, and which part of what isn't black is grey; None if
    the greys aren't areas of a few levels."""
    counts = np.bincount(truth.ravel(), minlength=256)
    greys = counts[_BLACK:_WHITE]
    grey, seen = int(greys.sum()), int(counts[_BLACK:].sum())
    if grey < max(seen * _MATTERS, 1) or np.sort(greys)[-_FEW:].sum() < grey * _MOSTLY:
        return None
    inside = truth[:-1, :-1]
    alike = (inside == truth[1:, :-1]) & (inside == truth[:-1, 1:])
    even = int((alike & (inside >= _BLACK) & (inside < _WHITE)).sum())
    if even < grey * _EVEN:
        return None
    return _BLACK + int(greys.argmax()), grey / seen
