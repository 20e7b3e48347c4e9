"""Framed pictures: every picture of a cut in the same frame, with nothing missing in it."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from compositing.background import (
    Background,
    Blur,
    Colour,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.floor import Floor
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from photos.cut import Cut
from photos.encoding import Format, encode
from photos.export import files_of, save_cut
from photos.finishing import finished
from photos.look import Look, final_alpha
from photos.lossy import LOWEST_QUALITY
from photos.metadata import Exif
from photos.painting import Painting
from photos.photo import PhotoError
from photos.previews import shrink
from photos.recipe import Recipe
from photos.rendering import Kind, render
from photos.samples import SAMPLES
from tests.cuts import cut_of, photo_of

SUBJECT = Frame("subject", Length(10, True), (200, 300), "bottom")
GREY, BLUE = Colour(128, 128, 128), Colour(0, 0, 255)
PAINTED = Recipe(
    "sea", "", 4, None, 0, "brush", None, "", "MIT", "grabcut", 80, 60, "cpu", "float32", 1.0
)


@pytest.fixture(scope="module")
def cut() -> Cut:
    """A standing red block on a green wall."""
    wall = np.random.default_rng(3).integers(0, 60, (120, 160, 3), np.uint8)
    wall[..., 1] += 150
    wall[30:90, 60:100] = (200, 20, 20)
    levels = np.zeros((120, 160), np.uint8)
    levels[30:90, 60:100] = 255
    return cut_of(photo_of(wall), levels)


def opened(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)))


def reds(picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the block."""
    near = np.abs(picture[..., :3].astype(int) - (200, 20, 20)).max(2) < 40
    if picture.shape[2] == 4:
        near &= picture[..., 3] > 127
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("behind", [Transparent(), BLUE, Gradient(BLUE, GREY)])
def test_matte_cutout_and_composite_fit_over_each_other(cut: Cut, behind: Background) -> None:
    look = Look(behind, frame=SUBJECT)
    matte, cutout, composite = (
        render(cut, look, kind) for kind in ("matte", "cutout", "composite")
    )
    assert matte.shape == (300, 200)
    assert cutout.shape == (300, 200, 4)
    np.testing.assert_array_equal(cutout[..., 3], matte)
    # 160 of 200 pixels are left between the margins, 240 of 300: the block is 40 × 60.
    assert reds(composite) == pytest.approx((20, 30, 180, 270), abs=2)
    inside = cv2.erode(matte, np.ones((9, 9), np.uint8)) == 255
    np.testing.assert_array_equal(composite[inside][:, :3], cutout[inside][:, :3])


def test_a_new_background_fills_the_canvas(cut: Cut) -> None:
    for frame in (SUBJECT, Frame(canvas=(100, 400)), Frame("subject", Length(30, True))):
        flat = render(cut, Look(BLUE, frame=frame))
        outside = render(cut, Look(BLUE, frame=frame), "matte") == 0
        np.testing.assert_array_equal(flat[outside], np.broadcast_to(BLUE.rgb, (outside.sum(), 3)))
        tall = render(cut, Look(Gradient(BLUE, GREY), frame=frame))
        assert tuple(tall[0, 0]) == BLUE.rgb
        assert tuple(tall[-1, 0]) == GREY.rgb
    halves = np.zeros((4, 4, 3), np.uint8)
    halves[:, 2:] = 255
    picture = render(cut, Look(Picture(halves, "stretch"), frame=SUBJECT))
    assert picture[:, 0].max() == 0
    assert picture[:, -1].min() == 255


@pytest.mark.parametrize("canvas", [None, (300, 300), (120, 400)])
@pytest.mark.parametrize("behind", [Transparent(), GREY])
def test_a_crop_keeps_the_whole_shadow(
    cut: Cut, behind: Background, canvas: tuple[int, int] | None
) -> None:
    frame = Frame("subject", canvas=canvas)
    cast = Look(behind, shadow=Shadow(1, 0.8), frame=frame)
    picture = render(cut, cast)
    if picture.shape[2] == 3:
        picture = 128 - picture[..., 1:2]
    shade = picture[..., -1].astype(int)
    edges = np.concatenate([shade[-1], shade[:, 0], shade[:, -1]])
    assert edges.max() <= 5  # of 255: hardly any of it reaches the picture's sides
    assert (shade > 20).sum() > 500
    bare = render(cut, replace(cast, shadow=None))
    assert bare.shape[0] < picture.shape[0] or canvas


@pytest.mark.parametrize("blur", [Blur(9), Portrait(9, Floor(0.2, 0.9))])
def test_beyond_a_blurred_photo_lies_a_copy_of_it_and_that_is_told(
    cut: Cut, blur: Background
) -> None:
    look = Look(blur, frame=Frame("subject", Length(5, True), (100, 400)))
    done = finished(cut, look, "composite", "PNG")
    picture = opened(done.data)
    assert picture.shape == (400, 100, 3)
    # The wall is green wherever one looks, and no place is left black.
    assert picture[0].mean(0)[1] > 100
    assert picture[-1].mean(0)[1] > 100
    assert any("enlarged, blurred copy" in note for note in done.notes)
    within = Look(blur, frame=Frame("subject", Length(5, True), (100, 100)))
    notes = finished(cut, within, "composite", "PNG").notes
    assert not any("copy" in note for note in notes)


