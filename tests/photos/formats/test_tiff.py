import io
import itertools
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from photos.formats.deep import deep_values
from photos.formats.tiff import pages as tiff_module
from photos.formats.tiff import values as tiff_values
from photos.ifd import Source
from photos.photo import PhotoError
from photos.reading import open_photo
from tests.pictures import retagged, saved, tiff

_Y, _X = np.mgrid[0:48, 0:70]
RAMPS = np.stack([_X / 69, _Y / 47, np.full(_X.shape, 0.25)], axis=2)
"""Float RGB, `(48, 70, 3)` in [0, 1]."""
BYTES = (RAMPS * 255).astype(np.uint8)


def off(data: bytes, expected: NDArray[Any] | tuple[int, ...]) -> float:
    """The largest difference, of 255."""
    return float(np.abs(open_photo(data, "a.tif").pixels() - np.asarray(expected, float)).max())


TOPS = {"u2": 65535, "u4": 2**32 - 1, "i2": 32767, "f2": 1, "f4": 1, "f8": 1}
WAYS = [
    (kind, *way)
    for kind in TOPS
    for way in itertools.product(
        [None, "zlib", "zlib, predictor"], [None, (16, 32)], ["contig", "separate"], "<>"
    )
    if kind[0] != "f" or way[0] != "zlib, predictor"  # floats have one of their own
]


@pytest.mark.parametrize(("kind", "packed", "tile", "planes", "order"), WAYS)
def test_numbers_of_all_kinds_are_read_however_they_are_held(
    kind: str, packed: str | None, tile: tuple[int, int] | None, planes: str, order: str
) -> None:
    values = (RAMPS * TOPS[kind]).astype(order + kind)
    data = tiff(
        values if planes == "contig" else np.moveaxis(values, 2, 0),
        byteorder=order,
        photometric="rgb",
        planarconfig=planes,
        tile=tile,
        compression=packed and "zlib",
        predictor=2 if packed == "zlib, predictor" else None,
    )
    assert off(data, RAMPS * 255) <= 0.6  # rounded to whole numbers, half floats twice


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_differences_between_the_bytes_of_floats_are_summed(kind: str, order: str) -> None:
    """Predictor 3, as most programs write floats; made here as TIFF's technical note 3 has it."""
    values = RAMPS.astype(f">{kind}")
    height, width, samples = values.shape
    size = values.dtype.itemsize
    places = values.view(np.uint8).reshape(height, width * samples, size).swapaxes(1, 2)
    rows = places.reshape(height, -1, samples)
    differences = np.diff(rows, axis=1, prepend=np.zeros((height, 1, samples), np.uint8))
    stand_in = differences.reshape(height, width, samples * size)
    data = tiff(stand_in, compression="zlib", planarconfig="contig", photometric="rgb")
    data = retagged(data, {258: [size * 8] * 3, 277: [3], 317: [3], 338: [], 339: [3] * 3})
    assert off(data, RAMPS * 255) <= 0.6


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("samples", [1, 3])
def test_bits_that_do_not_end_with_bytes_are_read(
    samples: int, bits: int, packed: str | None
) -> None:
    values = np.rint(RAMPS[..., :samples] * ((1 << bits) - 1)).astype(np.uint16)
    each = np.unpackbits(values.astype(">u2").reshape(48, -1, 1).view(np.uint8), axis=2)
    rows = np.packbits(each[..., 16 - bits :].reshape(48, -1), axis=1)
    data = tiff(rows, compression=packed, metadata=None)
    colours = {1: {}, 3: {262: [2], 277: [3]}}[samples]
    data = retagged(data, {256: [70], 258: [bits] * samples, **colours})
    assert off(data, RAMPS[..., :samples] * 255) <= 0.6


