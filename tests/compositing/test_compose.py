from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compositing import blur
from compositing import compose as composing
from compositing.background import (
    Background,
    Blur,
    BlurMethod,
    Colour,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.compose import compose
from compositing.floor import Floor
from compositing.shadow import Shadow

METHODS: tuple[BlurMethod, ...] = ("unmix", "inpaint", "lens")
BLUE = Colour(0, 0, 255)
BACKGROUNDS: list[Background] = [
    *(Blur(21, method) for method in METHODS),
    Portrait(21),
    BLUE,
    Gradient(BLUE, Colour(255, 255, 255)),
    Picture(np.full((5, 9, 3), 77, np.uint8)),
    Transparent(),
]


@pytest.mark.parametrize("method", METHODS)
def test_kernel_1_is_the_photo_itself(noise: Callable[..., Any], method: BlurMethod) -> None:
    photo = noise(31, 47, 3)
    alpha = noise(31, 47).astype(np.float32) / 255
    result = compose(photo, alpha, Blur(1, method))
    assert np.array_equal(result, photo)
    assert result is not photo


@pytest.mark.parametrize("background", BACKGROUNDS, ids=repr)
def test_where_alpha_is_one_the_pixel_is_the_photos(
    noise: Callable[..., Any], background: Background
) -> None:
    photo = noise(300, 410, 3)
    alpha = np.zeros((300, 410), np.float32)
    alpha[60:200, 100:300] = 1
    alpha[50:60, 100:300] = 0.4
    result = compose(photo, alpha, background)
    assert np.array_equal(result[..., :3][alpha == 1], photo[alpha == 1])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kernel", [3, 51, 301, 2001])
def test_a_constant_photo_stays_constant(method: BlurMethod, kernel: int) -> None:
    photo = np.full((130, 257, 3), (17, 130, 255), np.uint8)
    alpha = np.zeros((130, 257), np.float32)
    alpha[40:90, 80:160] = np.linspace(0, 1, 80)
    result = compose(photo, alpha, Blur(kernel, method)).astype(int)
    # OpenCV's Telea itself turns a constant 17 into up to 19.
    assert np.abs(result - photo).max() <= (2 if method == "inpaint" else 0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kernel", [3, 21, 51, 151, 2001])
@pytest.mark.parametrize("size", [(64, 64), (301, 403), (1100, 760)], ids=repr)
def test_nothing_of_the_subject_is_left_in_the_background(
    red_on_grey: Callable[[int, int], Any], method: BlurMethod, kernel: int, size: tuple[int, int]
) -> None:
    photo, alpha = red_on_grey(*size)
    result = compose(photo, alpha, Blur(kernel, method)).astype(int)
    outside = result[alpha < 0.002]
    assert np.abs(outside - 128).max() <= 2


def test_a_replaced_background_leaves_no_trace_in_the_edge(
    red_on_grey: Callable[[int, int], Any],
) -> None:
    photo, alpha = red_on_grey(301, 403)
    ideal = alpha[..., None] * (255, 0, 0) + (1 - alpha[..., None]) * BLUE.rgb
    assert np.abs(compose(photo, alpha, BLUE) - ideal).max() <= 3
    assert np.abs(compose(photo, alpha, BLUE, unmix=False) - ideal).max() > 25


def test_a_cutout_holds_the_subjects_own_colours(red_on_grey: Callable[[int, int], Any]) -> None:
    photo, alpha = red_on_grey(301, 403)
    result = compose(photo, alpha, Transparent())
    assert np.array_equal(result[..., 3], np.rint(alpha * 255))
    assert np.abs(result[..., :3][alpha > 0.1].astype(int) - (255, 0, 0)).max() <= 12
    assert not result[alpha < 0.001].any()


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        (Colour(1, 2, 3), [[1, 2, 3], [1, 2, 3], [1, 2, 3]]),
        (Gradient(Colour(0, 0, 0), Colour(10, 20, 40)), [[0, 0, 0], [5, 10, 20], [10, 20, 40]]),
        (Picture(np.full((3, 2, 3), 9, np.uint8)), [[9, 9, 9], [9, 9, 9], [9, 9, 9]]),
    ],
    ids=repr,
)
def test_an_empty_alpha_shows_the_background_alone(
    background: Background, expected: list[list[int]]
) -> None:
    photo = np.full((3, 2, 3), 200, np.uint8)
    result = compose(photo, np.zeros((3, 2), np.float32), background)
    assert np.array_equal(result, np.repeat(np.array(expected)[:, None], 2, axis=1))


