"""A TIFF page's numbers as the file holds them.

libtiff is asked for bytes alone: it knows the compressions, and never unpacks more than a strip
holds. What the bytes mean is decided here: Pillow and OpenCV know that of some kinds of pages only.
"""

import io
import sys
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile

from photos.formats.tiff import pages as tiff
from photos.formats.tiff.pages import Page

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_NONE, _WIDELY_KNOWN = 1, {5, 8, 32773, 32946}  # none; LZW, Deflate, PackBits, Deflate
_KINDS = {1: "u", 2: "i", 3: "f"}
_ODD = (10, 12, 14)  # bits that don't end with bytes
_MOST_SAMPLES = 32


def values_of(page: Page) -> NDArray[Any] | None:
    """`(H, W, samples)` of the file's own type; samples of 10, 12 or 14 bits are brought up to 16.
    None for a kind of page that isn't known. Of a damaged one, raises whatever comes."""
    bits, samples, packed = (
        page.bits,
        page.number(tiff.SAMPLES, 1),
        page.number(tiff.COMPRESSION, 1),
    )
    letter = _KINDS.get(page.number(tiff.SAMPLE_FORMAT, 1))
    known = letter is not None and (bits in (8, 16, 32, 64) or (letter == "u" and bits in _ODD))
    if not known or (letter, bits) == ("f", 8) or not 0 < samples <= _MOST_SAMPLES:
        return None
    if packed == _NONE and bits not in _ODD:
        return _unpacked(page)
    if page.number(tiff.PLANES, 1) == 2:
        planes = [_packed(page, 1, own) for own in _planes(page, samples)]
    else:
        planes = [_packed(page, samples, {})]
    read = [plane for plane in planes if plane is not None]
    if len(read) == len(planes):
        return np.concatenate(read, axis=2)
    if packed in _WIDELY_KNOWN:
        raise ValueError("damaged")
    return None


def _unpacked(page: Page) -> NDArray[Any]:
    for tags in zip(tiff.OFFSETS, tiff.LENGTHS, strict=True):
        for offset, length in zip(*(_parts(page, tag) for tag in tags), strict=False):
            if not length or offset + length > len(page.data):
                raise ValueError("cut short")  # tifffile would leave that black
    with TiffFile(io.BytesIO(page.alone({tiff.PREDICTOR: []}))) as file:
        first: Any = file.pages[0]
        parts, _, height, width, within = first.shaped
        held: NDArray[Any] = first.asarray().reshape(parts, height, width, within)
    return np.moveaxis(held, 0, 2).reshape(height, width, parts * within)


def _parts(page: Page, tag: int) -> tuple[float, ...]:
    return page.numbers(tag, most=tiff.MOST_PARTS)


def _planes(page: Page, samples: int) -> list[dict[int, Sequence[int]]]:
    """Where each sample is, if they are held one after the other."""
    tags = [tag for tag in tiff.OFFSETS + tiff.LENGTHS if tag in page.entries]
    parts = {tag: np.array_split(np.array(_parts(page, tag), np.int64), samples) for tag in tags}
    return [{tag: part[i].tolist() for tag, part in parts.items()} for i in range(samples)]


def _packed(page: Page, samples: int, own: dict[int, Sequence[int]]) -> NDArray[Any] | None:
    """Its bytes are read as those of a grey page, one a pixel (or two, for 16 and more bits). None
    if OpenCV can't."""
    width, height = page.size
    tile = page.number(tiff.TILE_WIDTH) or width
    tiles = -(-width // tile)
    unit = 2 if page.bits % 16 == 0 else 1
    wide = -(-tile * samples * page.bits // 8) // unit
    changes = own | {
        tiff.WIDTH: [tiles * wide],
        tiff.SAMPLES: [1],
        tiff.BITS: [unit * 8],
        tiff.SAMPLE_FORMAT: [1],
        tiff.PHOTOMETRIC: [tiff.GREY],
        tiff.PLANES: [1],
        tiff.EXTRA_SAMPLES: [],
        tiff.PREDICTOR: [],
    }
    if tiff.TILE_WIDTH in page.entries:
        changes[tiff.TILE_WIDTH] = [wide]
    data = np.frombuffer(page.alone(changes), np.uint8)
    read: NDArray[Any] | None = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if read is None or read.shape != (height, tiles * wide) or read.dtype.itemsize != unit:
        return None
    if unit == 2 and (page.order == "<") != (sys.byteorder == "little"):
        read = read.byteswap()
    stored = read.view(np.uint8).reshape(height, tiles, -1)
    parts = [_numbers(page, stored[:, i], (height, tile, samples)) for i in range(tiles)]
    return np.concatenate(parts, axis=1)[:, :width]


def _numbers(page: Page, stored: NDArray[np.uint8], shape: tuple[int, int, int]) -> NDArray[Any]:
    """The numbers that a strip's or tile's bytes stand for: where differences are held, sums."""
    predictor = page.number(tiff.PREDICTOR, 1)
    if page.bits in _ODD:
        return _brought_to_16(stored, page.bits, shape)
    kind = np.dtype(f"{page.order}{_KINDS[page.number(tiff.SAMPLE_FORMAT, 1)]}{page.bits // 8}")
    if predictor == 3:
        # Differences between bytes: first the highest bytes of all numbers, then the next.
        sums = np.cumsum(stored.reshape(shape[0], -1, shape[2]), axis=1, dtype=np.uint8)
        places = sums.reshape(shape[0], kind.itemsize, -1).swapaxes(1, 2)
        return np.ascontiguousarray(places).view(kind.newbyteorder(">")).reshape(shape)
    held = np.ascontiguousarray(stored)
    if predictor != 2:
        return held.view(kind).reshape(shape)
    whole = np.dtype(f"{page.order}u{kind.itemsize}")
    numbers = held.view(whole).reshape(shape).astype(whole.newbyteorder("="))
    return np.cumsum(numbers, axis=1, dtype=numbers.dtype).view(kind.newbyteorder("="))


def _brought_to_16(
    stored: NDArray[np.uint8], bits: int, shape: tuple[int, int, int]
) -> NDArray[np.uint16]:
    """Numbers that don't end with bytes; each row begins with one."""
    numbers = np.empty((shape[0], shape[1] * shape[2]), np.uint16)
    for row, held in zip(numbers, stored, strict=True):
        each = np.unpackbits(held)[: len(row) * bits].reshape(-1, bits)
        places = np.packbits(np.pad(each, ((0, 0), (16 - bits, 0))), axis=1)
        row[:] = places.view(">u2")[:, 0].astype(np.uint32) * 65535 // ((1 << bits) - 1)
    return numbers.reshape(shape)
