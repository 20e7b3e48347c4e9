"""The blur by depth, as a thin lens has it."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.depth import scores
from benchmarks.thin_lens import FEET, HORIZON, rooms
from compositing.background import Blur, Portrait, sigma_of
from compositing.compose import compose
from compositing.disparity import Disparity
from compositing.floor import Floor

KERNEL = 31


def _figure(height: int = 240, width: int = 200) -> Any:
    """Alpha of a figure that stands at 80 % of the height, with soft edges."""
    alpha = np.zeros((height, width), np.float32)
    alpha[height // 5 : 4 * height // 5, 2 * width // 5 : 3 * width // 5] = 1
    return cv2.GaussianBlur(alpha, (0, 0), 1.5)


@pytest.fixture
def photo(noise: Callable[..., Any]) -> Any:
    return cv2.GaussianBlur(noise(240, 200, 3), (0, 0), 1)


def test_an_aperture_of_nothing_is_the_photo(photo: Any) -> None:
    assert np.array_equal(compose(photo, _figure(), Portrait(1)), photo)


def test_what_is_all_as_far_as_the_subject_is_the_photo(photo: Any) -> None:
    same = Portrait(KERNEL, Disparity(np.full((24, 20), 3.0)))
    assert np.array_equal(compose(photo, _figure(), same), photo)


@pytest.mark.parametrize("kernel", [5, 31, 91, 201])
def test_where_all_is_far_it_is_the_flat_lens(photo: Any, kernel: int) -> None:
    alpha = _figure()
    flat = Portrait(kernel, Disparity(alpha > 0.5), bloom=0)
    difference = compose(photo, alpha, flat).astype(int) - compose(
        photo, alpha, Blur(kernel, "lens")
    )
    assert np.abs(difference).max() <= 3
    assert np.abs(difference).mean() < 0.3


def test_feet_out_of_sight_leave_the_flat_lens(photo: Any) -> None:
    alpha = np.zeros((240, 200), np.float32)
    alpha[80:, 60:140] = 1
    difference = compose(photo, alpha, Portrait(KERNEL, bloom=0)).astype(int)
    difference -= compose(photo, alpha, Blur(KERNEL, "lens"))
    assert np.abs(difference).max() <= 3


@pytest.mark.parametrize("blades", ["disc", "hexagon"])
def test_the_subject_s_sure_pixels_stay(photo: Any, blades: Any) -> None:
    alpha = _figure()
    result = compose(photo, alpha, Portrait(KERNEL, Floor(0.3), blades=blades))
    sure = alpha == 1
    assert sure[40:180].any()
    assert np.array_equal(result[sure], photo[sure])


def test_the_floor_at_the_feet_stays_sharp_and_fades(photo: Any) -> None:
    alpha = _figure()
    result = compose(photo, alpha, Portrait(KERNEL, Floor(0.3, 0.8), bloom=0))
    change = np.abs(result.astype(int) - photo)[:, :60].mean(axis=(1, 2))
    assert change[190:194].max() < 1  # the feet's rows
    assert change[190] < change[184] < change[170]
    assert change[200] < change[235]


@pytest.mark.parametrize("disparity", [np.linspace(0, 2, 240), np.linspace(0, 1.1, 240)])
def test_no_slope_leaks(disparity: Any) -> None:
    """Levels of one surface add up to all of it, before the focus and behind it."""
    grey, alpha = np.full((240, 200, 3), 150, np.uint8), _figure()
    values = np.repeat(disparity[:, None], 200, axis=1)
    values[alpha > 0.5] = 1
    result = compose(grey, alpha, Portrait(61, Disparity(values)))
    assert np.abs(result.astype(int) - 150).max() <= 1


def _near_post(at: slice, disparity: float) -> tuple[Any, Any]:
    """A red photo's post at some columns, and a disparity with it before all else."""
    photo, values = np.full((240, 200, 3), (0, 90, 0), np.uint8), np.zeros((240, 200))
    photo[:, at], values[:, at] = (255, 0, 0), disparity
    return photo, values


def test_what_is_nearer_is_blurred_in_front_of_the_subject() -> None:
    alpha = _figure()
    photo, values = _near_post(slice(60, 76), 2)
    values[(alpha > 0.5) & (values == 0)] = 1
    result = compose(photo, alpha, Portrait(KERNEL, Disparity(values), bloom=0))
    inside = np.s_[100:140, 84:90]  # of the subject, beside the post
    assert (alpha[inside] > 0.99).all()
    assert result[inside][..., 0].min() > 20
    assert (result[100:140, 64:72, 0] < 250).all()  # the post itself is seen through at its rim


