"""What models agree on, against a worked example: three near-alike models and two others."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from evaluation import consensus as module
from evaluation.consensus import consensus, distances
from evaluation.metrics.levels import Levels, levels_of

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "data" / "evaluation" / "golden_ranking.json").read_text()
)


def _disc(row: int, column: int, radius: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    y, x = np.mgrid[:64, :64]
    inside: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = (y - row) ** 2 + (
        x - column
    ) ** 2 <= radius**2
    return inside


HARD = (
    _disc(32, 32, 20),
    _disc(32, 33, 20),
    _disc(32, 31, 19),
    _disc(36, 32, 16),
    _disc(32, 32, 20) | _disc(8, 56, 6),
)
MATTES: list[Levels] = [levels_of(gaussian_filter(mask.astype(float), 1.5)) for mask in HARD]
EIGHT_BITS = 0.5 / 255
"""The example's mattes weren't rounded."""


def test_distances_are_the_worked_examples() -> None:
    assert distances(MATTES, range(5)) == pytest.approx(GOLDEN["median_left_out"], abs=EIGHT_BITS)


def test_relatives_count_as_one() -> None:
    told = distances(MATTES, [0, 0, 0, 1, 2])
    assert told == pytest.approx(GOLDEN["median_left_out_families"], abs=EIGHT_BITS)


def test_three_relatives_dont_outvote_two_strangers() -> None:
    family, others = np.full((4, 4), 255, np.uint8), np.zeros((4, 4), np.uint8)
    mattes = [family, family, family, others, others]
    assert (consensus(mattes, range(5)) == 255).all()
    assert (consensus(mattes, [0, 0, 0, 1, 2]) == 0).all()


def test_one_matte_agrees_with_itself_and_has_no_others() -> None:
    assert (consensus(MATTES[:1], ["a"]) == MATTES[0]).all()
    assert distances(MATTES[:2], ["a", "a"]) == [None, None]


@pytest.mark.parametrize("families", [[0, 1], [0, 1, 2], [0, 0, 1, 1], [0, 1, 0, 2, 3, 1, 0]])
def test_it_is_the_median_by_its_definition(
    families: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In strips that don't divide the picture, too."""
    monkeypatch.setattr(module, "STRIP", 3 * 31)
    mattes = list(np.random.default_rng(1).integers(0, 256, (len(families), 23, 31), np.uint8))

    def median(among: set[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        own = [
            np.median([m for m, f in zip(mattes, families, strict=True) if f == each], axis=0)
            for each in among
        ]
        return np.asarray(np.median(own, axis=0))

    everyone = set(families)
    assert np.abs(consensus(mattes, families) - median(everyone)).max() <= 0.5
    expected = [
        np.abs(matte - median(everyone - {own})).mean() / 255
        for matte, own in zip(mattes, families, strict=True)
    ]
    assert distances(mattes, families) == pytest.approx(expected, abs=1e-9)
