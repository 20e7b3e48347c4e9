"""The floor without a network, and what is refused."""

from contextlib import nullcontext as taken
from typing import Any

import numpy as np
import pytest

from compositing.disparity import Disparity
from compositing.floor import Floor
from compositing.portrait import Portrait


def _standing(end: int = 80) -> Any:
    alpha = np.zeros((100, 60), np.float32)
    alpha[20:end, 20:30] = 1
    return alpha


def test_feet_and_horizon_are_found_by_the_matte() -> None:
    assert Floor().settled(_standing()) == Floor(0.38, 0.8)


def test_a_speck_below_is_no_foot() -> None:
    alpha = _standing()
    alpha[95, 50] = 1
    assert Floor().settled(alpha).feet == 0.8


def test_what_is_cut_off_or_nowhere_has_no_feet() -> None:
    assert Floor().settled(_standing(100)) == Floor()
    assert Floor().settled(np.zeros((9, 9), np.float32)) == Floor()


def test_what_is_told_is_kept() -> None:
    assert Floor(0.1, 0.9).settled(_standing(100)) == Floor(0.1, 0.9)
    assert Floor(0.5).settled(_standing()) == Floor(0.5, 0.8)


def test_a_horizon_below_the_feet_that_were_found_makes_all_far() -> None:
    spread = Floor(0.85).spread(_standing(), 1, None)
    assert (spread.whole == -1).all()


@pytest.mark.parametrize("scale", [(1, 0), (40, -3), (1e-3, 0.9)])
def test_scale_and_offset_of_a_disparity_change_nothing(scale: tuple[float, float]) -> None:
    alpha = _standing()
    values = np.where(alpha > 0.5, 0.6, np.linspace(0, 1, 60))
    expected = Disparity(values).spread(alpha, 1, None)
    found = Disparity(scale[0] * values + scale[1]).spread(alpha, 1, None)
    assert found.whole == pytest.approx(expected.whole, abs=0.02)
    assert found.behind == pytest.approx(expected.behind, abs=0.02)


def test_the_wall_goes_on_behind_the_subject() -> None:
    alpha = _standing()
    spread = Disparity(np.where(alpha > 0.5, 1.0, 0.25)).spread(alpha, 1, None)
    assert spread.whole[50, 25] == 0
    assert spread.behind == pytest.approx(np.full((100, 60), -1), abs=1e-3)


@pytest.mark.parametrize(
    ("settings", "raises"),
    [
        ({"horizon": 0.2, "feet": 0.9}, taken()),
        ({"horizon": 1.2}, pytest.raises(ValueError, match="The horizon is a part of")),
        ({"feet": float("nan")}, pytest.raises(ValueError, match="The place of the feet is")),
        ({"horizon": 0.5, "feet": 0.5}, pytest.raises(ValueError, match="must lie above")),
    ],
)
def test_floors(settings: dict[str, float], raises: Any) -> None:
    with raises:
        Floor(**settings)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"kernel": 4}, "odd number"),
        ({"kernel": 5, "bloom": 2}, "bloom by 0 to 1"),
        ({"kernel": 5, "blades": "star"}, "a disc or a hexagon"),
        ({"kernel": 5, "focus": (40, 2)}, "from 0,0 to 1,1"),
    ],
)
def test_portraits_that_can_t_be(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Portrait(**settings)


@pytest.mark.parametrize("values", [np.ones(5), np.ones((0, 3)), np.ones((2, 2, 3))])
def test_disparities_of_other_shapes(values: Any) -> None:
    with pytest.raises(ValueError, match="has the shape"):
        Disparity(values)
