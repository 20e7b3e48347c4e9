"""What goes in with a file, and what comes out with its results."""

import io
import random
import struct
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from photos.encoding import FORMATS, Format, encode, left_out
from photos.metadata import metadata_of
from photos.photo import PhotoFile
from photos.reading import open_photo
from tests import exif as by_hand
from tests.exif import (
    ASCII,
    COMMENT,
    EXIF,
    GPS,
    LONG,
    MAKER_NOTE,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Fields,
    To,
    numbers,
    tiff,
    walk,
)

ALL: tuple[Format, ...] = (*FORMATS, "TIFF")

ORDERS = ("<", ">")


def saved(format_: str, size: tuple[int, int] = (12, 8), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, format_, **options)
    return file.getvalue()


def photo_with(block: bytes, format_: str = "JPEG") -> PhotoFile:
    return open_photo(saved(format_, exif=b"Exif\0\0" + block), "a.jpg")


def told(block: bytes) -> PhotoFile:
    """A photo by the EXIF of a PNG, in which nobody looks at it but us."""
    data = saved("PNG")
    image = Image.open(io.BytesIO(with_chunk(data, block, b"IDAT")))
    exif, dpi = metadata_of(image, data, turned=False)
    photo = open_photo(data, "a.png")
    return replace(photo, exif=bytes(exif.placeless()), exif_with_gps=bytes(exif), dpi=dpi)


def with_chunk(png: bytes, block: bytes, before: bytes) -> bytes:
    """A PNG with a chunk of EXIF before another."""
    chunk, at = b"eXIf" + block, png.index(before) - 4
    framed = struct.pack(">I", len(block)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:at] + framed + png[at:]


def result(photo: PhotoFile, format_: Format, *, keep_gps: bool = False) -> bytes:
    return encode(photo.pixels(), format_, photo, keep_gps=keep_gps)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def block_in(data: bytes) -> bytes:
    block: bytes = opened(data).info.get("exif", b"")
    return block if block.startswith(b"Exif") or not block else b"Exif\0\0" + block


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("keep_gps", [False, True])
def test_a_camera_s_facts_leave_to_the_byte(order: str, format_: Format, keep_gps: bool) -> None:
    photo = photo_with(by_hand.camera(order))
    found = walk(block_in(result(photo, format_, keep_gps=keep_gps)))
    assert found[0] == {
        0x010E: (ASCII, b"Caf\xe9 am Meer\0"),
        0x010F: (ASCII, b"Maker\0"),
        0x011A: numbers(order, RATIONAL, 240, 1),
        0x011B: numbers(order, RATIONAL, 240, 1),
        0x0128: numbers(order, SHORT, 2),
        0x013B: (ASCII, "Zoë".encode() + b"\0"),
        0x0213: numbers(order, SHORT, 1),
    }
    assert found[EXIF] == {
        0x829A: numbers(order, RATIONAL, 1, 250),
        0x9000: (UNDEFINED, b"0230"),
        0x9003: (ASCII, b"2020:01:01 00:00:00\0"),
        0x9101: (UNDEFINED, b"\1\2\3\0"),
        COMMENT: (UNDEFINED, b"ASCII\0\0\0by the sea"),
        0xA000: (UNDEFINED, b"0100"),
        # What the file's pixels are now: sRGB, and turned by a quarter.
        0xA001: numbers(order, SHORT, 1),
        0xA002: numbers(order, LONG, 8),
        0xA003: numbers(order, LONG, 12),
        0xA432: numbers(order, RATIONAL, 24, 1, 70, 1, 0, 0, 0, 0),
        0xA434: (ASCII, "Zoë 24–70\0".encode()),  # UTF-8's own type is too new for most programs
    }
    assert (GPS in found) is keep_gps
    if keep_gps:
        assert found[GPS][2] == numbers(order, RATIONAL, 52, 1, 31, 1, 1234, 100)
        assert set(found[GPS]) == {0, 1, 2, 0x1D}


def test_a_library_reads_the_same() -> None:
    photo = photo_with(by_hand.camera("<"))
    exif = opened(result(photo, "JPEG", keep_gps=True)).getexif()
    assert exif[0x010F] == "Maker"
    assert exif.get_ifd(EXIF)[0x829A] == 1 / 250
    assert exif.get_ifd(GPS)[2] == (52, 31, 12.34)
    assert not exif.get_ifd(0xA005)
    assert not exif.get_ifd(1)


