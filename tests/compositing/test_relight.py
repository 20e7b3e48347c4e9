from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import skimage.data

from compositing.background import Background, Blur, Colour, Gradient, Picture, Transparent
from compositing.compose import compose
from compositing.relight import STOPS, TINT, curves

BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


@pytest.fixture
def subject() -> Any:
    """An astronaut, and an alpha around her head and shoulders."""
    photo = skimage.data.astronaut()
    alpha = np.zeros(photo.shape[:2], np.float32)
    alpha[40:450, 100:350] = 1
    alpha[40:450, 90:100] = 0.5
    return photo, alpha


@pytest.mark.parametrize(
    "background",
    [Blur(21), Transparent(), WHITE, Gradient(BLACK, WHITE), Picture(skimage.data.coffee())],
    ids=lambda background: type(background).__name__,
)
def test_none_of_it_is_the_picture_without(subject: Any, background: Background) -> None:
    photo, alpha = subject
    plain = compose(photo, alpha, background)
    assert np.array_equal(compose(photo, alpha, background, light=0), plain)


def test_in_front_of_its_own_photo_nothing_changes(subject: Any) -> None:
    photo, alpha = subject
    result = compose(photo, alpha, Picture(photo), light=1).astype(int)
    assert np.abs(result - compose(photo, alpha, Picture(photo))).max() <= 1


@pytest.mark.parametrize(
    ("background", "brighter"), [(BLACK, False), (WHITE, True), (Gradient(WHITE, WHITE), True)]
)
def test_exposure_follows_the_background_within_limits(
    subject: Any, background: Background, brighter: bool
) -> None:
    photo, alpha = subject
    before, half, after = (
        float(compose(photo, alpha, background, light=light)[alpha == 1].mean())
        for light in (0, 0.5, 1)
    )
    assert after != half != before
    assert sorted([before, half, after], reverse=not brighter) == [before, half, after]
    rows = background.rows(512)  # type: ignore[union-attr]
    tones = curves(photo, alpha, rows, 1)
    middle = np.log2(tones[:, 10] / 10)  # near black sRGB is as good as linear
    assert np.abs(middle).max() <= STOPS + TINT + 0.05


def test_a_warm_background_warms_and_white_stays_below_white(subject: Any) -> None:
    photo, alpha = subject
    tones = curves(photo, alpha, np.full((1, 1, 3), (255, 160, 60), np.float32), 1)
    assert tones[0, 128] > tones[1, 128] > tones[2, 128]
    assert (np.diff(tones) >= 0).all()
    assert tones.min() == 0
    assert tones.max() <= 255


def test_only_the_subject_changes(subject: Any) -> None:
    photo, alpha = subject
    plain, lit = (compose(photo, alpha, BLACK, light=light) for light in (0, 1))
    assert np.array_equal(plain[alpha == 0], lit[alpha == 0])
    tones = np.rint(curves(photo, alpha, BLACK.rows(1), 1))
    expected = np.stack([tones[c][photo[..., c]] for c in range(3)], axis=2)
    assert np.array_equal(lit[alpha == 1], expected[alpha == 1])


def test_a_preview_has_the_same_light(subject: Any) -> None:
    photo, alpha = (np.repeat(np.repeat(array, 3, axis=0), 3, axis=1) for array in subject)
    small_photo, small_alpha = subject
    coffee = skimage.data.coffee()
    full = compose(photo, alpha, Picture(coffee), light=1)[1::3, 1::3]
    preview = compose(small_photo, small_alpha, Picture(coffee), light=1, scale=1 / 3)
    inside = small_alpha == 1
    assert np.abs(preview[inside].astype(int) - full[inside]).max() <= 1


@pytest.mark.parametrize("light", [-0.1, 1.1, float("nan")])
def test_light_that_cannot_be_meant(noise: Callable[..., Any], light: float) -> None:
    with pytest.raises(ValueError, match="light"):
        compose(noise(3, 3, 3), np.zeros((3, 3)), WHITE, light=light)
