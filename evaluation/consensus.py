"""What models agree on, where there is no truth.

It measures agreement, not quality: a mistake that most share wins. Relatives outvote strangers, so
all models of one family count as one.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.levels import Levels

type Median = NDArray[np.float32]


def consensus(mattes: Sequence[Levels], families: Sequence[Hashable]) -> Levels:
    """The pixel-wise median of the families' own medians.

    mattes: `uint8 (H, W)` of one size, at least one; families: of each. Returns `uint8 (H, W)`; the
    median of an even number is the mean of the middle two.
    """
    return np.rint(_median(mattes, families)).astype(np.uint8)


def distances(mattes: Sequence[Levels], families: Sequence[Hashable]) -> list[float | None]:
    """Mean absolute difference, 0 to 1, of each matte from what the other families agree on; None
    for one whose family is the only one."""
    told: list[float | None] = []
    for matte, mine in zip(mattes, families, strict=True):
        others = [
            (each, family) for each, family in zip(mattes, families, strict=True) if family != mine
        ]
        if not others:
            told.append(None)
            continue
        agreed = _median([each for each, _ in others], [family for _, family in others])
        told.append(float(np.abs(matte - agreed).mean() / 255))
    return told


def _median(mattes: Sequence[Levels], families: Sequence[Hashable]) -> Median:
    kin: dict[Hashable, list[Levels]] = {}
    for matte, family in zip(mattes, families, strict=True):
        kin.setdefault(family, []).append(matte)
    own = [np.median(np.stack(each), 0).astype(np.float32) for each in kin.values()]
    median: Median = np.median(np.stack(own), 0).astype(np.float32)
    return median