def with_xmp() -> bytes:
    return saved("JPEG", xmp=b"<x:xmpmeta photoshop:City='Berlin'/>", comment=b"Berlin")


def with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta photoshop:City='Berlin'/>")
    text.add_text("Location", "Berlin")
    return saved("PNG", pnginfo=text)


def with_iptc() -> bytes:
    return saved("TIFF", tiffinfo={700: b"<x:xmpmeta City='Berlin'/>", 33723: b"Berlin"})


def with_exif(block: bytes) -> bytes:
    return saved("JPEG", exif=b"Exif\0\0" + block)


HIDING = {
    "a maker's note": with_exif(tiff("<", {EXIF: To(1)}, {MAKER_NOTE: (UNDEFINED, b"Berlin")})),
    "a tag nobody knows": with_exif(
        tiff("<", {EXIF: To(1), 0x9C9A: (ASCII, b"Berlin")}, {0x9AAA: (ASCII, b"Berlin")})
    ),
    "a pointer from the exposure to the place": with_exif(
        tiff("<", {EXIF: To(1)}, {GPS: To(2)}, {0x1C: (UNDEFINED, b"Berlin")})
    ),
    "a place among what is of the exposure": with_exif(
        tiff("<", {EXIF: To(1)}, {0x1C: (UNDEFINED, b"Berlin")})
    ),
    "a thumbnail's description": with_exif(
        tiff("<", {0x010F: (ASCII, b"Maker\0")}, {0x010E: (ASCII, b"Berlin")}, following=1)
    ),
    "an entry past the last": with_exif(
        tiff("<", {0x010F: (ASCII, b"Maker\0"), 0x013B: (ASCII, b"Berlin")}).replace(
            struct.pack("<IH", 8, 2), struct.pack("<IH", 8, 1)
        )
    ),
    "the rest of the block": with_exif(tiff("<", {0x010F: (ASCII, b"Maker\0")}) + b"Berlin"),
    "XMP and a comment": with_xmp(),
    "texts of a PNG": with_text(),
    "IPTC": with_iptc(),
}


@pytest.mark.parametrize("data", HIDING.values(), ids=HIDING)
@pytest.mark.parametrize("format_", ALL)
def test_the_city_is_told_nowhere(data: bytes, format_: Format) -> None:
    assert b"Berlin" in data
    assert b"Berlin" not in result(open_photo(data, "a.jpg"), format_)


@pytest.mark.parametrize("format_", ALL)
def test_a_maker_s_note_stays_behind_even_with_the_place(format_: Format) -> None:
    data = result(photo_with(by_hand.camera("<")), format_, keep_gps=True)
    assert b"Berlin" not in data


def with_note_of_next(fields: Fields) -> bytes:
    return tiff("<", {0x010F: (ASCII, b"Maker\0"), EXIF: To(1)}, fields)


ODD = {
    "a loop": tiff("<", {0x010F: (ASCII, b"Maker\0"), EXIF: To(0), GPS: To(0)}, following=0),
    "a type there isn't": tiff("<", {0x010F: (ASCII, b"Maker\0"), 0x0131: (99, b"abcdefgh")}),
    "a word for a number": tiff("<", {0x010F: (ASCII, b"Maker\0"), 0x0128: (ASCII, b"2\0")}),
    "a number for a word": tiff("<", {0x010F: (ASCII, b"Maker\0"), 0x0131: (SHORT, b"ab")}),
    "a pointer that is a word": with_note_of_next({})[:-2].replace(
        struct.pack("<HHI", EXIF, LONG, 1), struct.pack("<HHI", EXIF, ASCII, 4)
    ),
    "a pointer past the end": tiff("<", {0x010F: (ASCII, b"Maker\0"), EXIF: (LONG, b"\xff" * 4)}),
    "a count past all bounds": tiff(
        "<", {0x010F: (ASCII, b"Maker\0"), 0x0131: (ASCII, b"12345678")}
    ).replace(struct.pack("<HHI", 0x0131, ASCII, 8), struct.pack("<HHI", 0x0131, ASCII, 2**32 - 1)),
    "no values": tiff("<", {0x010F: (ASCII, b"Maker\0"), 0x0131: (ASCII, b"")}),
    "an empty directory": with_note_of_next({}),
    "more entries than bytes": b"II*\0" + struct.pack("<IH", 8, 65_535) + tiff(
        "<", {0x010F: (ASCII, b"Mak\0")}
    )[10:22],
}  # fmt: skip


