"""What models agree on, where there is no truth.

It measures agreement, not quality: a mistake that most share wins. Relatives outvote strangers, so
all models of one family count as one.
"""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

type Levels = NDArray[np.uint8]
type Quarters = NDArray[np.uint16]
"""Levels times four: the mean of two means of two levels is a whole number of them."""

STRIP = 1 << 17
"""Pixels that are worked on at a time, so that all mattes' own stay in the processor's cache."""


def consensus(mattes: Sequence[Levels], families: Sequence[Hashable]) -> Levels:
    """The pixel-wise median of the families' own medians.

    mattes: `uint8 (H, W)` of one size, at least one; families: of each. Returns `uint8 (H, W)`; the
    median of an even number is the mean of the middle two.
    """
    whole = np.empty_like(mattes[0])
    for strip in _strips(mattes[0]):
        agreed = _median(list(_by_family([each[strip] for each in mattes], families).values()))
        whole[strip] = (agreed + 2) >> 2
    return whole


def distances(mattes: Sequence[Levels], families: Sequence[Hashable]) -> list[float | None]:
    """Mean absolute difference, 0 to 1, of each matte from what the other families agree on; None
    for one whose family is the only one."""
    if len(set(families)) < 2:
        return [None] * len(mattes)
    sums = np.zeros(len(mattes))
    for strip in _strips(mattes[0]):
        parts = [each[strip] for each in mattes]
        own = _by_family(parts, families)
        others = {family: _median([own[each] for each in own if each != family]) for family in own}
        for number, (part, family) in enumerate(zip(parts, families, strict=True)):
            apart = np.abs(part.astype(np.int16) * 4 - others[family].view(np.int16))
            sums[number] += apart.sum(dtype=np.int64)
    return [float(each) for each in sums / (4 * 255 * mattes[0].size)]


def _strips(matte: Levels) -> Iterator[slice]:
    rows = max(1, STRIP // matte.shape[1])
    for top in range(0, matte.shape[0], rows):
        yield slice(top, top + rows)


def _by_family(mattes: Sequence[Levels], families: Sequence[Hashable]) -> dict[Hashable, Quarters]:
    """Each family's own median, times two."""
    kin: dict[Hashable, list[Quarters]] = {}
    for matte, family in zip(mattes, families, strict=True):
        kin.setdefault(family, []).append(matte.astype(np.uint16))
    return {family: _median(each) for family, each in kin.items()}


def _median(values: list[Quarters]) -> Quarters:
    """Times two: the sum of the middle two, or twice the one in the middle.

    They are put in order by an odd-even transposition network (Knuth, The Art of Computer
    Programming, volume 3, 5.3.4): a comparison of whole arrays is a hundred times as quick as
    sorting pixel by pixel.
    """
    ranked, count = list(values), len(values)
    for turn in range(count):
        for low in range(turn % 2, count - 1, 2):
            pair = ranked[low], ranked[low + 1]
            ranked[low], ranked[low + 1] = np.minimum(*pair), np.maximum(*pair)
    return ranked[(count - 1) // 2] + ranked[count // 2]
