import io
import json
import zipfile
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from compositing.alpha import Edges
from compositing.background import Blur, Colour, Transparent
from compositing.shadow import Shadow
from models.catalog import GRABCUT
from models.interface import Box, Prompt
from photos.cutting import Cut, shrink
from photos.export import (
    FORMATS,
    Format,
    Look,
    archive,
    describe_look,
    encode,
    files_of,
    picture,
    unique,
)
from photos.reading import PhotoError, PhotoFile
from tests.cuts import cut_of, photo_of

RED, WHITE = (200, 20, 20), (255, 255, 255)


def photo_file(*, gps: bool = False) -> PhotoFile:
    return photo_of(np.full((30, 40, 3), RED, np.uint8), gps=gps)


def left_half_cut(photo: PhotoFile, name: str = "grabcut") -> Cut:
    levels = np.zeros((photo.height, photo.width), np.uint8)
    levels[:, : photo.width // 2] = 255
    return cut_of(
        photo,
        levels,
        spec=replace(GRABCUT, name=name),
        prompt=Prompt(boxes=(Box(0, 0, 20, 30),)),
        seconds={"network": 0.25, "edges": 0.05, "load": 3.0},
    )


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_cut_keeps_its_alpha_and_counts_only_its_own_time() -> None:
    cut = left_half_cut(photo_file())
    alpha = cut.alpha()
    assert alpha.dtype == np.float32
    assert alpha.shape == (30, 40)
    assert (alpha[:, :20] == 1).all()
    assert (alpha[:, 20:] == 0).all()
    assert cut.inference == pytest.approx(0.3)


def test_a_colour_goes_behind_and_transparency_stays() -> None:
    cut = left_half_cut(photo_file())
    pixels = cut.photo.pixels()
    replaced = picture(cut, pixels, Look(Colour(0, 0, 255)))
    assert tuple(replaced[15, 2]) == RED
    assert tuple(replaced[15, 38]) == (0, 0, 255)
    cutout = picture(cut, pixels, Look(Transparent()))
    assert tuple(cutout[15, 2]) == (*RED, 255)
    assert cutout[15, 38, 3] == 0


def test_a_mask_is_shown_refined_or_as_it_was() -> None:
    cut = left_half_cut(photo_file())
    rough = bytes(cv2.imencode(".png", np.full((30, 40), 51, np.uint8))[1])
    cut, pixels = replace(cut, rough=rough), cut.photo.pixels()
    looks = Look(Transparent()), Look(Transparent(), refined=False)
    opacities = [picture(cut, pixels, look)[15, 2, 3] for look in looks]
    assert opacities == [255, 51]
    assert [describe_look(look, cut.photo)["refined"] for look in looks] == [True, False]


def test_edges_are_applied_to_files() -> None:
    cut = left_half_cut(photo_file())
    grown = picture(cut, cut.photo.pixels(), Look(Transparent(), Edges(grow=5)))
    assert grown[15, 23, 3] == 255
    assert grown[15, 30, 3] == 0


@pytest.mark.parametrize("format_", FORMATS)
def test_files_carry_exif_without_the_place(format_: Format) -> None:
    photo = photo_file(gps=True)
    image = np.zeros((30, 40, 4), np.uint8)
    kept = opened(encode(image, format_, photo)).getexif()
    assert kept[0x010F] == "Maker"
    assert 0x8825 not in kept
    asked = opened(encode(image, format_, photo, keep_gps=True)).getexif()
    assert asked.get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize(
    ("format_", "mode", "empty"),
    [("PNG", "RGBA", (0, 0, 0, 0)), ("WebP", "RGBA", None), ("JPEG", "RGB", WHITE)],
)
def test_what_is_transparent(format_: Format, mode: str, empty: tuple[int, ...] | None) -> None:
    image = opened(encode(np.zeros((8, 8, 4), np.uint8), format_, photo_file()))
    assert image.mode == mode
    if empty:
        assert image.getpixel((4, 4)) == empty


def test_a_profiled_photo_leaves_with_the_srgb_profile() -> None:
    photo = replace(photo_file(), profiled=True)
    data = opened(encode(photo.pixels(), "JPEG", photo)).info["icc_profile"]
    profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert "icc_profile" not in opened(encode(photo.pixels(), "JPEG", photo_file())).info


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["a", "a", "A"], ["a", "a-2", "A-3"]),
        (["a", "a-2", "a"], ["a", "a-2", "a-3"]),
    ],
)
def test_names_are_told_apart(names: list[str], expected: list[str]) -> None:
    assert unique(names) == expected


def test_a_cut_has_three_files_and_two_when_nothing_goes_behind() -> None:
    cut = left_half_cut(photo_file())
    pixels = cut.photo.pixels()
    blurred = dict(files_of(cut, pixels, Look(Blur(5))))
    assert list(blurred) == ["matte.png", "cutout.png", "blurred.jpg"]
    matte = np.asarray(opened(blurred["matte.png"]))
    assert matte.shape == (30, 40)
    assert (matte[:, :20] == 255).all()
    assert (matte[:, 20:] == 0).all()
    assert list(dict(files_of(cut, pixels, Look(Transparent())))) == ["matte.png", "cutout.png"]


def test_what_is_too_long_for_jpeg_is_packed_as_png() -> None:
    cut = left_half_cut(photo_of(np.full((1, 65_501, 3), RED, np.uint8)))
    with pytest.raises(PhotoError, match="a side of 65501 pixels, and JPEG holds at most 65500"):
        encode(cut.photo.pixels(), "JPEG", cut.photo)
    files = dict(files_of(cut, cut.photo.pixels(), Look(Colour(1, 2, 3))))
    assert opened(files["replaced.png"]).size == (65_501, 1)


def test_an_archive_keeps_photos_of_one_name_apart_and_tells_everything() -> None:
    first, second = photo_file(), photo_file()
    cuts = [left_half_cut(first), left_half_cut(first, "other"), left_half_cut(second)]
    look = Look(Colour(1, 2, 3), light=0.5, shadow=Shadow(0.7))
    pack = zipfile.ZipFile(io.BytesIO(archive(cuts, look)))
    names = set(pack.namelist())
    assert "results.json" in names
    assert {"scene/grabcut_matte.png", "scene/other_cutout.png"} <= names
    assert "scene-2/grabcut_replaced.jpg" in names
    assert len(names) == 10
    told = json.loads(pack.read("results.json"))
    result = told["results"][0]
    background = {"kind": "colour", "red": 1, "green": 2, "blue": 3}
    assert result["settings"]["background"] == background
    assert result["settings"]["light"] == 0.5
    assert result["settings"]["shadow"] == {"strength": 0.7, "softness": 0.5}
    assert result["inference"] == 0.3
    assert result["model"] == "grabcut"
    assert result["device"] == "cpu"
    assert result["seconds"]["network"] == 0.25
    assert result["prompt"]["boxes"] == [{"x0": 0, "y0": 0, "x1": 20, "y1": 30}]
    assert set(result["files"]) <= names


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((3000, 4000, 3), (1200, 1600, 3)), ((10, 20, 3), (10, 20, 3)), ((2, 5000), (1, 1600))],
)
def test_shrinking_for_the_screen(shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert shrink(np.zeros(shape, np.uint8)).shape == expected