@pytest.mark.parametrize("block", ODD.values(), ids=ODD)
@pytest.mark.parametrize("format_", FORMATS)
def test_what_cannot_be_read_is_left_out_and_the_rest_stays(block: bytes, format_: Format) -> None:
    found = walk(block_in(result(told(block), format_, keep_gps=True)))
    assert {tag: value[:3] for tag, (_, value) in found[0].items()} == {0x010F: b"Mak"}


def test_entries_that_overlap_do_not_multiply_the_block() -> None:
    tags = [0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D]
    size = 20_000
    table = b"".join(struct.pack("<HHII", tag, ASCII, size, 2 + 8) for tag in tags)
    block = b"II*\0" + struct.pack("<IH", 8, len(tags)) + table + bytes(size)
    photo = told(block)
    assert len(photo.exif) < len(block) + 200
    walk(photo.exif)


@pytest.mark.parametrize("order", ORDERS)
def test_no_mutation_breaks_a_result(order: str) -> None:
    """Bytes changed, cut out and put in: a photo always, and its EXIF always in order."""
    dice = random.Random(order)
    whole = [by_hand.camera(order), by_hand.camera(order)[:300], tiff(order, {EXIF: To(1)}, {})]
    for turn in range(600):
        block = bytearray(dice.choice(whole))
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(block))
            match dice.randrange(3):
                case 0:
                    block[at] = dice.choice(
                        (0, 1, 2, 4, 7, 8, 0x7F, 0x80, 0xFF, dice.randrange(256))
                    )
                case 1:
                    del block[at : at + dice.randint(1, 9)]
                    block += bytes(9)
                case _:
                    block[at:at] = dice.randbytes(dice.randint(1, 9))
        photo = told(bytes(block))
        for exif in filter(None, (photo.exif, photo.exif_with_gps)):
            walk(exif)
        if turn % 10 == 0:
            found = block_in(result(photo, FORMATS[turn % 3], keep_gps=True))
            assert not found or walk(found)


def resolution_in(data: bytes) -> Any:
    """As the format tells it: JFIF, a PNG's chunk, of a WebP the EXIF."""
    image = opened(data)
    if image.format == "PNG":
        return image.info.get("dpi")
    if image.format == "JPEG":
        return image.info["jfif_density"] if image.info["jfif_unit"] == 1 else None
    exif = image.getexif()
    unit = {2: 1, 3: 2.54}[exif.get(0x0128, 2)]
    return (exif[0x011A] * unit, exif[0x011B] * unit) if 0x011A in exif else None


def resolved(order: str, x: int, y: int, unit: int) -> bytes:
    told: Fields = {tag: numbers(order, RATIONAL, n, 1) for tag, n in ((0x011A, x), (0x011B, y))}
    return tiff(order, told | {0x0128: numbers(order, SHORT, unit)})


def jfif(unit: int, x: int, y: int, block: bytes = b"") -> bytes:
    data = bytearray(saved("JPEG", exif=b"Exif\0\0" + block if block else b""))
    at = data.index(b"JFIF") + 7
    data[at : at + 5] = struct.pack(">BHH", unit, x, y)
    return bytes(data)


def without_jfif(block: bytes) -> bytes:
    data = with_exif(block)
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[20:]