def test_half_an_alpha_rounds_to_the_nearest() -> None:
    photo, alpha = np.full((1, 1, 3), 4, np.uint8), np.full((1, 1), 0.5, np.float32)
    result = compose(photo, alpha, Colour(1, 1, 1), unmix=False)
    assert result.tolist() == [[[3, 3, 3]]]  # 2.5 goes up


def test_inpaint_blurs_a_photo_without_a_subject_whole(noise: Callable[..., Any]) -> None:
    photo = noise(64, 64, 3)
    nobody = compose(photo, np.full((64, 64), 0.1, np.float32), Blur(21, "inpaint"))
    assert np.array_equal(nobody, compose(photo, np.zeros((64, 64)), Blur(21, "inpaint")))
    assert nobody.std() < photo.std() / 4


@pytest.mark.parametrize(("size", "left"), [((1000, 1000), 8), ((3000, 2000), 11)])
def test_inpaint_does_not_paint_with_what_is_too_little_to_see(
    size: tuple[int, int], left: int
) -> None:
    """Black would come of it: nothing to paint with is left at the size at which it's painted."""
    photo, alpha = np.full((*size, 3), 200, np.uint8), np.ones(size, np.float32)
    alpha[:left, :left] = 0
    assert compose(photo, alpha, Blur(51, "inpaint")).min() >= 199


