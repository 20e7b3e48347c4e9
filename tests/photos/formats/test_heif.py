"""HEIF and AVIF: which of their pictures, under which name."""

import io
import struct
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from photos.photo import PhotoError
from photos.reading import open_photo
from tests.pictures import left_red_right_blue, plain, saved


def container(*pictures: Image.Image, primary: int) -> bytes:
    made = io.BytesIO()
    heif: Any = pillow_heif  # its annotations are partial
    file = heif.HeifFile()
    for picture in pictures:
        file.add_from_pillow(picture)
    file.save(made, quality=95, primary_index=primary)
    return made.getvalue()


@pytest.mark.parametrize("primary", [0, 1, 2])
def test_of_several_pictures_the_primary_one_is_the_photo(primary: int) -> None:
    shades = (40, 120, 200)
    sizes = ((64, 48), (128, 96), (96, 64))
    pictures = [
        Image.new("RGB", size, (shade,) * 3) for size, shade in zip(sizes, shades, strict=True)
    ]
    photo = open_photo(container(*pictures, primary=primary), "a.heic")
    assert (photo.width, photo.height) == sizes[primary]
    assert np.abs(photo.pixels().astype(int) - shades[primary]).max() <= 3


@pytest.mark.parametrize("format_", ["HEIF", "AVIF"])
@pytest.mark.parametrize("brand", [b"mif1", b"miaf", b"heif", b"MiHE", b"1pic", b"msf1"])
def test_its_first_name_may_be_any_of_the_family(format_: str, brand: bytes) -> None:
    """What is in it decides who decodes it."""
    data = saved(left_red_right_blue(), format_, quality=95)
    pixels = open_photo(data[:8] + brand + data[12:], "a").pixels()
    assert np.abs(pixels.astype(int) - np.asarray(left_red_right_blue())).max() <= 60
    assert np.abs(pixels[4, 4].astype(int) - (200, 30, 30)).max() <= 6


@pytest.mark.parametrize("depth", [8, 10, 12])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_all_depths_are_read(mode: str, depth: int) -> None:
    pillow_heif.options.SAVE_HDR_TO_12_BIT = depth == 12
    try:
        values = np.full((32, 32, len(mode)), 200 * 257, np.uint16)
        name = {"RGB": "RGB;16", "RGBA": "RGBA;16", "L": "L;16"}[mode]
        held = values if depth > 8 else values.astype(np.uint8)
        image = pillow_heif.from_bytes(name if depth > 8 else mode, (32, 32), held.tobytes())
        made = io.BytesIO()
        image.save(made, quality=95)
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    photo = open_photo(made.getvalue(), "a.heic")
    assert photo.transparent is (mode == "RGBA")
    alpha = photo.alpha()
    if alpha is None:
        assert np.abs(photo.pixels().astype(int) - 200).max() <= 2
    else:
        assert np.abs(alpha * 255 - 200).max() <= 2


def test_a_coding_without_a_decoder_is_told_as_that() -> None:
    """A container by the name of HEIC, of which the pictures are coded as VVC."""
    data = saved(plain((9, 9, 9)), "HEIF")
    with pytest.raises(PhotoError, match="a coding that can't be read here"):
        open_photo(data.replace(b"hvc1", b"vvc1"), "a.heic")


@pytest.mark.parametrize("format_", ["HEIF", "AVIF"])
@pytest.mark.parametrize("words", [b'tiff:Orientation="6"', b"<tiff:Orientation>6"])
def test_a_rotation_is_applied_once(format_: str, words: bytes) -> None:
    """The container turns its picture, and XMP says the same again."""
    exif = Image.Exif()
    exif[0x0112] = 6
    told: dict[str, Any] = {"exif": exif} if format_ == "AVIF" else {}
    data = saved(left_red_right_blue(), format_, xmp=words, **told)
    assert b"irot" in data
    photo = open_photo(data, "a")
    assert (photo.width, photo.height) == (32, 64)
    assert photo.pixels()[4, 16, 0] > 150


def test_pictures_that_are_too_large_are_refused_before_they_are_decoded() -> None:
    data = saved(left_red_right_blue(), "AVIF")
    size = struct.pack(">II", 64, 32)
    assert size in data
    with pytest.raises(PhotoError, match="CUTOUT_MAX_MEGAPIXELS"):
        open_photo(data.replace(size, struct.pack(">II", 15000, 10000)), "a.avif")
