"""Is A better than B? One score a photo from each, compared photo by photo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 6
"""Photos below which no difference can reach p < 0.05."""


@dataclass(frozen=True)
class Difference:
    """Of A's scores less B's. mean, low, high: the mean and its 95 % interval. more, fewer, equal:
    on how many photos A's is larger, smaller, the same. p, wilcoxon: two-sided, by sign flips and
    by signed ranks."""

    mean: float
    low: float
    high: float
    more: int
    fewer: int
    equal: int
    p: float
    wilcoxon: float


def differ(
    one: Sequence[float], other: Sequence[float], *, rounds: int = 10_000, seed: int = 0
) -> Difference:
    """Compare scores of the same photos, in one order. `rounds` are drawn for the interval (a
    percentile bootstrap over photos) and for p (signs flipped by chance). Not finding a difference
    doesn't make two equal. Raises ValueError without photos."""
    from scipy import stats  # slow to import

    apart = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    if not apart.size:
        raise ValueError("Two models can't be compared without photos that both were scored on.")
    rng = np.random.default_rng(seed)
    low, high = _bounds(apart, rounds, rng)
    flipped = np.abs((apart * rng.choice((-1, 1), (rounds, apart.size))).mean(1))
    mean = float(apart.mean())
    return Difference(
        mean,
        low,
        high,
        int((apart > 0).sum()),
        int((apart < 0).sum()),
        int((apart == 0).sum()),
        # A hair's breadth: sums of the same numbers in another order.
        float((1 + (flipped >= abs(mean) - 1e-12).sum()) / (rounds + 1)),
        float(stats.wilcoxon(apart, zero_method="zsplit").pvalue) if apart.any() else 1.0,
    )


def interval(
    scores: Sequence[float], *, rounds: int = 10_000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of the mean, by a percentile bootstrap over photos."""
    return _bounds(np.asarray(scores, np.float64), rounds, np.random.default_rng(seed))


def holm(chances: Sequence[float]) -> list[float]:
    """p-values of several comparisons, corrected so that all hold at once (Holm, 1979)."""
    order = np.argsort(chances, stable=True)
    corrected, most = [0.0] * len(chances), 0.0
    for rank, number in enumerate(order):
        most = max(most, min(1.0, (len(chances) - rank) * chances[number]))
        corrected[number] = most
    return corrected


def _bounds(
    values: NDArray[np.float64], rounds: int, rng: np.random.Generator
) -> tuple[float, float]:
    means = values[rng.integers(0, values.size, (rounds, values.size))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
