"""Raw files of cameras, of which only a thumbnail could be read."""

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile

from photos.photo import PhotoError
from photos.reading import open_photo
from tests.pictures import left_red_right_blue, retagged, saved, tiff

SMALL = np.full((12, 16, 3), 99, np.uint8)
FULL = np.full((48, 64), 99, np.uint16)
WHY = "“{}” is a camera's raw file: export it as JPEG or TIFF."


def refused(data: bytes, name: str) -> str:
    with pytest.raises(PhotoError) as caught:
        open_photo(data, name)
    return str(caught.value)


def raw(photometric: int, compression: int = 1, **first: Any) -> bytes:
    """A thumbnail, and in a page within it what the sensor saw; as DNG, NEF, ARW and their kin."""
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(SMALL, subfiletype=1, photometric="rgb", subifds=1, **first)
        file.write(FULL, photometric=photometric)
    data = made.getvalue()
    old = struct.pack("<HHIHxx", 259, 3, 1, 1)
    at = data.rindex(old)
    return data[:at] + struct.pack("<HHIHxx", 259, 3, 1, compression) + data[at + 12 :]


STARTS = {
    "cr2": b"II*\0\x10\0\0\0CR\2\0",
    "cr3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "crw": b"II\x1a\0\0\0HEAPCCDR",
    "raf": b"FUJIFILMCCD-RAW 0201FF383501",
    "orf": b"IIRO\x08\0\0\0",
    "orf of the older kind": b"IIRS\x08\0\0\0",
    "orf, big-endian": b"MMOR\0\0\0\x08",
    "rw2": b"IIU\0\x18\0\0\0",
    "x3f": b"FOVb\0\0\2\0",
    "mrw": b"\0MRM\0\0\0\0",
    "iiq": b"IIII\1\0\0\0",
}


@pytest.mark.parametrize("name", ["photo.jpg", "photo.tif", "photo.xyz", "photo"])
@pytest.mark.parametrize("kind", STARTS)
def test_their_first_bytes_tell_them_whatever_their_name(kind: str, name: str) -> None:
    assert refused(STARTS[kind] + bytes(400), name) == WHY.format(name)


@pytest.mark.parametrize("name", ["photo.jpg", "photo.dng"])
@pytest.mark.parametrize(
    "data",
    [
        raw(32803),
        raw(34892),
        raw(1, 34713),
        raw(1, 32767),
        raw(1, 65535),
        raw(1, extratags=[(50706, "B", 4, (1, 4, 0, 0), True)]),
        tiff(FULL, extratags=[(33422, "B", 4, (0, 1, 1, 2), True)]),
        tiff(SMALL, photometric="rgb", extratags=[(50706, "B", 4, (1, 4, 0, 0), True)]),
        tiff(FULL, byteorder=">", photometric=32803),
    ],
    ids=["mosaic", "linear", "NEF", "ARW", "PEF", "DNG", "pattern", "DNG of RGB", "big-endian"],
)
def test_tags_tell_those_that_look_like_a_tiff(data: bytes, name: str) -> None:
    assert refused(data, name) == WHY.format(name)


@pytest.mark.parametrize("ending", ["nef", "ARW", "dng", "Pef", "srw", "3fr"])
def test_the_ending_tells_a_tiff_that_says_nothing_else(ending: str) -> None:
    data = tiff(SMALL, subfiletype=1, photometric="rgb")
    assert refused(data, f"photo.{ending}") == WHY.format(f"photo.{ending}")
    assert refused(bytes(400), f"photo.{ending}") == WHY.format(f"photo.{ending}")


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_another_photo_by_such_a_name_is_a_photo(format_: str) -> None:
    assert open_photo(saved(left_red_right_blue(), format_), "photo.nef").width == 64


def test_a_plain_tiff_is_a_photo() -> None:
    for data in (tiff(FULL), retagged(tiff(SMALL, photometric="rgb"), {254: [0]})):
        assert not [note for note in open_photo(data, "a.tif").notes if "page" in note]
