"""Foreground colours that a network tells: right ones help, wrong ones change nothing."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from benchmarks import degraded
from benchmarks.fidelity import told_edges
from benchmarks.synthetic import SCENES, Scene
from compositing.arrays import Photo
from compositing.background import Blur, Colour, Transparent
from compositing.compose import compose
from compositing.foreground import layers_of
from compositing.told import resized

HEIGHT, WIDTH, SEEN, KERNEL = 192, 288, (144, 192), 15
HAIR, FUR = 0, 4
WRONG = [
    "shifted 4 px", "shifted far", "blurred σ 4", "brighter by 25", "negative", "noise", "grey",
    "the photo", "the background",
]  # fmt: skip


@cache
def scene(number: int) -> Scene:
    name, subject, texture, background = SCENES[number]
    size = HEIGHT, WIDTH
    return Scene(name, texture(*size), background(*size), subject(*size))


@cache
def told(number: int) -> dict[str, Photo]:
    return degraded.colours(scene(number), SEEN)


@cache
def edges(number: int, name: str | None) -> tuple[float, float]:
    return told_edges(scene(number), told(number)[name] if name else None, KERNEL)


@pytest.mark.parametrize(
    ("number", "blurred", "replaced"), [(HAIR, 1.1, 3.3), (FUR, 1.7, 4.3)], ids=["hair", "fur"]
)
def test_the_right_colours_sharpen_the_edge(number: int, blurred: float, replaced: float) -> None:
    """In dB, three tenths below what is reached. A shift by a pixel of the network's gains nothing,
    and half of the pull a good deal less."""
    gains = np.subtract(edges(number, "exact"), edges(number, None))
    assert gains[0] > blurred
    assert gains[1] > replaced


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("number", [HAIR, FUR], ids=["hair", "fur"])
def test_wrong_colours_do_no_harm(number: int, name: str) -> None:
    loss = np.subtract(edges(number, None), edges(number, name))
    assert loss.max() <= 0.1


def test_all_that_is_degraded_is_tried() -> None:
    assert set(told(HAIR)) == {"exact", *WRONG}


def test_colours_that_are_wrong_along_the_edge_alone_do_little_harm() -> None:
    """The photo shows them right where alpha is 1. Believed, they'd cost 5 dB."""
    right, alpha = told(FUR)["exact"], resized_alpha(FUR)
    wrong = np.where(alpha[..., None] > 0.9, right, 128).astype(np.uint8)
    found = told_edges(scene(FUR), wrong, KERNEL)
    assert np.subtract(edges(FUR, None), found).max() <= 1


def resized_alpha(number: int) -> np.ndarray:
    levels = np.rint(scene(number).alpha * 255).astype(np.uint8)[..., None].repeat(3, 2)
    large = resized(levels, SEEN[::-1], 1)
    return large[..., 0] / 255


@pytest.mark.parametrize("size", [(37, 50), (1001, 1403), (600, 4097), (3, 2100), (1, 1)])
def test_colours_lie_where_the_photo_has_them(size: tuple[int, int]) -> None:
    """Told where in the photo each of the network's pixels lies, blocks know where they are, to a
    third of a block. At the borders the network's outermost pixels are repeated."""
    side = layers_of(np.zeros((*size, 3), np.uint8), np.ones(size, np.float32)).side
    places = [
        (np.arange(each) + 0.5) / each * length for each, length in ((96, size[0]), (72, size[1]))
    ]
    told: Any = np.stack(np.broadcast_arrays(places[0][:, None], places[1], 0), 2)
    laid = resized(told, size, side)
    assert laid.shape == (-(-size[0] // side), -(-size[1] // side), 3)
    for axis, (length, count) in enumerate(zip(size, (96, 72), strict=True)):
        centres = (np.arange(laid.shape[axis]) + 0.5) * side
        inside = abs(centres - length / 2) < length / 2 * (1 - 1 / count) - side
        found = laid[..., axis].mean(axis=1 - axis)
        assert np.abs(found - centres)[inside].max(initial=0) < 0.34 * side


def test_without_anything_to_show_them_they_are_left_alone() -> None:
    """A veil alone is nowhere opaque."""
    alpha = scene(HAIR).alpha * np.float32(0.8)
    plain = layers_of(scene(HAIR).photo, alpha).colours
    given = layers_of(scene(HAIR).photo, alpha, told(HAIR)["exact"]).colours
    np.testing.assert_array_equal(given, plain)


def test_they_count_in_cutouts_too_and_behind_the_photos_own_pixels() -> None:
    photo, alpha, right = scene(FUR).photo, scene(FUR).alpha, told(FUR)["exact"]

    def differs(background: object, **how: bool) -> bool:
        without = compose(photo, alpha, background, **how)  # type: ignore[arg-type]
        return bool((compose(photo, alpha, background, foreground=right, **how) != without).any())  # type: ignore[arg-type]

    assert differs(Transparent())
    assert differs(Blur(KERNEL, "lens"))
    assert differs(Blur(KERNEL), unmix=False)  # the background behind it is still un-mixed
    assert not differs(Blur(KERNEL, "inpaint"))
    assert not differs(Colour(9, 9, 9), unmix=False)


def test_colours_that_are_no_picture_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        compose(
            scene(FUR).photo, scene(FUR).alpha, Colour(9, 9, 9),
            foreground=np.zeros((4, 5, 2), np.uint8),
        )  # fmt: skip