def test_a_near_thing_lies_over_near_floor_as_through_a_lens() -> None:
    """Not mixed with it: outside its rim the post has the share that its disc covers."""
    alpha = _figure()
    photo, values = _near_post(slice(20, 50), 2)
    values[:, :20], values[:, 50:70] = 1.3, 1.3  # both are nearer than the subject
    values[alpha > 0.5] = 1
    result = compose(photo, alpha, Portrait(KERNEL, Disparity(values), bloom=0))
    light = ((result[120, 50:62, 0] / 255 + 0.055) / 1.055) ** 2.4
    radius = 2 * sigma_of(KERNEL)
    away = np.minimum((np.arange(12) + 0.5) / radius, 1)
    covered = (np.arccos(away) - away * np.sqrt(1 - away**2)) / np.pi
    assert np.abs(light - covered).max() < 0.04


def test_highlights_bloom_but_white_walls_don_t() -> None:
    alpha = np.zeros((240, 200), np.float32)
    night, wall = np.full((240, 200, 3), 20, np.uint8), np.full((240, 200, 3), 252, np.uint8)
    night[60:63, 60:63] = 255
    wall[:, :20] = 20

    def brightened(photo: Any) -> Any:
        plain, more = (
            compose(photo, alpha, Portrait(KERNEL, bloom=bloom)).astype(int) for bloom in (0, 1)
        )
        return more - plain

    assert brightened(night)[61, 61].min() > 30
    assert np.abs(brightened(wall)[:, 60:]).max() <= 1


def test_what_is_clicked_is_sharp_and_the_subject_is_not(photo: Any) -> None:
    alpha = _figure()
    values = np.where(alpha > 0.5, 1.0, 0.0)
    result = compose(photo, alpha, Portrait(KERNEL, Disparity(values), focus=(0.1, 0.1)))
    change = np.abs(result.astype(int) - photo).mean(axis=2)
    assert change[:, :50].max() <= 1
    assert change[80:160, 90:110].mean() > 10


@pytest.mark.parametrize("depth", [Floor(0.3, 0.8), "seen"])
def test_a_subject_behind_the_focus_is_as_far_as_its_feet(photo: Any, depth: Any) -> None:
    """All of it alike, and less than what lies behind it: it is no part of the floor."""
    alpha = _figure()
    if depth == "seen":
        rows = np.repeat(np.clip(np.linspace(-0.6, 1.4, 240), 0, 2)[:, None], 200, axis=1)
        depth = Disparity(np.where(alpha > 0.5, 1.0, rows))
    result = compose(photo, alpha, Portrait(15, depth, focus=(0.1, 0.97), bloom=0))
    apart = np.abs(result.astype(int) - photo).mean(axis=2)
    upper, lower = apart[70:100, 90:110].mean(), apart[150:180, 90:110].mean()
    assert upper == pytest.approx(lower, rel=0.15)
    assert upper < 0.8 * apart[70:100, :50].mean()


@pytest.mark.parametrize("depth", [Floor(0.3, 0.8), Disparity(_figure() > 0.5)])
def test_a_click_on_the_subject_changes_nothing(photo: Any, depth: Any) -> None:
    alpha = _figure()
    clicked, plain = (
        compose(photo, alpha, Portrait(KERNEL, depth, focus=focus)) for focus in ((0.5, 0.5), None)
    )
    assert np.array_equal(clicked, plain)


@pytest.mark.parametrize("height", [960, 1920])  # of the latter, the draft is smaller still
def test_a_preview_looks_like_the_full_size(photo: Any, height: int) -> None:
    width = height * 5 // 6
    large = cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC)
    alpha = _figure(height, width)
    settings = Portrait(91, Floor(0.3, 0.8), bloom=0)
    half = width // 2, height // 2
    whole = cv2.resize(compose(large, alpha, settings), half, interpolation=cv2.INTER_AREA)
    small = compose(
        cv2.resize(large, half, interpolation=cv2.INTER_AREA),
        cv2.resize(alpha, half, interpolation=cv2.INTER_AREA),
        settings,
        scale=0.5,
    )
    assert np.abs(whole.astype(int) - small).mean() < 1.5


def test_it_is_nearer_to_a_thin_lens_than_the_flat_blur() -> None:
    room = list(rooms(240, 240))[1]
    radius = 2 * sigma_of(21)
    right = room.through_a_lens(radius, 120)

    def score(background: Any) -> Any:
        return scores(compose(room.photo, room.alpha, background), right, room, radius)

    flat = score(Blur(21, "lens"))
    by_depth = score(Portrait(21, Disparity(room.disparity), bloom=0))
    by_floor = score(Portrait(21, Floor(HORIZON, FEET), bloom=0))
    assert (by_depth - flat > (6, 3, 6)).all()
    assert by_floor[0] > flat[0] + 1  # it knows of no post
