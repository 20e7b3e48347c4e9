from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compositing.alpha import enlarge, feather, refine
from tests.tolerances import SUMS


def soft_disc(height: int, width: int, softness: float) -> Any:
    alpha = np.zeros((height, width), np.float32)
    cv2.circle(alpha, (width // 2, height // 2), height // 3, 1.0, -1)
    return np.clip(cv2.GaussianBlur(alpha, (0, 0), softness), 0, 1)


def test_feather_is_the_gaussian_of_hard_masks() -> None:
    mask = np.zeros((31, 31), np.float32)
    mask[15:, :] = 1
    weights = np.exp(-(np.arange(-7, 8) ** 2) / 50)
    expected = np.cumsum(weights / weights.sum())[:15]
    assert feather(mask)[8:23, 15] == pytest.approx(expected, abs=SUMS)
    assert set(np.unique(feather(mask)[[0, 30]])) == {0, 1}


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_refine_returns_constant_masks_unchanged(noise: Callable[..., Any], value: float) -> None:
    alpha = np.full((90, 70), value, np.float32)
    assert np.array_equal(refine(noise(90, 70, 3), alpha), alpha)


def test_refine_finds_the_softness_that_a_mask_has_lost() -> None:
    truth = soft_disc(600, 800, 2)
    photo = 40 + truth[..., None] * (180, 60, 20)
    mask = (truth > 0.5).astype(np.float32)
    refined = refine(np.rint(photo).astype(np.uint8), mask)
    assert np.abs(refined - truth).sum() < np.abs(mask - truth).sum() / 2


def test_refine_changes_nothing_far_from_the_edge(noise: Callable[..., Any]) -> None:
    mask = np.zeros((1024, 700), np.float32)
    mask[:, 350:] = 1
    refined = refine(noise(1024, 700, 3), mask)
    assert refined.dtype == np.float32
    assert refined.min() >= 0
    assert refined.max() <= 1
    changed = np.flatnonzero((refined != mask).any(axis=0))
    assert changed.min() >= 350 - 20
    assert changed.max() <= 350 + 20


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (63, 2), (200, 333)])
def test_refine_takes_any_size(noise: Callable[..., Any], size: tuple[int, int]) -> None:
    mask = np.zeros(size, np.float32)
    mask[: size[0] // 2 + 1, : size[1] // 2 + 1] = 1
    refined = refine(noise(*size, 3), mask)
    assert refined.shape == size
    assert np.isfinite(refined).all()


@pytest.mark.parametrize("softness", [1, 3, 10, 25])
@pytest.mark.parametrize("texture", [0, 4, 12])
def test_enlarge_is_never_worse_than_bilinear(softness: float, texture: int) -> None:
    truth = soft_disc(600, 800, softness)
    random = np.random.default_rng(1)
    layers = [
        colour + cv2.GaussianBlur(random.normal(0, texture, (600, 800, 3)), (0, 0), 0.6)
        for colour in (np.array((180, 120, 60)), np.array((40, 90, 140)))
    ]
    photo = layers[0] * truth[..., None] + layers[1] * (1 - truth[..., None])
    small = cv2.resize(truth, (128, 128), interpolation=cv2.INTER_AREA)
    enlarged = enlarge(small, np.rint(np.clip(photo, 0, 255)).astype(np.uint8))
    bilinear = cv2.resize(small, (800, 600))
    assert np.abs(enlarged - truth).sum() < np.abs(bilinear - truth).sum()


@pytest.mark.parametrize("value", [0, 1])
def test_enlarge_keeps_what_is_sure(noise: Callable[..., Any], value: int) -> None:
    enlarged = enlarge(np.full((16, 16), value, np.float32), noise(99, 70, 3))
    assert np.array_equal(enlarged, np.full((99, 70), value))


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("small", [(12, 10), (3, 3), (1, 5)])
def test_enlarge_treats_all_edges_alike(
    noise: Callable[..., Any], small: tuple[int, int], axis: int
) -> None:
    """A mirrored photo has the mirrored matte."""
    photo, alpha = noise(90, 70, 3), noise(*small).astype(np.float32) / 255
    mirrored = enlarge(np.flip(alpha, axis), np.flip(photo, axis))
    np.testing.assert_allclose(np.flip(mirrored, axis), enlarge(alpha, photo), atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    small=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    size=st.tuples(st.integers(1, 80), st.integers(1, 80)),
)
def test_enlarge_takes_any_sizes(small: tuple[int, int], size: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    alpha = random.random(small, np.float32)
    photo = random.integers(0, 256, (*size, 3), np.uint8)
    enlarged = enlarge(alpha, photo)
    assert enlarged.shape == size
    assert enlarged.dtype == np.float32
    assert np.isfinite(enlarged).all()
    assert enlarged.min() >= 0
    assert enlarged.max() <= 1


def test_enlarge_to_a_smaller_photo_averages() -> None:
    alpha = np.array([[0, 1, 1, 1], [0, 0, 1, 1]], np.float32)
    enlarged = enlarge(alpha, np.zeros((1, 2, 3), np.uint8))
    assert enlarged.tolist() == [[0.25, 1]]