def scene(*values: float) -> bytes:
    return tiff(np.repeat(np.array(values, np.float32), 40).reshape(-1, 40))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.5, 0.25), (128, 64)),
        ((0.5, 1.3), (128, 255)),
        ((0.5, 1.5), (128, 255)),
        ((0.5, 0.5, 0.25, 1000.5), (128, 128, 64, 255)),
        ((0.5, -2.0), (128, 0)),
        ((0.5, float("nan")), (128, 0)),
        ((0.5, float("inf")), (128, 255)),
        ((0.5, float("-inf")), (128, 0)),
        ((0.0, 0.0), (0, 0)),
        ((-1.0, -1.0), (0, 0)),
        ((0.0, 1.0), (0, 255)),
        ((float("nan"), float("nan")), (0, 0)),
        ((128.0, 255.0, 3.0), (128, 255, 3)),
        ((128.25, 254.5, 3.0), (128, 255, 3)),
        ((100.5, 50.5), (101, 51)),
        ((2.0, 1.0, 255.0), (2, 1, 255)),
        ((32896.0, 65535.0), (128, 255)),
        ((32896.5, 100.5, 60000.5), (128, 0, 233)),
    ],
)
def test_floats_count_to_1_unless_they_are_plainly_others(
    values: tuple[float, ...], expected: tuple[int, ...]
) -> None:
    pixels = open_photo(scene(*values), "a.tif").pixels()
    assert np.abs(pixels[:, 0, 0].astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("values", "expected"), [((200, 50), 200), ((32896, 100), 128), ((2**31, 9), 128)]
)
def test_ints_of_32_bits_count_in_the_range_that_they_use(
    values: tuple[int, ...], expected: int
) -> None:
    data = tiff(np.repeat(np.array(values, np.uint32), 40).reshape(-1, 40))
    assert abs(int(open_photo(data, "a.tif").pixels()[0, 0, 0]) - expected) <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_white_may_be_the_smallest_number(kind: Any) -> None:
    top = 1.0 if kind is np.float32 else np.iinfo(kind).max
    values = np.full((8, 8), top * 0.2).astype(kind)
    assert off(tiff(values, photometric="miniswhite"), (204, 204, 204)) <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("extra", [[], ["unassalpha"]])
def test_inks_are_read(kind: Any, extra: list[str]) -> None:
    """Magenta and yellow are red."""
    top = np.iinfo(kind).max
    values = np.full((8, 8, 4 + len(extra)), [0, top, top, 0, top][: 4 + len(extra)], kind)
    data = tiff(values, photometric="separated", planarconfig="contig", extrasamples=extra)
    assert off(data, (255, 0, 0)) <= 1


def lab(lightness: float, a: float, b: float, bits: int, *, icc: bool = False) -> NDArray[Any]:
    one = 1 << (bits - 8)
    top = 255 * (one if icc else (65535 / 255 if bits == 16 else 1))
    shift = 128 * one if icc else 0
    values = [lightness / 100 * top, a * one + shift, b * one + shift]
    whole = np.rint(values).astype(np.int64) % (1 << bits)
    return np.broadcast_to(whole, (8, 8, 3)).astype(f"u{bits // 8}")


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("icc", [False, True], ids=["CIE", "ICC"])
@pytest.mark.parametrize(("bits", "near"), [(8, 3), (16, 1)])
def test_lab_is_converted(bits: int, near: int, icc: bool, order: Any, packed: str | None) -> None:
    """sRGB's (50, 100, 200) under D50 and, where the file names that as its white, D65. 8 bits of
    Lab hold no shade exactly."""
    kind = "icclab" if icc else "cielab"
    of_prints = lab(43.281, 10.748, -58.145, bits, icc=icc)
    of_screens = lab(44.176, 18.374, -56.930, bits, icc=icc)
    white = (318, "2I", 2, (3127, 10000, 3290, 10000), True)
    files = (
        tiff(of_prints, photometric=kind, compression=packed, byteorder=order),
        tiff(of_screens, photometric=kind, compression=packed, byteorder=order, extratags=[white]),
    )
    for data in files:
        assert off(data, (50, 100, 200)) <= near


def test_lab_of_floats_is_converted() -> None:
    values = np.broadcast_to(np.array([43.281, 10.748, -58.145], np.float32), (8, 8, 3))
    assert off(tiff(values, photometric="cielab"), (50, 100, 200)) <= 1


def test_lab_of_no_numbers_is_black() -> None:
    values = np.full((8, 8, 3), np.nan, np.float32)
    assert off(tiff(values, photometric="cielab"), (0, 0, 0)) == 0


