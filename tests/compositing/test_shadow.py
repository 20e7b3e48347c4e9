from typing import Any

import cv2
import numpy as np
import pytest

from compositing.background import Background, Colour, Gradient, Picture, Transparent
from compositing.compose import compose
from compositing.shadow import Shadow, shade_of

WHITE = Colour(255, 255, 255)
STRONG = Shadow(1, 0.3)


def standing(height: int = 300, width: int = 400) -> Any:
    """A crate, its lower edge at two thirds of the height."""
    alpha = np.zeros((height, width), np.float32)
    alpha[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3] = 1
    return alpha


def photo_of(alpha: Any) -> Any:
    return np.where(alpha[..., None] > 0.5, (200, 30, 30), (90, 90, 90)).astype(np.uint8)


def test_the_ground_is_darkest_where_the_subject_meets_it() -> None:
    below = shade_of(standing(), STRONG)[200:, 200, 0]
    assert below[0] < 0.5
    assert (np.diff(below) >= 0).all()
    assert below[-1] == pytest.approx(1, abs=0.01)
    assert shade_of(standing(), STRONG)[:90].min() > 0.99


@pytest.mark.parametrize("softness", [0, 0.5, 1])
def test_a_softer_shadow_reaches_farther(softness: float) -> None:
    wider = shade_of(standing(), Shadow(1, softness + 0.3 if softness < 1 else 1))
    assert wider[230, 200, 0] <= shade_of(standing(), Shadow(1, softness))[230, 200, 0]


@pytest.mark.parametrize(
    "background",
    [
        WHITE,
        Gradient(WHITE, Colour(90, 80, 200)),
        Picture(np.full((9, 9, 3), 180, np.uint8)),
        Picture(np.full((9, 9, 3), 180, np.uint8), kernel=51),
    ],
    ids=["colour", "gradient", "picture", "blurred picture"],
)
def test_it_falls_on_the_background_and_never_on_the_subject(background: Background) -> None:
    alpha = standing()
    plain, shaded = (
        compose(photo_of(alpha), alpha, background, shadow=shadow) for shadow in (None, STRONG)
    )
    assert np.array_equal(shaded[alpha == 1], plain[alpha == 1])
    assert (shaded <= plain).all()
    assert shaded[203, 200, 0] < 0.6 * plain[203, 200, 0]
    off = compose(photo_of(alpha), alpha, background, shadow=Shadow(0))
    assert np.array_equal(off, plain)


def test_a_cutout_holds_it_as_translucent_black() -> None:
    alpha = standing()
    alpha[90:100] = 0.4 * alpha[100]
    photo = photo_of(alpha)
    cutout = compose(photo, alpha, Transparent(), shadow=STRONG).astype(np.float32)
    over_white = 255 + (cutout[..., :3] - 255) * cutout[..., 3:] / 255
    assert np.abs(over_white - compose(photo, alpha, WHITE, shadow=STRONG)).max() <= 1.5
    assert np.array_equal(cutout[205, 200, :3], (0, 0, 0))
    assert 100 < cutout[205, 200, 3] < 255


def test_what_the_lower_edge_cuts_off_stands_nowhere() -> None:
    alpha = standing()
    alpha[200:, 150:250] = 1
    assert (shade_of(alpha, STRONG) == 1).all()
    assert (shade_of(np.zeros((30, 40), np.float32), STRONG) == 1).all()


def test_each_object_stands_on_its_own_ground() -> None:
    alpha = np.zeros((300, 400), np.float32)
    alpha[50:150, 50:150] = alpha[100:260, 250:350] = 1
    alpha[20:22, 20:22] = 1  # a crumb of the matte
    shade = shade_of(alpha, STRONG)[..., 0]
    assert shade[152, 100] < 0.6
    assert shade[262, 300] < 0.6
    assert shade[23, 21] == pytest.approx(1, abs=0.01)


def test_a_preview_has_the_same_shadow() -> None:
    alpha = cv2.GaussianBlur(standing(1200, 1600), (0, 0), 3)
    small = cv2.resize(alpha, (400, 300), interpolation=cv2.INTER_AREA)
    photo = np.full((1200, 1600, 3), 90, np.uint8)
    full = compose(photo, alpha, WHITE, shadow=Shadow())
    preview = compose(photo[::4, ::4], small, WHITE, shadow=Shadow(), scale=0.25)
    reduced = cv2.resize(full, (400, 300), interpolation=cv2.INTER_AREA)
    assert np.abs(preview.astype(int) - reduced).mean() < 0.5


@pytest.mark.parametrize("wrong", [(-0.1, 0.5), (1.1, 0.5), (0.5, 2)])
def test_shadows_that_cannot_be_meant(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Shadow(*wrong)
