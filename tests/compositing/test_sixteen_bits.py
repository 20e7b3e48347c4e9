"""Photos of 16 bits are composed as those of 8 bits are, and keep what 8 bits can't hold."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from compositing.background import (
    Background,
    Blur,
    Colour,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.colours import Rows
from compositing.compose import compose
from compositing.parts import taken_apart
from compositing.shadow import Shadow

SIDE = 256
BLUE = Colour(9, 60, 200)
BLURS = (Blur(31), Blur(31, "lens"), Blur(31, "inpaint"), Portrait(31))
ALL = (*BLURS, BLUE, Gradient(Colour(1, 2, 3), BLUE), Transparent())


def soft_disc() -> NDArray[np.float32]:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    return np.asarray(np.clip((80 - np.hypot(x, y)) / 12, 0, 1), np.float32)


def every_level() -> NDArray[np.uint16]:
    """All 65536 levels of 16 bits, each in one pixel, in another order for each channel."""
    ramp = np.arange(65536, dtype=np.uint16).reshape(SIDE, SIDE)
    return np.dstack([ramp, ramp.T, ramp[::-1]])


def noise() -> NDArray[np.uint8]:
    coarse = np.random.default_rng(4).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    smooth: Any = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.uint8)


@pytest.mark.parametrize("background", ALL, ids=str)
def test_where_alpha_is_one_every_level_stays(background: Background) -> None:
    photo = every_level()
    whole = compose(photo, np.ones((SIDE, SIDE), np.float32), background)
    assert whole.dtype == np.uint16
    assert np.array_equal(whole[..., :3], photo)
    alpha = soft_disc()
    edged = compose(photo, alpha, background, shadow=Shadow())
    assert np.array_equal(edged[alpha == 1][:, :3], photo[alpha == 1])


@pytest.mark.parametrize("light", [0.0, 0.8])
@pytest.mark.parametrize("background", ALL, ids=str)
def test_what_8_bits_hold_is_composed_alike(background: Background, light: float) -> None:
    """Half a level of 255 is the rounding of 8 bits. Telea's method fills a hole in 8 bits."""
    photo, alpha = noise(), soft_disc()
    told = cv2.GaussianBlur(photo, (0, 0), 3)
    settings: dict[str, Any] = {"light": light, "shadow": Shadow()}
    shallow = compose(photo, alpha, background, foreground=told, **settings)
    wide = photo.astype(np.uint16) * 257
    deep = compose(wide, alpha, background, foreground=told.astype(np.uint16) * 257, **settings)
    seen = shallow[..., -1] > 0 if shallow.shape[2] == 4 else np.ones(alpha.shape, bool)
    apart = np.abs(shallow[seen] - deep[seen] / 257)
    assert apart.max() < (0.55 if shallow.shape[2] == 3 else 1.05)


@pytest.mark.parametrize("fit", ["cover", "contain"])
@pytest.mark.parametrize("kernel", [1, 31])
def test_pictures_behind_have_16_bits_too(fit: Any, kernel: int) -> None:
    photo, alpha = noise(), soft_disc()
    pixels = np.ascontiguousarray(photo[::-1, :200])
    shallow = compose(photo, alpha, Picture(pixels, fit, kernel), light=0.5)
    wide = photo.astype(np.uint16) * 257
    deep = compose(wide, alpha, Picture(pixels.astype(np.uint16) * 257, fit, kernel), light=0.5)
    # OpenCV enlarges and blurs bytes by whole numbers, and rounds in between.
    assert np.abs(shallow - deep / 257).max() < 2
    with pytest.raises(ValueError, match="is of its dtype, uint16; this one is uint8"):
        compose(wide, alpha, Picture(pixels, fit, kernel))


@pytest.mark.parametrize("level", [7, 300, 3727, 6554, 12345, 65535])
@pytest.mark.parametrize("blur", [each for each in BLURS if each != Blur(31, "inpaint")], ids=str)
def test_a_constant_stays_one_when_it_is_blurred(blur: Background, level: int) -> None:
    photo = np.full((SIDE, SIDE, 3), level, np.uint16)
    apart = np.abs(compose(photo, soft_disc(), blur).astype(int) - level)
    assert apart.max() <= 1


@pytest.mark.parametrize("end", [9216, 16384])
@pytest.mark.parametrize("blur", BLURS, ids=str)
def test_a_smooth_ramp_has_no_bands(blur: Background, end: int) -> None:
    """From an eighth of white, where 8 bits would have 4 or 32 levels."""
    ramp = np.linspace(8192, end, SIDE).astype(np.uint16)
    photo = np.ascontiguousarray(np.broadcast_to(ramp[:, None, None], (SIDE, SIDE, 3)))
    blurred = compose(photo, np.zeros((SIDE, SIDE), np.float32), blur)[:, 9, 0]
    inside = blurred[40:-40].astype(int)
    steps = np.diff(inside)
    assert len(np.unique(inside)) > 170
    assert steps.min() > 0
    assert steps.max() < 3 * np.median(steps)


def test_colours_between_the_levels_of_8_bits_are_shown() -> None:
    photo, nobody = every_level(), np.zeros((SIDE, SIDE), np.float32)
    grey = Rows(np.full((1, 1, 3), 100.25, np.float32))
    assert (compose(photo, nobody, grey) == round(100.25 * 257)).all()


def test_layers_are_of_8_bits_alone() -> None:
    with pytest.raises(ValueError, match="uint8"):
        taken_apart(every_level(), soft_disc(), BLUE)
