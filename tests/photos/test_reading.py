import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo
from photos.samples import SAMPLES
from tests.pictures import left_red_right_blue, saved


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP"])
def test_every_format_opens_with_its_colours(format_: str) -> None:
    photo = open_photo(saved(left_red_right_blue(), format_, quality=95), "a")
    pixels = photo.pixels()
    assert pixels.dtype == np.uint8
    assert pixels.shape == (32, 64, 3)
    assert np.abs(pixels[16, 8].astype(int) - (200, 30, 30)).max() <= 6
    assert np.abs(pixels[16, 56].astype(int) - (30, 30, 200)).max() <= 6


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (64, 32), "red"), (3, (64, 32), "blue"), (6, (32, 64), "red"), (8, (32, 64), "blue")],
)
def test_exif_orientation_is_applied_once(
    orientation: int, size: tuple[int, int], corner: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = open_photo(saved(left_red_right_blue(), "JPEG", exif=exif, quality=95), "a.jpg")
    assert (photo.width, photo.height) == size
    pixels = photo.pixels()
    assert pixels.shape[:2] == (size[1], size[0])
    red, _, blue = pixels[2, 2].astype(int)
    assert ("red" if red > blue else "blue") == corner
    carried = Image.Exif()
    carried.load(photo.exif)
    assert 0x0112 not in carried


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_names_keep_their_letters(encoding: str) -> None:
    told = {0x010E: "Straßencafé", 0x010F: "Maker", 0x013B: "Zoë Müller", 0x8298: "© Zoë Müller"}
    exif = Image.Exif()
    for tag, words in told.items():
        exif[tag] = words.encode(encoding)
    photo = open_photo(saved(left_red_right_blue(), "JPEG", exif=exif), "a.jpg")
    for block in (photo.exif, photo.exif_with_gps):
        carried = Image.Exif()
        carried.load(block)
        assert {tag: carried[tag].encode("latin-1") for tag in told} == {
            tag: words.encode(encoding) for tag, words in told.items()
        }


def test_gps_is_kept_apart_and_the_rest_of_exif_stays() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 00:00:00"
    photo = open_photo(saved(left_red_right_blue(), "JPEG", exif=exif), "a.jpg")
    without, with_gps = Image.Exif(), Image.Exif()
    without.load(photo.exif)
    with_gps.load(photo.exif_with_gps)
    assert without[0x010F] == "Maker"
    assert without.get_ifd(0x8769)[0x9003] == "2020:01:01 00:00:00"
    assert 0x8825 not in without
    assert with_gps.get_ifd(0x8825)[1] == "N"


def block_of(photo: PhotoFile) -> Image.Exif:
    carried = Image.Exif()
    carried.load(photo.exif)
    return carried


def test_a_tag_that_cannot_be_written_again_is_left_out() -> None:
    """The unit of resolution as a letter, where a number belongs, as no camera should write it."""
    maker, unit = struct.pack("<HHI4s", 271, 2, 4, b"Abc"), struct.pack("<HHI4s", 296, 2, 2, b"2")
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + maker + unit + bytes(4)
    photo = open_photo(saved(left_red_right_blue(), "JPEG", exif=exif), "odd.jpg")
    assert dict(block_of(photo)) == {271: "Abc"}


def test_how_a_tiff_holds_its_pixels_and_its_xmp_stay_behind() -> None:
    told = {270: "A cat", 271: "Maker", 700: b"<x:xmpmeta GPSLatitude='1'/>", 33723: b"Berlin"}
    photo = open_photo(saved(left_red_right_blue(9, 9000), "TIFF", tiffinfo=told), "a.tif")
    assert dict(block_of(photo)) == {270: "A cat", 271: "Maker"}
    assert len(photo.exif_with_gps) < 100


@pytest.mark.parametrize(
    ("name", "stem"),
    [("cat.jpg", "cat"), ("...jpg", "photo"), (". .png", "photo"), (".cat.v2.png", "cat.v2")],
)
def test_a_stem_stays_where_it_is_put(name: str, stem: str) -> None:
    assert open_photo(saved(left_red_right_blue(), "PNG"), name).stem == stem


def grey16() -> bytes:
    return saved(Image.fromarray(np.full((4, 4), 257 * 100, np.uint16)), "PNG")


def palette() -> bytes:
    return saved(Image.new("RGB", (4, 4), (255, 0, 0)).convert("P"), "PNG")


def see_through_palette() -> bytes:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0] * 256)
    return saved(image, "PNG", transparency=0)


