"""A subject elsewhere on its new background: in all pictures of a cut alike, as its own layer."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from compositing.background import Background, Blur, Colour, Gradient, Picture, Transparent
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.cut import Cut
from photos.finishing import finished
from photos.framing import notes_of
from photos.layered import layers_of
from photos.look import Look, final_alpha
from photos.packed import packed_colours
from photos.painting import Painting
from photos.previews import shrink
from photos.reading import open_photo
from photos.rendering import Kind, render
from tests.cuts import cut_of, photo_of
from tests.photos.test_framing import BLUE, GREY, PAINTED, reds
from tests.pictures import deep_png

KINDS: tuple[Kind, ...] = ("matte", "cutout", "composite")


@pytest.fixture(scope="module")
def cut() -> Cut:
    """A standing red block with soft edges on a green wall, mixed with the wall's colours."""
    wall = np.zeros((120, 160, 3), np.float32)
    wall[...] = (40, 160, 40)
    alpha = np.zeros((120, 160), np.float32)
    alpha[30:90, 60:100] = 1
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.5)
    mixed = wall + (np.array((200, 20, 20), np.float32) - wall) * alpha[..., None]
    return cut_of(photo_of(np.rint(mixed).astype(np.uint8)), np.rint(alpha * 255).astype(np.uint8))


def behinds() -> list[Background]:
    sea = np.random.default_rng(2).integers(0, 256, (90, 90, 3), np.uint8)
    return [BLUE, Gradient(BLUE, GREY), Picture(sea, "contain", 5), Transparent()]