PER_INCH = {
    "JFIF": (jfif(1, 300, 300), (300, 300)),
    "JFIF, by the centimetre": (jfif(2, 118, 118), (299.72, 299.72)),
    "JFIF, two": (jfif(1, 300, 200), (300, 200)),
    "JFIF before EXIF": (jfif(1, 300, 300, tiff("<", {0x010F: (ASCII, b"M\0")})), (300, 300)),
    "a shape of pixels alone": (jfif(0, 2, 1), None),
    "JFIF with nothing": (jfif(1, 0, 0), None),
    "PNG": (saved("PNG", dpi=(300, 200)), (300, 200)),
    "BMP": (saved("BMP", dpi=(300, 200)), (300, 200)),
    "TIFF": (saved("TIFF", dpi=(300, 200)), (300, 200)),
    "TIFF, by the centimetre": (
        saved("TIFF", resolution_unit="cm", x_resolution=100, y_resolution=100), (254, 254),
    ),
    "EXIF": (without_jfif(resolved(">", 240, 240, 2)), (240, 240)),
    "EXIF beside a JFIF of none": (with_exif(resolved(">", 240, 240, 2)), (240, 240)),
    "EXIF, made up by nobody": (without_jfif(tiff("<", {0x010F: (ASCII, b"M\0")})), None),
    "WebP": (saved("WEBP", exif=b"Exif\0\0" + resolved("<", 96, 96, 2)), (96, 96)),
    "HEIC": (saved("HEIF", (64, 64), exif=b"Exif\0\0" + resolved("<", 96, 96, 2)), (96, 96)),
    "AVIF": (saved("AVIF", (64, 64), exif=b"Exif\0\0" + resolved("<", 96, 96, 2)), (96, 96)),
    "none": (saved("PNG"), None),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), PER_INCH.values(), ids=PER_INCH)
@pytest.mark.parametrize("format_", ALL)
def test_every_format_keeps_the_resolution(data: bytes, expected: Any, format_: Format) -> None:
    kept = resolution_in(result(open_photo(data, "a.jpg"), format_))
    # JPEG holds whole numbers, PNG whole pixels a metre.
    assert kept == (expected and pytest.approx(expected, abs=0.5))
    assert expected is None or isinstance(kept, tuple)


@pytest.mark.parametrize("format_", ALL)
def test_a_quarter_turn_swaps_the_resolution(format_: Format) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for data in (
        saved("JPEG", dpi=(300, 200), exif=exif),
        with_exif(
            tiff(
                "<",
                {
                    0x0112: numbers("<", SHORT, 6),
                    0x011A: numbers("<", RATIONAL, 300, 1),
                    0x011B: numbers("<", RATIONAL, 200, 1),
                },
            )
        ),
    ):
        kept = resolution_in(result(open_photo(data, "a.jpg"), format_))
        assert kept == pytest.approx((200, 300), abs=0.5)


@pytest.mark.parametrize(
    "block",
    [
        resolved("<", 2**32 - 1, 2**32 - 1, 2),
        resolved("<", 0, 0, 2),
        resolved("<", 300, 300, 1),
        resolved("<", 300, 300, 77),
        tiff("<", {0x011A: numbers("<", RATIONAL, 300, 0), 0x011B: numbers("<", RATIONAL, 0, 0)}),
        tiff("<", {0x011A: numbers("<", RATIONAL, 300, 1)}),
    ],
)
def test_what_is_no_resolution_is_not_taken_for_one(block: bytes) -> None:
    photo = told(block)
    assert photo.dpi is None
    assert resolution_in(result(photo, "JPEG")) is None


def test_a_resolution_of_its_own_unit_is_kept_as_it_is() -> None:
    photo = open_photo(without_jfif(resolved("<", 100, 100, 3)), "a.jpg")
    for format_ in FORMATS:
        found = walk(block_in(result(photo, format_)))
        assert found[0][0x011A] == numbers("<", RATIONAL, 100, 1)
        assert found[0][0x0128] == numbers("<", SHORT, 3)


@pytest.mark.parametrize("size", [65_000, 70_000, 2_000_000])
def test_png_and_webp_hold_long_exif(size: int) -> None:
    long = (UNDEFINED, b"ASCII\0\0\0" + b"x" * size)
    block = tiff("<", {0x013B: (ASCII, b"Zo\xc3\xab\0"), EXIF: To(1)}, {COMMENT: long})
    photo = photo_with(block, "WEBP")
    for format_ in ("PNG", "WebP"):
        assert walk(block_in(result(photo, format_)))[EXIF][COMMENT] == long
        assert left_out(photo, format_) is None
    if size > 65_533:
        found = walk(block_in(result(photo, "JPEG")))
        assert found[0] == {0x013B: (ASCII, b"Zo\xc3\xab\0")}
        assert COMMENT not in found[EXIF]
        told = left_out(photo, "JPEG")
        assert told == (
            "“a.jpg”: JPEG holds at most 64 KB of EXIF. Left out: UserComment. "
            "PNG and WebP hold all of it."
        )
    else:
        assert walk(block_in(result(photo, "JPEG")))[EXIF][COMMENT] == long
        assert left_out(photo, "JPEG") is None


