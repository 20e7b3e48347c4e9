"""Strokes of the brush: what they change, and what they leave alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from benchmarks.strokes import changes
from benchmarks.synthetic import scenes
from compositing.arrays import Alpha
from compositing.strokes import MOST_POINTS, Stroke, lay, painted, patches_of

CHANCE = np.random.default_rng(3)
PHOTO = CHANCE.integers(0, 256, (90, 120, 3), np.uint8)
ALPHA = CHANCE.random((90, 120), np.float32)


def stroke(*points: tuple[float, float], **settings: Any) -> Stroke:
    """From point to point, fully pressed."""
    return Stroke(tuple((x, y, 1) for x, y in points), **{"size": 20, **settings})


RESTORE = stroke((30, 30), (80, 40), aware=False)
ERASE = stroke((50, 20), (60, 70), mode="erase", hardness=0.3, opacity=0.7)


def paint(*strokes: Stroke, alpha: Alpha = ALPHA) -> Alpha:
    return painted(alpha, PHOTO, strokes)


def test_no_strokes_change_nothing() -> None:
    assert (paint() == ALPHA).all()


@pytest.mark.parametrize("aware", [True, False])
def test_what_has_no_opacity_or_lies_outside_changes_nothing(aware: bool) -> None:
    assert (paint(stroke((30, 30), (80, 40), opacity=0, aware=aware)) == ALPHA).all()
    outside = stroke((-40, -40), (-11, 50), aware=aware), stroke((131, 10), (500, 90), aware=aware)
    assert (paint(*outside) == ALPHA).all()


def test_a_stroke_that_comes_in_from_outside_is_the_same_inside() -> None:
    whole = painted(np.zeros((90, 220), np.float32), np.zeros((90, 220, 3), np.uint8), [
        stroke((40, 30), (130, 50), aware=False)
    ])  # fmt: skip
    part = painted(np.zeros((90, 120), np.float32), np.zeros((90, 120, 3), np.uint8), [
        stroke((-60, 30), (30, 50), aware=False)
    ])  # fmt: skip
    assert np.allclose(part, whole[:, 100:], atol=1 / 255)


def test_they_are_laid_in_order_and_a_shorter_list_is_the_undo() -> None:
    assert (paint(RESTORE, ERASE) == paint(ERASE, alpha=paint(RESTORE))).all()
    assert (paint(RESTORE, ERASE) != paint(ERASE, RESTORE)).any()
    hard = stroke((60, 45), hardness=1, aware=False)
    gone = Stroke(hard.points, "erase", hard.size, hard.hardness, aware=False)
    both = paint(hard, gone)
    assert both[45, 60] == 0
    assert paint(gone, hard)[45, 60] == 1


def test_only_the_footprint_changes_and_by_the_brushs_profile() -> None:
    soft = paint(stroke((60, 45), hardness=0, aware=False), alpha=np.zeros_like(ALPHA))
    y, x = np.mgrid[0.5:90, 0.5:120]
    away = np.hypot(x - 60, y - 45)
    assert not soft[away > 10.5].any()
    assert soft[45, 60] > 0.97
    assert (np.diff(soft[45, 60:72]) <= 0).all()
    hard = paint(stroke((60, 45), hardness=1, aware=False), alpha=np.zeros_like(ALPHA))
    assert (hard[away < 9] == 1).all()
    assert not hard[away > 11].any()


def test_opacity_counts_once_however_often_a_stroke_crosses_itself() -> None:
    path = [(20, 45), (100, 45), (20, 46), (100, 44), (20, 45)]
    once = paint(stroke(*path, opacity=0.5, aware=False), alpha=np.zeros_like(ALPHA))
    assert once.max() == pytest.approx(0.5, abs=0.003)
    long = [(10 + 100 * (i % 2), 10.0 + i) for i in range(60)]  # several pieces
    many = paint(stroke(*long, opacity=0.5, aware=False), alpha=np.zeros_like(ALPHA))
    assert many.max() == pytest.approx(0.5, abs=0.003)


def test_pressure_is_the_brushs_size() -> None:
    dab = Stroke(((60, 45, 0.5),), size=40, hardness=1, aware=False)
    assert (paint(dab) == paint(stroke((60, 45), hardness=1, aware=False))).all()


def test_grey_levels_of_each_depth_agree() -> None:
    patches = [patch for each in (RESTORE, ERASE) for patch in patches_of(PHOTO, each)]
    levels = np.rint(ALPHA * 255).astype(np.uint8)
    deep = np.rint(ALPHA * 65535).astype(np.uint16)
    lay(levels, patches)
    lay(deep, patches)
    expected = paint(RESTORE, ERASE)
    assert np.abs(levels / 255 - expected).max() <= 1.01 / 255
    assert np.abs(deep / 65535 - expected).max() < 2 / 65535
    assert (levels[expected == 1] == 255).all()


@pytest.mark.parametrize("radius", [10.0, 16.0])
def test_an_aware_stroke_stops_at_the_edge_and_repairs_its_own_side(radius: float) -> None:
    """It overlaps the edge by 30 % of its radius. Where both sides have the same colours, as fur
    over coffee and a veil, nobody could tell them apart by colour."""
    by_name = {scene.name: changes(scene, radius) for scene in scenes(512, 512)}
    assert min(own for _, own in by_name.values()) > 0.85
    beyond = [beyond for beyond, _ in by_name.values()]
    assert np.median(beyond) < 0.35
    assert max(beyond) <= 1
    assert by_name["star, chelsea"][0] < 0.3


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"points": ()}, f"1 to {MOST_POINTS} points; got 0"),
        ({"size": 0.5}, "size is 1 to 20000 pixels; got 0.5"),
        ({"size": float("nan")}, "got nan"),
        ({"hardness": 1.5}, "hardness is 0 to 1; got 1.5"),
        ({"opacity": -0.1}, "opacity is 0 to 1; got -0.1"),
        ({"points": ((1e9, 0, 1),)}, "too far from the photo"),
        ({"points": ((float("nan"), 0, 1),)}, "too far from the photo"),
        ({"points": ((0, 0, 2),)}, "pressure is 0 to 1; got 2"),
    ],
)
def test_what_can_be_no_stroke_is_refused(settings: dict[str, Any], told: str) -> None:
    points: Sequence[Any] = settings.pop("points", ((1, 1, 1),))
    with pytest.raises(ValueError, match=told):
        Stroke(tuple(points), **settings)
