from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import pytest

from compositing.background import (
    Blur,
    Colour,
    Fit,
    Picture,
    default_kernel,
    strength_of,
)
from compositing.compose import compose
from compositing.fitting import axes_of, fitted, play, scaled


@pytest.mark.parametrize(
    ("text", "expected", "raises"),
    [
        ("#ffffff", (255, 255, 255), nullcontext()),
        ("0a10fF", (10, 16, 255), nullcontext()),
        (" #f0a ", (255, 0, 170), nullcontext()),
        ("#ffff", None, pytest.raises(ValueError, match="#rrggbb")),
        ("white", None, pytest.raises(ValueError, match="white")),
    ],
)
def test_colours_are_parsed(
    text: str, expected: tuple[int, int, int], raises: AbstractContextManager[Any]
) -> None:
    with raises:
        assert Colour.parse(text).rgb == expected


@pytest.mark.parametrize("kernel", [-1, 0, 2, 2003])
def test_kernels_are_odd_and_at_most_2001(kernel: int) -> None:
    for make in (Blur, lambda size: Picture(np.zeros((1, 1, 3), np.uint8), kernel=size)):
        with pytest.raises(ValueError, match="odd number from 1 to 2001"):
            make(kernel)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1000, 1000), 51),
        ((4000, 3000), 177),
        ((3000, 4000), 177),
        ((1, 1), 3),
        ((8000, 6000), 353),
    ],
)
def test_the_default_kernel_follows_the_photos_size(size: tuple[int, int], expected: int) -> None:
    assert default_kernel(*size) == expected


@pytest.mark.parametrize("kernel", [1, 3, 51, 149, 301, 2001])
@pytest.mark.parametrize("size", [(512, 512), (4000, 3000), (77, 9001)])
def test_a_kernel_is_as_strong_in_a_photo_of_its_size(kernel: int, size: tuple[int, int]) -> None:
    assert default_kernel(*size, strength_of(kernel, *size)) == kernel


def test_photos_of_other_sizes_get_a_kernel_as_strong() -> None:
    assert default_kernel(2000, 2000, strength_of(25, 1000, 1000)) == 49
    assert default_kernel(2000, 2000, strength_of(1, 1000, 1000)) == 1


def halves(height: int, width: int) -> Any:
    """Black on the left, white on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return pixels


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch"])
@pytest.mark.parametrize("size", [(1, 1), (7, 90), (64, 64), (200, 31)])
def test_pictures_are_brought_to_the_photos_size(fit: Fit, size: tuple[int, int]) -> None:
    for shape in ((1, 1), (3, 200), (100, 60)):
        assert fitted(Picture(halves(*shape), fit), *size).shape == (*size, 3)


def test_cover_crops_contain_shows_all_and_stretch_squeezes() -> None:
    wide = np.zeros((10, 40, 3), np.uint8)
    wide[:, 15:25] = 255
    assert (fitted(Picture(wide, "cover"), 10, 10) == 255).all()
    assert (fitted(Picture(wide, "stretch"), 10, 20)[:, 8:12] == 255).all()
    shown = fitted(Picture(wide, "contain"), 40, 40)
    assert np.array_equal(shown[15:25], wide)


@pytest.mark.parametrize(
    ("position", "columns"), [((0, 0.5), (0, 10)), ((0.5, 0), (15, 25)), ((1, 1), (30, 40))]
)
def test_where_a_wide_picture_is_cropped(
    noise: Callable[..., Any], position: tuple[float, float], columns: tuple[int, int]
) -> None:
    wide, photo, nowhere = noise(10, 40, 3), noise(10, 10, 3), np.zeros((10, 10))
    seen = compose(photo, nowhere, Picture(wide, "cover", position=position))
    assert np.array_equal(seen, wide[:, slice(*columns)])


@pytest.mark.parametrize(("down", "top"), [(0, 0), (0.5, 15), (1, 30)])
def test_where_a_wide_picture_lies(noise: Callable[..., Any], down: float, top: int) -> None:
    wide = noise(10, 40, 3)
    whole = fitted(Picture(wide, "contain", position=(0.2, down)), 40, 40)
    assert np.array_equal(whole[top : top + 10], wide)


@pytest.mark.parametrize("position", [(-0.1, 0), (0, 1.5), (float("nan"), 0)])
def test_positions_that_cannot_be_meant(position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Picture(np.zeros((1, 1, 3), np.uint8), position=position)


def test_a_pictures_own_blur(noise: Callable[..., Any]) -> None:
    picture, photo = noise(90, 120, 3), np.zeros((90, 120, 3), np.uint8)
    nobody = np.zeros((90, 120), np.float32)
    sharp, soft = (compose(photo, nobody, Picture(picture, kernel=kernel)) for kernel in (1, 31))
    assert np.array_equal(sharp, picture)
    assert soft.std() < sharp.std() / 5
    assert soft.mean() == pytest.approx(sharp.mean(), abs=3)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"zoom": 2}, (40, 30, 80, 60)),
        ({"zoom": 2, "position": (1, 0)}, (80, 0, 80, 60)),
        ({"zoom": 2, "fit": "stretch"}, (40, 30, 80, 60)),
        ({"zoom": 4, "position": (0, 1)}, (0, 90, 40, 30)),
    ],
)
def test_a_zoomed_picture_shows_a_part_of_it(
    settings: dict[str, Any], wanted: tuple[int, int, int, int]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    left, top, width, height = wanted
    part = pixels[top : top + height, left : left + width]
    shown = fitted(Picture(pixels, **settings), 60, 80)
    np.testing.assert_array_equal(shown, scaled(part, 60, 80))


def test_a_contained_picture_that_is_zoomed_fills_one_side_first() -> None:
    pixels = np.full((30, 90, 3), 200, np.uint8)
    rows, columns = axes_of(Picture(pixels, "contain", zoom=2), 60, 60)
    assert (rows.first, rows.there) == (10, 40)
    assert (columns.start, columns.length) == (22, 45)


@pytest.mark.parametrize(
    ("settings", "free"),
    [
        ({}, (True, False)),
        ({"fit": "contain"}, (False, True)),
        ({"fit": "stretch"}, (False, False)),
        ({"zoom": 1.5}, (True, True)),
        ({"fit": "stretch", "zoom": 1.5}, (True, True)),
    ],
)
def test_in_which_directions_a_picture_can_be_moved(
    settings: dict[str, Any], free: tuple[bool, bool]
) -> None:
    """Where it can't, another position changes nothing; where it can, it does."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 80, 3), np.uint8)
    assert play(Picture(pixels, **settings), 60, 60) == free
    middle = fitted(Picture(pixels, **settings), 60, 60)
    for axis, place in enumerate([(0.0, 0.5), (0.5, 0.0)]):
        other = fitted(Picture(pixels, **settings, position=place), 60, 60)
        assert (not np.array_equal(middle, other)) == free[axis]


@pytest.mark.parametrize("zoom", [0, 0.9, 8.1, float("nan")])
def test_zooms_that_cannot_be(zoom: float) -> None:
    with pytest.raises(ValueError, match="zoomed 1 to 8 times"):
        Picture(np.zeros((1, 1, 3), np.uint8), zoom=zoom)