def animated() -> bytes:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ((10, 200, 10), (200, 10, 10))]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (saved(Image.new("L", (4, 4), 77), "PNG"), (77, 77, 77)),
        (saved(Image.new("1", (4, 4), 1), "PNG"), (255, 255, 255)),
        (saved(Image.new("LA", (4, 4), (0, 0)), "PNG"), (255, 255, 255)),
        (saved(Image.new("RGBA", (4, 4), (0, 0, 0, 128)), "PNG"), (127, 127, 127)),
        (saved(Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "TIFF"), (255, 0, 0)),
        (grey16(), (100, 100, 100)),
        (palette(), (255, 0, 0)),
        (see_through_palette(), (255, 255, 255)),
        (animated(), (10, 200, 10)),
    ],
    ids=["L", "1", "LA", "RGBA", "CMYK", "I;16", "P", "P alpha", "animated"],
)
def test_every_mode_becomes_rgb(data: bytes, expected: tuple[int, int, int]) -> None:
    pixels = open_photo(data, "a").pixels()
    assert pixels.shape == (4, 4, 3)
    assert np.abs(pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"this is no picture", "not a photo that can be read"),
        (b"%PDF-1.7 and so on", "not a photo that can be read"),
        (b"BMWs are cars, and this is text", "not a photo that can be read"),
        (saved(left_red_right_blue(), "TIFF")[:9], "damaged or cut short"),
        (saved(left_red_right_blue(), "HEIF")[:200], "damaged or cut short"),
        (saved(left_red_right_blue(), "AVIF")[:200], "damaged or cut short"),
        (saved(left_red_right_blue(), "PNG")[:20], "damaged or cut short"),
        (saved(left_red_right_blue(400, 400), "PNG")[:300], "damaged or cut short"),
        (saved(left_red_right_blue(400, 400), "JPEG")[:900], "damaged or cut short"),
    ],
)
def test_what_cannot_be_read_says_so_with_its_name(data: bytes, told: str) -> None:
    with pytest.raises(PhotoError, match=f"“mine.jpg” .*{told}"):
        open_photo(data, "mine.jpg")


def test_limits_on_pixels_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(left_red_right_blue(), "PNG")
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "0.002")
    limit = r"megapixels; the limit here is 0\.002\..* raise CUTOUT_MAX_MEGAPIXELS"
    with pytest.raises(PhotoError, match=limit):
        open_photo(data, "big.png")
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "1")
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "0.0001")
    with pytest.raises(
        PhotoError, match=r"the limit here is 0\.0001 MB.* raise CUTOUT_MAX_MEGABYTES"
    ):
        open_photo(data, "big.png")


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animations_first_picture_is_taken_with_a_note(format_: str) -> None:
    colours = ["lime", "red", "blue"]
    first, *others = [Image.new("RGB", (40, 30), colour) for colour in colours]
    told = "An animation, of which the first picture was taken."
    photo = open_photo(saved(first, format_, save_all=True, append_images=others), "a")
    assert photo.notes == (told,)
    assert np.abs(photo.pixels()[15, 20].astype(int) - (0, 255, 0)).max() < 12  # of lossy formats
    assert not open_photo(saved(first, format_), "a").notes


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP"])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file whose pixels are cut off, nothing but its size is told."""
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    data = saved(Image.fromarray(noise), format_)
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "0.05")
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(PhotoError, match=r"has 0\.06 megapixels; the limit here is 0\.05\."):
        open_photo(data, "a")


@pytest.mark.parametrize("name", ["CUTOUT_MAX_MEGAPIXELS", "CUTOUT_MAX_MEGABYTES"])
def test_a_limit_that_is_no_number_is_told_of(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(left_red_right_blue(), "PNG")
    for wrong in ("8GB", "-1", "nan"):
        monkeypatch.setenv(name, wrong)
        with pytest.raises(PhotoError, match=f"The setting {name} .* number .* “{wrong}”"):
            open_photo(data, "a.png")
    monkeypatch.setenv(name, "")
    assert open_photo(data, "a.png").width == 64


def test_a_photo_for_which_memory_is_short_is_not_called_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def short(*_: object) -> None:
        raise MemoryError

    data = saved(left_red_right_blue(), "BMP")
    monkeypatch.setattr(Image.Image, "load", short)
    with pytest.raises(PhotoError, match="needs more memory than is free here"):
        open_photo(data, "a.bmp")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 200_000
    with pytest.raises(PhotoError, match="900 megapixels"):
        open_photo(bomb, "bomb.png")


@given(some.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    with pytest.raises(PhotoError):
        open_photo(b"\xff\xd8\xff" + data, "fuzz.jpg")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_the_samples_open(sample: Any) -> None:
    photo = sample.open()
    assert photo.megapixels > 0.1
    assert sample.credit