def test_a_preview_looks_like_the_full_size(red_on_grey: Callable[[int, int], Any]) -> None:
    photo, alpha = red_on_grey(800, 1200)
    photo[:, ::40] = 255  # something to blur
    full = compose(photo, alpha, Blur(51))
    small_photo = photo.reshape(200, 4, 300, 4, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    small_alpha = alpha.reshape(200, 4, 300, 4).mean(axis=(1, 3))
    preview = compose(small_photo, small_alpha, Blur(51), scale=0.25)
    reduced = full.reshape(200, 4, 300, 4, 3).mean(axis=(1, 3))
    assert np.abs(preview - reduced).mean() < 0.7


@pytest.mark.parametrize(
    ("photo", "raises"),
    [
        (np.full((4, 5), 90, np.uint8), nullcontext()),
        (np.full((4, 5, 1), 90, np.uint8), nullcontext()),
        (np.full((4, 5, 3), 90, np.uint8), nullcontext()),
        (np.full((4, 5, 4), (90, 90, 90, 255), np.uint8), nullcontext()),
        (np.full((4, 5, 2), 90, np.uint8), pytest.raises(ValueError, match="shape")),
        (np.full((4, 5, 3), 90.0), pytest.raises(ValueError, match="uint8")),
        (np.full((5, 4, 3), 90, np.uint8), pytest.raises(ValueError, match=r"4 × 5.*5 × 4")),
        (np.empty((0, 5, 3), np.uint8), pytest.raises(ValueError, match="at least one")),
    ],
)
def test_photos_that_are_taken(photo: Any, raises: AbstractContextManager[Any]) -> None:
    with raises:
        result = compose(photo, np.ones((4, 5), np.float32), BLUE)
        assert np.array_equal(result, np.full((4, 5, 3), 90))


@pytest.mark.parametrize(
    ("alpha", "raises"),
    [
        (np.ones((4, 5), np.float64), nullcontext()),
        (np.ones((4, 5), np.bool), nullcontext()),
        (np.full((4, 5), 255, np.uint8), nullcontext()),
        (np.ones((4, 5, 1), np.float32), nullcontext()),
        (np.full((4, 5), 1.000001), nullcontext()),
        (np.full((4, 5), 1.01), pytest.raises(ValueError, match="between 0 and 1")),
        (np.full((4, 5), np.nan), pytest.raises(ValueError, match="between 0 and 1")),
        (np.ones((4, 5), np.int64), pytest.raises(ValueError, match="int64")),
        (np.ones((4, 5, 3)), pytest.raises(ValueError, match="shape")),
    ],
)
def test_alphas_that_are_taken(alpha: Any, raises: AbstractContextManager[Any]) -> None:
    with raises:
        photo = np.full((4, 5, 3), 90, np.uint8)
        assert np.array_equal(compose(photo, alpha, BLUE), photo)


@pytest.mark.parametrize(
    ("background", "options"),
    [
        (Blur(11, "inpaint"), {}),
        (Blur(11, "lens"), {}),
        (Picture(np.full((5, 9, 3), 77, np.uint8), kernel=5), {"shadow": Shadow(), "light": 1}),
    ],
    ids=["inpaint", "lens", "blurred picture"],
)
def test_bands_join_without_a_seam(
    noise: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    background: Background,
    options: dict[str, Any],
) -> None:
    photo = noise(300, 410, 3)
    alpha = np.zeros((300, 410), np.float32)
    alpha[60:200, 100:300] = 0.9
    whole = compose(photo, alpha, background, **options)
    monkeypatch.setattr(composing, "BAND", 10 * 410)
    assert np.abs(compose(photo, alpha, background, **options).astype(int) - whole).max() <= 1


def test_painting_over_at_half_the_size_looks_the_same(
    noise: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = cv2.GaussianBlur(noise(300, 410, 3), (0, 0), 9)
    alpha = np.zeros((300, 410), np.float32)
    alpha[60:200, 100:300] = 1
    whole = compose(photo, alpha, Blur(5, "inpaint")).astype(int)
    monkeypatch.setattr(blur, "LONGEST", 250)
    half = compose(photo, alpha, Blur(5, "inpaint"))
    assert np.abs(half - whole).max() <= 6
    assert np.abs(half - whole).mean() < 0.1


@pytest.mark.parametrize("scale", [0, -1, 1.5, float("nan")])
def test_a_scale_that_cannot_be_meant(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        compose(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2)), BLUE, scale=scale)


def test_inputs_are_left_alone_and_may_be_read_only(noise: Callable[..., Any]) -> None:
    photo, alpha = noise(40, 50, 3), noise(40, 50).astype(np.float32) / 255
    before = photo.copy(), alpha.copy()
    photo.flags.writeable = alpha.flags.writeable = False
    for background in BACKGROUNDS:
        compose(photo, alpha, background)
        compose(np.asfortranarray(photo)[::2, ::2], alpha[::2, ::2], background)
    assert np.array_equal(photo, before[0])
    assert np.array_equal(alpha, before[1])


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    background=st.sampled_from(
        [
            *BACKGROUNDS,
            Portrait(2001, Floor(0.2, 0.7)),
            *(Blur(k, method) for k in (301, 2001) for method in METHODS),
        ]
    ),
    scale=st.floats(0.05, 1),
    unmix=st.booleans(),
    light=st.sampled_from([0, 0.7]),
    shadow=st.sampled_from([None, Shadow(), Shadow(1, 0)]),
    seed=st.integers(0, 9),
)
def test_any_size_down_to_one_pixel(
    height: int,
    width: int,
    background: Background,
    scale: float,
    unmix: bool,
    light: float,
    shadow: Shadow | None,
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    photo = random.integers(0, 256, (height, width, 3), np.uint8)
    alpha = random.choice(np.array([0, 0.3, 0.8, 1], np.float32), (height, width))
    result = compose(photo, alpha, background, scale=scale, unmix=unmix, light=light, shadow=shadow)
    channels = 4 if isinstance(background, Transparent) else 3
    assert result.shape == (height, width, channels)
    assert result.dtype == np.uint8
    own = isinstance(background, Blur | Transparent) or not light
    if own and not isinstance(background, Portrait):  # whose near floor may be spread over all
        assert np.array_equal(result[..., :3][alpha == 1], photo[alpha == 1])