@pytest.mark.parametrize("behind", behinds(), ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("frame", [None, Frame(canvas=(150, 200))])
def test_one_that_stays_is_as_it_was_to_the_byte(
    cut: Cut, behind: Background, frame: Frame | None
) -> None:
    look = Look(behind, light=0.4, shadow=Shadow(), frame=frame)
    for kind in KINDS:
        one, other = render(cut, look, kind), render(cut, replace(look, stand=Stand()), kind)
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("by", [(16, 0), (-40, 12), (7, -20)])
def test_a_move_by_whole_pixels_is_exact(cut: Cut, by: tuple[int, int]) -> None:
    stand = Stand(by[0] / 160, by[1] / 120)
    for kind in KINDS[:2]:
        before = render(cut, Look(Transparent()), kind)
        after = render(cut, Look(Transparent(), stand=stand), kind)
        np.testing.assert_array_equal(after, np.roll(before, by[::-1], (0, 1)))
    before = render(cut, Look(BLUE))
    after = render(cut, Look(BLUE, stand=stand))
    apart = np.abs(after.astype(int) - np.roll(before, by[::-1], (0, 1)))
    assert apart.max() <= 1  # the layer's colours are rounded before they are laid over


@pytest.mark.parametrize("scale", [0.5, 1.25])
@pytest.mark.parametrize("behind", behinds(), ids=lambda each: type(each).__name__)
def test_the_old_background_is_not_carried_along(
    cut: Cut, behind: Background, scale: float
) -> None:
    picture = render(cut, Look(Transparent(), stand=Stand(0.1, -0.1, scale)), "cutout")
    edge = (picture[..., 3] > 30) & (picture[..., 3] < 225)
    assert edge.any()
    assert (picture[edge][:, 1] < 60).all()  # no green of the wall
    left, top, right, bottom = reds(render(cut, Look(behind, stand=Stand(0.1, -0.1, scale))))
    assert (left + right) / 2 == pytest.approx(80 + 16, abs=2)
    assert bottom == pytest.approx(90 - 12, abs=3)
    assert bottom - top == pytest.approx(60 * scale, abs=4)


@pytest.mark.parametrize("frame", [None, Frame(canvas=(320, 240))])
def test_all_pictures_of_a_cut_fit_over_each_other_and_their_previews(
    cut: Cut, frame: Frame | None
) -> None:
    look = Look(BLUE, stand=Stand(0.2, -0.1, 0.7), frame=frame)
    matte, cutout, composite = (render(cut, look, kind) for kind in KINDS)
    assert np.abs(cutout[..., 3].astype(int) - matte).max() <= 1  # a half is rounded up or to even
    inside = cv2.erode(matte, np.ones((5, 5), np.uint8)) == 255
    np.testing.assert_array_equal(composite[inside], cutout[inside][:, :3])
    side = max(composite.shape) // 2
    alpha = shrink(cut.levels(), 80) * np.float32(1 / 255)
    small = render(cut, look, pixels=shrink(cut.photo.pixels(), 80), alpha=alpha, side=side)
    assert max(small.shape) == side
    twice = tuple(2 * each for each in reds(small))
    assert twice == pytest.approx(reds(composite), abs=4)


def test_the_shadow_goes_along(cut: Cut) -> None:
    white = Colour(255, 255, 255)
    look = Look(white, shadow=Shadow(0.9), stand=Stand(0.2, -0.2))
    here, there = _shade(render(cut, replace(look, stand=None))), _shade(render(cut, look))
    assert there[0] - here[0] == pytest.approx(32, abs=1.5)
    assert there[1] - here[1] == pytest.approx(-24, abs=1.5)


def _shade(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Where the shadow's middle is: it's grey, and what stands there is red."""
    grey = (np.ptp(picture, axis=2) < 8) & (picture[..., 0] < 250)
    rows, columns = np.nonzero(grey)
    return float(columns.mean()), float(rows.mean())


def test_on_what_was_painted_too(cut: Cut) -> None:
    pixels = np.full((60, 80, 3), (0, 90, 160), np.uint8)
    painting = Painting(pixels, "stretch", photo=cut.photo, recipe=PAINTED)
    look = Look(Transparent(), paintings=(painting,), stand=Stand(0.25))
    picture = render(cut, look)
    assert reds(picture) == pytest.approx((100, 30, 140, 90), abs=2)
    np.testing.assert_array_equal(picture[60, 80], (0, 90, 160))
    framed = render(cut, replace(look, frame=Frame(canvas=(160, 240))))
    assert reds(framed) == pytest.approx((100, 90, 140, 150), abs=3)


def test_its_layers_make_the_same_picture(cut: Cut) -> None:
    look = Look(BLUE, stand=Stand(-0.2, 0.05, 0.8))
    photo, behind, subject = layers_of(cut, look)
    assert subject.mask is not None
    np.testing.assert_array_equal(photo.colours, cut.photo.pixels())
    alpha = subject.mask[..., None] / np.float32(255)
    laid = subject.colours * alpha + behind.colours * (1 - alpha)
    assert np.abs(laid - render(cut, look)).max() <= 2


def test_a_frame_that_follows_the_subject_says_that_it_does(cut: Cut) -> None:
    frame = Frame("subject", Length(10, True), (200, 300))
    look = Look(BLUE, frame=frame, stand=Stand(0.2, scale=0.5))
    np.testing.assert_array_equal(render(cut, look), render(cut, replace(look, stand=None)))
    told = notes_of(cut, look, final_alpha(cut, look))
    assert "where that was put changes nothing" in told[-1]


def test_what_is_to_be_known_comes_with_the_file(cut: Cut) -> None:
    look = Look(BLUE, stand=Stand(scale=1.5))
    assert finished(cut, look, "composite", "JPEG").notes == (
        "“scene.jpg”: The subject was enlarged 1.50 times: it will look soft.",
    )


def test_before_its_own_background_it_stays() -> None:
    with pytest.raises(ValueError, match="on a new background"):
        Look(Blur(51), stand=Stand(0.1))
    assert Look(Blur(51), stand=Stand()).stand == Stand()


def test_without_a_subject_there_is_nothing_to_move(cut: Cut) -> None:
    nobody = cut_of(cut.photo, np.zeros((120, 160), np.uint8))
    look = Look(BLUE, stand=Stand(0.5, scale=0.5))
    assert (render(nobody, look) == BLUE.rgb).all()


@pytest.mark.parametrize("scale", [1, 0.5])
@pytest.mark.parametrize("behind", behinds(), ids=lambda each: type(each).__name__)
def test_with_16_bits_it_stands_at_the_same_place(
    cut: Cut, behind: Background, scale: float
) -> None:
    values = cut.photo.pixels() * np.uint16(257)
    deep = cut_of(open_photo(deep_png(values), "deep.png"), cut.levels())
    look = Look(behind, stand=Stand(0.25, 0.1, scale))
    fine, coarse = render(deep, look, pixels=deep.photo.deep()), render(deep, look)
    assert fine.dtype == np.uint16
    seen = coarse[..., 3:] > 30 if coarse.shape[2] == 4 else True  # thin colours are rounded more
    assert (np.abs(fine / 257 - coarse) * seen).max() <= 3


@pytest.mark.parametrize("scale", [1, 0.5])
@pytest.mark.parametrize("frame", [None, Frame(canvas=(160, 240))])
def test_it_takes_the_new_light_as_where_it_stood(
    cut: Cut, scale: float, frame: Frame | None
) -> None:
    """Its old light is that of the wall around it, wherever it is put."""
    look = Look(GREY, light=1, stand=Stand(0.2, -0.1, scale), frame=frame)
    foot = cut.photo.width // 2, 88  # which stays where it is when it's scaled, and then is moved
    y = foot[1] + (60 if frame else 0)
    here, there = render(cut, replace(look, stand=None)), render(cut, look)
    apart = here[y - 4, foot[0]].astype(int) - there[y - 12 - 4, foot[0] + 32]
    assert np.abs(apart).max() <= 2
    subject = layers_of(cut, look)[-1]
    np.testing.assert_array_equal(subject.colours[y - 16, foot[0] + 32], there[y - 16, 112])


def test_with_16_bits_a_networks_colours_go_along() -> None:
    """Where a soft edge is wide, what the network tells of its colours is seen."""
    rng = np.random.default_rng(3)
    alpha = np.zeros((120, 160), np.float32)
    alpha[20:100, 60:100] = 1
    alpha = cv2.GaussianBlur(alpha, (0, 0), 9)
    front = np.where(rng.random((120, 160, 1)) < 0.5, (220, 30, 30), (30, 30, 220)).astype(
        np.float32
    )
    front = cv2.GaussianBlur(front, (0, 0), 3)
    behind = np.array((40, 160, 40), np.float32)
    mixed = np.rint(behind + (front - behind) * alpha[..., None]).astype(np.uint8)
    told = packed_colours(np.rint(front).astype(np.uint8))
    levels = np.rint(alpha * 255).astype(np.uint8)
    deep = cut_of(
        open_photo(deep_png(mixed * np.uint16(257)), "deep.png"), levels, packed_foreground=told
    )
    look = Look(BLUE, stand=Stand(0.1))
    coarse = render(deep, look).astype(int)
    plain = render(replace(deep, packed_foreground=None), look)
    assert np.abs(plain - coarse).max() > 8  # else this shows nothing
    assert np.abs(render(deep, look, pixels=deep.photo.deep()) / 257 - coarse).max() <= 3