@pytest.mark.parametrize("more", [0, 1])
def test_a_jpeg_holds_exif_to_its_last_byte(more: int) -> None:
    empty = tiff("<", {0x010E: (ASCII, b"x" * 60_000), 0x0110: (ASCII, b"y" * 1000)})
    spare = 65_533 - len(b"Exif\0\0" + empty) - 1  # it ends at an even place
    told: Fields = {0x010E: (ASCII, b"x" * 60_000), 0x0110: (ASCII, b"y" * (1000 + spare + more))}
    photo = photo_with(tiff("<", told), "PNG")
    found = walk(block_in(result(photo, "JPEG")))
    assert set(found[0]) == ({0x0110} if more else {0x010E, 0x0110})
    assert (left_out(photo, "JPEG") is None) is not more


def test_what_is_longest_goes_first_and_whose_picture_it_is_last() -> None:
    told: Fields = {
        0x010E: (ASCII, b"d" * 30_000),
        0x010F: (ASCII, b"m" * 10_000),
        0x013B: (ASCII, b"a" * 31_000),
        0x8298: (ASCII, b"c" * 20_000),
        EXIF: To(1),
    }
    photo = photo_with(tiff("<", told, {COMMENT: (UNDEFINED, b"u" * 25_000)}), "PNG")
    assert set(walk(block_in(result(photo, "JPEG")))[0]) == {0x010F, 0x013B, 0x8298}
    assert "Left out: ImageDescription, UserComment. " in (left_out(photo, "JPEG") or "")


def test_a_place_counts_where_it_is_kept() -> None:
    place: Fields = {0x1C: (UNDEFINED, b"ASCII\0\0\0" + b"x" * 40_000)}
    told: Fields = {0x010E: (ASCII, b"d" * 30_000), GPS: To(1)}
    photo = photo_with(tiff("<", told, place), "PNG")
    assert left_out(photo, "JPEG") is None
    assert "Left out: GPSAreaInformation." in (left_out(photo, "JPEG", keep_gps=True) or "")


def test_a_tag_too_new_for_a_name_is_told_by_its_number() -> None:
    block = tiff("<", {EXIF: To(1)}, {0xA436: (ASCII, b"x" * 70_000)})
    assert "Left out: tag 0xa436." in (left_out(photo_with(block, "PNG"), "JPEG") or "")


@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
def test_exif_may_come_after_the_pixels_of_a_png(before: bytes) -> None:
    data = with_chunk(saved("PNG"), tiff("<", {0x010F: (ASCII, b"Maker\0")}), before)
    assert walk(open_photo(data, "a.png").exif)[0] == {0x010F: (ASCII, b"Maker\0")}


def test_exif_as_text_in_a_png() -> None:
    block = b"Exif\0\0" + tiff("<", {0x010F: (ASCII, b"Maker\0")})
    for words in (block.hex(), "no hexadecimal"):
        text = PngImagePlugin.PngInfo()
        text.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{words}")
        image = Image.open(io.BytesIO(saved("PNG", pnginfo=text)))
        exif, _ = metadata_of(image, b"", turned=False)
        assert bool(bytes(exif)) is (words == block.hex())


def test_a_big_tiff_tells_the_same() -> None:
    file = io.BytesIO()
    extra = [(271, 2, 0, "Maker", True), (315, 2, 0, "Zoe", True)]
    tifffile.imwrite(
        file, np.zeros((8, 12, 3), np.uint8), bigtiff=True, metadata=None, extratags=extra,
        resolution=(300, 300), resolutionunit="INCH", software="Scanner", description="A cat",
    )  # fmt: skip
    photo = open_photo(file.getvalue(), "a.tif")
    found = walk(photo.exif)[0]
    assert found[0x010F] == (ASCII, b"Maker\0")
    assert found[0x010E] == (ASCII, b"A cat\0")
    assert photo.dpi == (300, 300)