def ycbcr(height: int = 16, width: int = 16) -> bytes:
    """Uncompressed, with colours of half the resolution: of the kind that scanners write."""
    red = [76, 76, 76, 76, 85, 255]
    data = tiff(np.array(red * (height * width // 4), np.uint8).reshape(1, -1))
    return retagged(
        data,
        {256: [width], 257: [height], 258: [8, 8, 8], 262: [6], 277: [3], 278: [height],
         530: [2 | 2 << 16]},
    )  # fmt: skip


def test_subsampled_colours_are_read() -> None:
    data = ycbcr()
    entry = data.rindex(struct.pack("<HHI", 530, 4, 1))
    data = data[:entry] + struct.pack("<HHI", 530, 3, 2) + data[entry + 8 :]
    assert off(data, (254, 0, 0)) <= 2


def test_a_thumbnail_is_never_taken_for_the_photo() -> None:
    full, small = BYTES, BYTES[::4, ::4]
    first, last, inside = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with tifffile.TiffWriter(first) as file:
        file.write(small, subfiletype=1, photometric="rgb")
        file.write(full, photometric="rgb")
    with tifffile.TiffWriter(last) as file:
        file.write(full, photometric="rgb")
        file.write(small, subfiletype=1, photometric="rgb")
    with tifffile.TiffWriter(inside) as file:
        file.write(small, subfiletype=1, photometric="rgb", subifds=2)
        file.write(small[::2, ::2], photometric="rgb")
        file.write(full, photometric="rgb")
    for made in (first, last, inside):
        photo = open_photo(made.getvalue(), "a.tif")
        assert (photo.width, photo.height) == (70, 48)
        assert not photo.notes
        assert off(made.getvalue(), full) <= 1


def test_a_thumbnail_of_the_old_kind_counts_too() -> None:
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(np.full((9, 9), 7, np.uint8), extratags=[(255, "H", 1, 2, True)])
        file.write(np.full((90, 90), 200, np.uint8))
    assert open_photo(made.getvalue(), "a.tif").width == 90


def test_only_thumbnails_are_better_than_nothing() -> None:
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(np.zeros((9, 9), np.uint8), subfiletype=1)
        file.write(np.zeros((20, 20), np.uint8), subfiletype=1)
    assert open_photo(made.getvalue(), "a.tif").width == 20


def test_a_first_page_that_is_a_small_copy_gives_way_with_a_note() -> None:
    made = io.BytesIO()
    full = Image.fromarray(BYTES).resize((280, 192))
    with tifffile.TiffWriter(made) as file:
        file.write(np.asarray(full.resize((70, 48))), photometric="rgb")
        file.write(np.asarray(full), photometric="rgb")
    photo = open_photo(made.getvalue(), "a.tif")
    assert (photo.width, photo.height) == (280, 192)
    assert "copy" in photo.notes[0]


def test_another_picture_that_is_larger_is_told_of() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (96, 140, 3), np.uint8)
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(BYTES, photometric="rgb")
        file.write(noise, photometric="rgb")
    photo = open_photo(made.getvalue(), "a.tif")
    assert (photo.width, photo.height) == (70, 48)
    assert "70 × 48 pixels. A later one is larger, 140 × 96" in photo.notes[0]


def test_pages_of_one_size_need_no_note() -> None:
    data = tiff(np.zeros((3, 32, 32, 3), np.uint8), photometric="rgb")
    assert not open_photo(data, "a.tif").notes


def test_a_later_page_that_is_damaged_does_no_harm() -> None:
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(np.full((48, 64), 99, np.uint8))
        file.write(np.random.default_rng(1).integers(0, 255, (96, 128), np.uint8))
    data = made.getvalue()[:-6000]
    assert open_photo(data, "a.tif").width == 64


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_orientation_is_applied_once(orientation: int, kind: Any) -> None:
    values = (RAMPS * (255 if kind is np.uint8 else 1)).astype(kind)
    data = tiff(values, photometric="rgb", extratags=[(274, "H", 1, orientation, True)])
    turns = {1: 0, 3: 2, 6: 3, 8: 1}[orientation]
    assert off(data, np.rot90(RAMPS * 255, turns)) <= 1


def test_bytes_in_great_numbers_are_read_too() -> None:
    """BigTIFF, whose addresses have 64 bits."""
    for values in (BYTES, RAMPS.astype(np.float32)):
        for packed in (None, "zlib"):
            data = tiff(values, bigtiff=True, photometric="rgb", compression=packed)
            assert off(data, RAMPS * 255) <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("packed", [None, "zlib"])
def test_a_file_that_was_cut_short_is_no_photo(kind: Any, packed: str | None) -> None:
    rng = np.random.default_rng(1)
    values = (rng.random((64, 64, 3)) * 250).astype(kind)
    data = tiff(values, photometric="rgb", compression=packed, metadata=None)
    with pytest.raises(PhotoError, match="damaged or cut short"):
        open_photo(data[: len(data) * 2 // 3], "a.tif")


@pytest.mark.parametrize("cut", [1, 20, 300])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_a_few_bytes_too_few_are_no_photo_either(kind: Any, cut: int) -> None:
    data = tiff(np.full((64, 64, 3), 90).astype(kind), photometric="rgb", metadata=None)
    with pytest.raises(PhotoError, match="damaged or cut short"):
        open_photo(data[:-cut], "a.tif")


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("length", [10, 2**31])
def test_the_only_strip_may_have_any_length(kind: Any, length: int) -> None:
    data = tiff(np.full((64, 64, 3), np.iinfo(kind).max // 255 * 90).astype(kind))
    assert off(retagged(data, {279: [length]}), (90, 90, 90)) == 0


def test_samples_held_in_an_unknown_order_are_not_guessed() -> None:
    data = tiff(np.full((64, 64, 3), 900, np.uint16), photometric="rgb")
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(retagged(data, {284: [514]}), "a.tif")


def test_a_strip_that_is_not_there_is_no_black() -> None:
    data = tiff(np.full((64, 64, 3), 900, np.uint16), photometric="rgb", rowsperstrip=32)
    with pytest.raises(PhotoError, match="damaged or cut short"):
        open_photo(retagged(data, {279: [32 * 64 * 6, 0]}), "a.tif")


@pytest.mark.parametrize("compression", [34712, 50002, 12345])
def test_pixels_in_an_unknown_coding_are_refused_for_that(compression: int) -> None:
    data = retagged(tiff(np.zeros((8, 8), np.uint8)), {259: [compression]})
    with pytest.raises(PhotoError, match=rf"holds 1 × 8 bits .*compression {compression}"):
        open_photo(data, "a.tif")


def test_complex_numbers_are_refused_for_what_they_are() -> None:
    with pytest.raises(PhotoError, match="complex"):
        open_photo(tiff(np.zeros((8, 8), np.complex64)), "a.tif")


def test_a_page_is_refused_for_its_size_before_it_is_unpacked() -> None:
    small = tiff(np.zeros((8, 8), np.uint8), compression="zlib")
    for size in ({256: [60000], 257: [60000]}, {257: [2**31]}):
        with pytest.raises(PhotoError, match="CUTOUT_MAX_MEGAPIXELS"):
            open_photo(retagged(small, size), "a.tif")


_PEAKS = """
import resource, sys
from pathlib import Path
from photos.reading import open_photo
for name in sys.argv[1:]:
    assert open_photo(Path(name).read_bytes(), "a.tif").height == 8
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_strip_that_unpacks_to_more_than_it_should_is_not_unpacked(tmp_path: Path) -> None:
    """A bomb: ten thousand times what its page needs."""
    plain = tiff(np.zeros((8, 1000), np.float32), compression="zlib", metadata=None)
    pack = zlib.compressobj(1)
    strip = b"".join(pack.compress(bytes(1 << 20)) for _ in range(400)) + pack.flush()
    bomb = retagged(plain + strip, {273: [len(plain)], 279: [len(strip)]})
    files = [tmp_path / "plain.tif", tmp_path / "bomb.tif"]
    for file, data in zip(files, (plain, bomb), strict=True):
        file.write_bytes(data)
    command = [sys.executable, "-c", _PEAKS, *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, after = (int(peak) * (1 if sys.platform == "darwin" else 1024) for peak in told.split())
    assert after - before < 200 << 20


def test_tiles_far_larger_than_their_page_are_not_unpacked() -> None:
    data = tiff(np.zeros((8192, 8192), np.uint8), compression="zlib", tile=(8192, 8192))
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(retagged(data, {256: [8], 257: [8]}), "a.tif")


def in_coding(coding: int) -> bytes:
    values = (RAMPS[..., ::-1] * 65535).astype(np.uint16)
    return cv2.imencode(".tif", values, [cv2.IMWRITE_TIFF_COMPRESSION, coding])[1].tobytes()


@pytest.mark.parametrize("coding", [1, 5, 8, 32773], ids=["none", "LZW", "Deflate", "PackBits"])
def test_numbers_are_read_in_every_common_coding(coding: int) -> None:
    assert off(in_coding(coding), RAMPS * 255) <= 0.6


@pytest.mark.parametrize("coding", [1, 32773], ids=["none", "PackBits"])
def test_differences_are_summed_in_no_coding_that_has_none(coding: int) -> None:
    assert off(retagged(in_coding(coding), {317: [2]}), RAMPS * 255) <= 0.6


@pytest.mark.parametrize("packed", ["zlib", "zlib, predictor"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("order", "<>")
def test_strips_are_unpacked_in_bands_of_which_each_has_its_own(
    order: str, planes: str, packed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(3).integers(0, 65536, (1217, 701, 3), np.uint16)
    data = tiff(
        values if planes == "contig" else np.moveaxis(values, 2, 0), byteorder=order,
        photometric="rgb", planarconfig=planes, rowsperstrip=48, metadata=None,
        compression="zlib", predictor=2 if packed == "zlib, predictor" else None,
    )  # fmt: skip
    files, by_pillow = [], tiff_values.by_pillow

    def counted(page: tiff_module.Page, changes: tiff_module.Changes) -> Image.Image:
        files.append(len(page.alone(changes)))
        return by_pillow(page, changes)

    monkeypatch.setattr(tiff_values, "by_pillow", counted)
    found = deep_values(data)
    assert found is not None
    assert np.array_equal(found, values)
    assert len(files) > 3
    assert sum(files) < 1.01 * len(data)


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("wrong", [{0: 0.5}, {0: -2, 4: -2, 8: -2}, {1: 1000}, {12: -99999}])
def test_lengths_of_strips_that_are_wrong_make_no_wrong_picture(
    wrong: dict[int, float], planes: str, packed: str | None
) -> None:
    values = np.random.default_rng(3).integers(0, 65536, (1217, 301, 3), np.uint16)
    data = tiff(
        values if planes == "contig" else np.moveaxis(values, 2, 0), metadata=None,
        photometric="rgb", planarconfig=planes, rowsperstrip=48, compression=packed,
    )  # fmt: skip
    lengths = [int(each) for each in tiff_module.photo_page(data)[0].many(279)]
    for strip, by in wrong.items():
        lengths[strip] = max(0, int(lengths[strip] * by if by == 0.5 else lengths[strip] + by))
    try:
        found = deep_values(retagged(data, {279: lengths}))
    except OSError:  # which the page calls damaged
        return
    assert found is not None
    assert np.array_equal(found, values)


def test_strips_that_overlap_take_no_more_memory_than_their_file() -> None:
    values = np.zeros((500, 400, 3), np.uint16)
    data = tiff(values, photometric="rgb", rowsperstrip=1, compression="zlib", metadata=None)
    page, _ = tiff_module.photo_page(data)
    begins = [int(page.many(273)[0])] * len(values)
    all_of_it = [len(data) - begins[0]] * len(values)
    overlapping = retagged(data, {273: begins, 279: all_of_it})
    page, _ = tiff_module.photo_page(overlapping)
    changes = {273: begins, 279: all_of_it}
    assert len(page.alone(changes)) < len(overlapping) + 20 * len(values)
    found = deep_values(overlapping)
    assert found is not None
    assert np.array_equal(found, values)


@pytest.mark.parametrize("strip", [0, 9, 25])
def test_a_strip_that_is_damaged_is_found_in_any_band(strip: int) -> None:
    values = np.random.default_rng(3).integers(0, 65536, (1217, 701, 3), np.uint16)
    data = bytearray(tiff(values, photometric="rgb", rowsperstrip=48, compression="zlib"))
    page, _ = tiff_module.photo_page(bytes(data))
    begin = int(page.many(273)[strip])
    data[begin : begin + 200] = bytes(200)
    with pytest.raises(PhotoError, match="damaged or cut short"):
        open_photo(bytes(data), "a.tif")


def test_a_count_of_numbers_that_cannot_be_is_none() -> None:
    data = saved(Image.fromarray(BYTES), "TIFF")
    count = struct.pack("<HHI", 258, 3, 3)
    for odd in (0, 2**32 - 1, 2**31):
        wrong = data.replace(count, struct.pack("<HHI", 258, 3, odd))
        with pytest.raises(PhotoError):
            open_photo(wrong, "a.tif")


@pytest.mark.parametrize("tag", [258, 339])
def test_how_numbers_are_held_is_not_guessed_where_the_file_tells_it_elsewhere(tag: int) -> None:
    data = tiff(RAMPS.astype(np.float32), photometric="rgb", metadata=None)
    head, tail = data.split(struct.pack("<HHI", tag, 3, 3))
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(head + struct.pack("<HHI", tag, 3, 2**31) + tail, "a.tif")


def test_a_tag_without_values_is_none() -> None:
    data = retagged(tiff(BYTES, photometric="rgb"), {338: [7]})
    empty = data.replace(struct.pack("<HHII", 338, 4, 1, 7), struct.pack("<HHII", 338, 4, 0, 7))
    assert off(empty, BYTES) == 0


def test_chains_of_pages_that_never_end_are_left() -> None:
    data = bytearray(tiff(np.zeros((8, 8), np.uint8), metadata=None))
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    assert open_photo(bytes(data), "a.tif").width == 8


def test_pages_within_pages_in_great_numbers_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """300 pages that all say to hold the same 300 others."""
    data = tiff(np.zeros((8, 8), np.uint8), metadata=None)
    start = len(data) + len(data) % 2
    data = data.ljust(start, b"\0")
    inner = struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 1, 257, 4, 1, 1, 0)
    offsets = struct.pack("<300I", *[start] * 300)
    made = data + inner + offsets
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    entries = data[first + 2 : first + 2 + 12 * count]
    entries += struct.pack("<HHII", 330, 4, 300, start + len(inner))
    size = 2 + len(entries) + 4
    begin = len(made)
    for i in range(300):
        following = begin + (i + 1) * size if i < 299 else 0
        made += struct.pack("<H", count + 1) + entries + struct.pack("<I", following)
    made = made[:4] + struct.pack("<I", begin) + made[8:]
    read: list[int] = []
    real = tiff_module._page

    def counted(source: Source, start: int) -> tiff_module.Page | None:
        read.append(start)
        return real(source, start)

    monkeypatch.setattr(tiff_module, "_page", counted)
    assert open_photo(made, "a.tif").width == 8
    assert 600 < len(read) < 2000


def test_metadata_that_lead_nowhere_do_no_harm() -> None:
    image = Image.fromarray(BYTES)
    data = retagged(saved(image, "TIFF"), {34665: [999_999], 34853: [3]})
    assert off(data, RAMPS * 255) <= 1


@pytest.mark.parametrize(("orientation", "expected"), [(1, (300.0, 150.0)), (6, (150.0, 300.0))])
def test_a_resolution_is_turned_with_its_page_alone(
    orientation: int, expected: tuple[float, float]
) -> None:
    """A later, larger page that is another picture has no say."""
    noise = np.random.default_rng(2).integers(0, 255, (120, 160, 3), np.uint8)
    first, file = Image.fromarray(BYTES[:36, :48]), io.BytesIO()
    tags = {274: orientation}
    first.save(
        file, "TIFF", dpi=(300, 150), tiffinfo=tags,
        save_all=True, append_images=[Image.fromarray(noise)],
    )  # fmt: skip
    photo = open_photo(file.getvalue(), "a.tif")
    assert photo.dpi == expected
    assert {photo.width, photo.height} == {48, 36}
    assert len(photo.notes) == 1
