import io
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from photos.encoding import FORMATS, Format, encode
from photos.photo import PhotoError
from photos.reading import open_photo
from photos.saving import save
from tests.cuts import red_photo
from tests.exif import long_comment

ALL: tuple[Format, ...] = (*FORMATS, "TIFF")

WHITE = (255, 255, 255)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("format_", ALL)
def test_files_carry_exif_without_the_place(format_: Format) -> None:
    photo = red_photo(gps=True)
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
    image = opened(encode(np.zeros((8, 8, 4), np.uint8), format_, red_photo()))
    assert image.mode == mode
    if empty:
        assert image.getpixel((4, 4)) == empty


def test_a_profiled_photo_leaves_with_the_srgb_profile() -> None:
    photo = replace(red_photo(), profiled=True)
    data = opened(encode(photo.pixels(), "JPEG", photo)).info["icc_profile"]
    profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert "icc_profile" not in opened(encode(photo.pixels(), "JPEG", red_photo())).info


def test_a_profile_has_a_fixed_date_so_that_equal_pictures_are_equal_files() -> None:
    photo = replace(red_photo(), profiled=True)
    profile = opened(encode(photo.pixels(), "PNG", photo)).info["icc_profile"]
    assert struct.unpack(">6H", profile[24:36]) == (1999, 10, 18, 0, 0, 0)
    image = Image.new("RGB", (2, 2), (10, 200, 30))
    same = ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"))
    assert same is not None
    assert same.getpixel((0, 0)) == (10, 200, 30)


@pytest.mark.parametrize("format_", ALL)
@pytest.mark.parametrize(("channels", "coloured"), [(0, False), (2, False), (3, True), (4, True)])
def test_a_profile_of_colours_is_only_on_colours(
    format_: Format, channels: int, coloured: bool
) -> None:
    photo = replace(red_photo(), profiled=True)
    shape = (30, 40, channels) if channels else (30, 40)
    image = opened(encode(np.full(shape, 200, np.uint8), format_, photo))
    assert ("icc_profile" in image.info) is coloured


@pytest.mark.parametrize("shape", [(1, 1), (7, 1), (1, 9, 3), (37, 91, 4), (5, 6, 2)])
def test_a_png_holds_all_that_is_told_and_every_pixel(shape: tuple[int, ...]) -> None:
    photo = replace(red_photo(), profiled=True, dpi=(300.0, 150.0))
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    file = opened(encode(image, "PNG", photo, recipe='{"recipe": 1}'))
    file.load()
    expected = image if shape[2:] != (2,) else image[..., [0, 0, 0, 1]]
    np.testing.assert_array_equal(np.asarray(file), expected)
    assert [round(each) for each in file.info["dpi"]] == [300, 150]
    assert file.info["Recipe"] == '{"recipe": 1}'
    assert file.getexif()[0x010F] == "Maker"
    assert ("icc_profile" in file.info) is (len(shape) == 3 and shape[2] > 2)


def test_transparent_grey_turns_white_too() -> None:
    grey = np.zeros((30, 40, 2), np.uint8)
    grey[:, :20] = 90, 255
    image = opened(encode(grey, "JPEG", red_photo()))
    assert image.mode == "L"
    np.testing.assert_allclose(np.asarray(image)[4, [4, 30]], [90, 255], atol=2)


def test_what_a_saved_picture_lost_is_said(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG", exif=long_comment())
    photo = open_photo(file.getvalue(), "long.png")
    told = save(photo.pixels(), tmp_path / "a.jpg", photo)
    assert told is not None
    assert "Left out: UserComment." in told
    assert save(photo.pixels(), str(tmp_path / "a.PNG"), photo) is None
    with pytest.raises(PhotoError, match=r"should end in one of \.png"):
        save(photo.pixels(), tmp_path / "a.bmp", photo)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.PNG", "a.jpg"]


def test_a_picture_made_of_a_result_doesnt_keep_the_results_recipe() -> None:
    """Else it would tell of another picture, and how to make that."""
    first = encode(red_photo().pixels(), "JPEG", red_photo(), recipe='{"recipe": 1, "made": "x"}')
    again = open_photo(first, "result.jpg")
    assert b'"recipe"' in again.exif
    assert b'"recipe"' not in encode(again.pixels(), "JPEG", again)
    said = encode(again.pixels(), "WebP", again, recipe='{"recipe": 1, "made": "y"}')
    assert b'"made": "y"' in open_photo(said, "new.webp").exif
