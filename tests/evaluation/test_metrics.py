"""What must hold of all metrics, whatever the picture."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.ndimage import distance_transform_edt

from evaluation import metrics
from evaluation.metrics import METRICS, score
from evaluation.metrics.bands import UNKNOWN, radius_of, trimap_of
from evaluation.metrics.levels import Levels, levels_of
from evaluation.metrics.weighted import weighted_fs

SUMS = {"sad", "gradient", "gradient_p3m", "connectivity"}


@st.composite
def soft(draw: st.DrawFn) -> Levels:
    """A disc with a soft edge somewhere in a small picture, and noise along it."""
    height, width = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    y, x = np.mgrid[:height, :width]
    row, column = draw(st.floats(-5, 65)), draw(st.floats(-5, 65))
    radius, edge = draw(st.floats(0, 40)), draw(st.floats(0.1, 9))
    alpha = np.clip((radius - np.hypot(y - row, x - column)) / edge, 0, 1)
    noise = np.random.default_rng(draw(st.integers(0, 99))).normal(0, 0.1, alpha.shape)
    alpha = np.where((alpha > 0) & (alpha < 1), np.clip(alpha + noise, 0, 1), alpha)
    return levels_of(alpha)


def disc(radius: float, size: int = 80, shift: int = 0) -> Levels:
    y, x = np.mgrid[:size, :size]
    alpha = np.clip((radius - np.hypot(y - size / 2, x - size / 2 - shift)) / 2 + 0.5, 0, 1)
    return levels_of(alpha)


def test_every_metric_is_scored_and_described() -> None:
    values = score(disc(20), disc(21)).values
    assert list(values)
    assert set(values) == {metric.name for metric in METRICS}
    assert metrics.find("edge_mad").in_edge_band


@settings(deadline=None, max_examples=60)
@given(soft())
def test_the_truth_itself_has_no_error(truth: Levels) -> None:
    values = score(truth, truth).values
    for metric in METRICS:
        if metric.better == "lower":
            # Not 0: vectors round as they lie in memory.
            assert values[metric.name] == pytest.approx(0, abs=1e-20), metric.name


def test_a_hard_truth_is_perfect_by_all() -> None:
    truth = np.where(disc(20) > 128, np.uint8(255), np.uint8(0))
    values = score(truth, truth).values
    for metric in METRICS:
        if not metric.name.endswith("e_mean"):
            wanted = 0 if metric.better == "lower" else 1
            assert values[metric.name] == pytest.approx(wanted, abs=1e-9), metric.name


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_worse_matte_scores_worse(metric: metrics.Metric) -> None:
    truth = disc(20)
    near, far = (score(disc(20, shift=shift), truth).values[metric.name] for shift in (1, 4))
    assert far > near if metric.better == "lower" else far < near


@settings(deadline=None, max_examples=40)
@given(soft(), st.integers(0, 3))
def test_what_a_picture_is_repeated_to_doesnt_matter(truth: Levels, turns: int) -> None:
    matte = np.rot90(truth, 2)
    once = score(matte, truth, truth).values
    twice = score(np.tile(matte, (2, 1)), np.tile(truth, (2, 1)), np.tile(truth, (2, 1))).values
    for name in ("mad", "mse", "iou", "f_max", "edge_mad", "edge_mse", "edge_iou", "edge_f_max"):
        assert twice[name] == pytest.approx(once[name], abs=1e-9), name
    assert twice["sad"] == pytest.approx(2 * once["sad"], abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(soft())
def test_where_nothing_differs_changes_no_sum(truth: Levels) -> None:
    """Room around the picture: what is alike in both costs nothing."""
    matte = np.maximum(np.rot90(truth, 2), 0)
    inner = np.pad(truth, 20), np.pad(matte, 20)
    outer = np.pad(truth, 31), np.pad(matte, 31)
    once, again = (score(mine, true).values for true, mine in (inner, outer))
    for name in SUMS:
        assert again[name] == pytest.approx(once[name], abs=1e-9), name


def test_nothing_found_where_there_is_nothing_is_right() -> None:
    empty = np.zeros((30, 40), np.uint8)
    values = score(empty, empty).values
    assert (values["iou"], values["f_max"], values["f_weighted"], values["mad"]) == (1, 1, 1, 0)
    wrong = score(disc(9, 40)[:30], empty).values
    assert (wrong["iou"], wrong["f_max"], wrong["f_weighted"]) == (0, 0, 0)


def test_outside_the_band_errors_dont_count_there() -> None:
    truth = disc(30)
    matte = truth.copy()
    matte[38:42, 38:42] = 0  # a hole in the subject's middle
    values = score(matte, truth).values
    assert values["mad"] > 0
    assert values["edge_mad"] == values["edge_gradient"] == values["edge_connectivity"] == 0


def test_the_bands_radius_is_told_and_grows_with_the_picture() -> None:
    assert score(disc(20), disc(20)).radius == 5
    assert radius_of(3000, 4000) == 25
    drawn = score(disc(20), disc(20), np.full((80, 80), 128, np.uint8))
    assert (drawn.radius, drawn.band) == (None, 6400)


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(80, 80\) can't be held against a truth of \(40, 40\)"):
        score(disc(20), disc(9, 40))
    with pytest.raises(KeyError, match=r"no metric “iuo”\. There are: mad"):
        metrics.find("iuo")


@settings(deadline=None, max_examples=60)
@given(soft(), st.integers(1, 12), st.sampled_from([None, 0, 100, 255]))
@example(np.zeros((40, 50), np.uint8), 3, 100)
def test_the_band_is_all_that_is_near_to_what_differs(
    truth: Levels, radius: int, flat: int | None
) -> None:
    if flat is not None:  # soft all over is unknown all over
        truth = np.full_like(truth, flat)
    expected = np.full(truth.shape, UNKNOWN, np.uint8)
    for level in (0, 255):
        mask = truth == level
        far = mask if mask.all() else mask & (distance_transform_edt(mask) > radius)
        expected[far] = level
    assert (trimap_of(truth, radius) == expected).all()


def test_mistakes_outside_a_region_arent_weighted_there() -> None:
    truth = disc(20)
    matte = truth.copy()
    matte[:6, :6] = 255
    near = np.zeros(truth.shape, bool)
    near[10:70, 10:70] = True
    whole, inside, nowhere = weighted_fs(matte, truth, [None, near, np.zeros(truth.shape, bool)])
    assert inside == weighted_fs(truth, truth, [near])[0]
    assert whole < weighted_fs(truth, truth, [None])[0] - 0.01
    assert nowhere == 1.0