def test_a_painting_stays_where_it_was_painted_around_the_subject(cut: Cut) -> None:
    sea = np.zeros((60, 80, 3), np.uint8)
    sea[:, :, 2] = np.arange(80) * 3
    painting = Painting(sea, photo=cut.photo, recipe=PAINTED)
    look = Look(GREY, paintings=(painting,))
    whole = render(cut, look)
    framed = render(cut, replace(look, frame=Frame("subject", Length(10, True))))
    rows, columns = framed.shape[:2]
    left, top, *_ = reds(framed)
    x, y = 60 - left, 30 - top
    np.testing.assert_array_equal(framed, whole[y : y + rows, x : x + columns])


@pytest.mark.parametrize("kind", ["matte", "cutout", "composite"])
@pytest.mark.parametrize("behind", [BLUE, Blur(9)])
def test_a_preview_is_the_picture_made_smaller(cut: Cut, kind: Kind, behind: Background) -> None:
    look = Look(behind, frame=Frame("subject", Length(20, True), (160, 200)))
    full = render(cut, look, kind)
    alpha = final_alpha(cut, look)
    small = render(cut, look, kind, pixels=cut.photo.pixels(), alpha=alpha, side=100)
    assert small.shape[:2] == (100, 80)
    apart = np.abs(shrink(full, 100).astype(int) - small)
    assert apart.mean() < 4
    half = shrink(cut.photo.pixels(), 80), shrink(cut.levels(), 80) * np.float32(1 / 255)
    lesser = render(cut, look, kind, pixels=half[0], alpha=half[1])
    assert max(lesser.shape) == 80


def test_a_photo_s_file_without_a_frame_is_the_same_as_ever(cut: Cut) -> None:
    whole = render(cut, Look(BLUE))
    assert whole.shape == (120, 160, 3)
    np.testing.assert_array_equal(
        whole, render(cut, Look(BLUE, frame=Frame(canvas=(160, 120)))), "the photo's own size"
    )


@pytest.mark.parametrize("format_", ["JPEG", "WebP"])
def test_a_file_has_no_more_kilobytes_and_the_best_quality_that_allows(format_: Format) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (150, 200, 3), np.uint8)
    cut = cut_of(photo_of(cv2.GaussianBlur(noise, (0, 0), 1)), np.full((150, 200), 255, np.uint8))
    usual = len(finished(cut, Look(BLUE), "composite", format_).data)
    most = usual // 2000
    held = finished(cut, Look(BLUE, max_kb=most), "composite", format_)
    assert most * 800 < len(held.data) <= most * 1000
    roomy = finished(cut, Look(BLUE, max_kb=usual), "composite", format_)
    assert usual <= len(roomy.data) < usual + 100  # the recipe tells the limit
    with pytest.raises(PhotoError, match=f"at the lowest quality, {LOWEST_QUALITY}, more than 1"):
        finished(cut, Look(BLUE, max_kb=1), "composite", format_)


def test_it_is_told_that_the_exif_alone_weighs_too_much() -> None:
    """A smaller canvas wouldn't help."""
    story = bytes(Exif().commented("a" * 60_000))
    photo = replace(SAMPLES[2].open(), exif=story)
    with pytest.raises(PhotoError, match=r"needs 6\d kB \(6\d of them EXIF\)"):
        encode(np.zeros((5, 5, 3), np.uint8), "JPEG", photo, max_kb=20)


def test_a_png_that_is_too_heavy_says_so(cut: Cut) -> None:
    notes = finished(cut, Look(BLUE, max_kb=1), "composite", "PNG").notes
    assert any("can't be held to 1: only JPEG and WebP can" in note for note in notes)


def test_files_and_what_is_told_of_them_are_of_the_frame(cut: Cut) -> None:
    look = Look(BLUE, frame=SUBJECT, max_kb=400)
    files: dict[str, bytes] = {}
    told = save_cut(cut, cut.photo.pixels(), look, "a", files.__setitem__)
    assert {opened(file).shape[:2] for file in files.values()} == {(300, 200)}
    assert told["settings"]["max_kb"] == 400
    assert told["settings"]["frame"] == {
        "crop": "subject", "margin": "10%", "canvas": (200, 300), "align": "bottom",
    }  # fmt: skip
    assert any("enlarged 4.00 times" in note for note in told["notes"])
    assert list(dict(files_of(cut, cut.photo.pixels(), look))) == [
        "matte.png", "cutout.png", "replaced.jpg",
    ]  # fmt: skip
