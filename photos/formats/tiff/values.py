"""A TIFF page's numbers as the file holds them.

libtiff, which knows the compressions and never unpacks more than a strip holds, is asked for bytes
alone: what they mean, Pillow knows of some kinds of pages only.
"""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from photos.formats.tiff import pages as tiff
from photos.formats.tiff.pages import Changes, Page

# Pillow's own reader of uncompressed pages takes subsampled colours for full ones.
TiffImagePlugin.READ_LIBTIFF = True

_WITHOUT_SUMS = {1, 32773}  # none, PackBits
_OF_BYTES = {5, 8, 32946, 34925, 50000} | _WITHOUT_SUMS  # LZW, Deflate, Deflate, LZMA, Zstandard
_KINDS = {1: "u", 2: "i", 3: "f"}
_ODD = (10, 12, 14)  # bits that don't end with bytes
_MOST_SAMPLES = 32
_BAND = 1 << 18
"""Pixels that are worth a thread."""


def by_pillow(page: Page, changes: Changes | None = None) -> Image.Image:
    """Raises UnidentifiedImageError for what it doesn't know, and whatever comes of damage."""
    image = Image.open(io.BytesIO(page.alone(changes or {})), formats=("TIFF",))
    image.load()
    return image


def values_of(page: Page) -> NDArray[Any] | None:
    """`(H, W, samples)`; of 10, 12 or 14 bits a sample, brought up to 16. None if it's a kind that
    isn't known. Raises whatever comes of what is damaged."""
    bits, samples = page.bits, page.number(tiff.SAMPLES, 1)
    letter = _KINDS.get(page.number(tiff.SAMPLE_FORMAT, 1))
    known = letter is not None and (bits in (8, 16, 32, 64) or (letter == "u" and bits in _ODD))
    if not known or (letter, bits) == ("f", 8) or not 0 < samples <= _MOST_SAMPLES:
        return None
    if page.number(tiff.COMPRESSION, 1) not in _OF_BYTES:
        return None
    planes = page.number(tiff.PLANES, 1)
    if planes == 1:
        return _unpacked(page, samples, {})
    if planes != 2:
        raise ValueError("damaged")
    return np.concatenate([_unpacked(page, 1, own) for own in _planes(page, samples)], axis=2)


def _planes(page: Page, samples: int) -> list[Changes]:
    """Where each sample is, if they are held one after the other."""
    parts = {
        tag: np.array_split(np.array(page.many(tag), np.int64), samples)
        for tag in (*tiff.STRIPS, *tiff.TILES)
    }
    return [{tag: part[i].tolist() for tag, part in parts.items()} for i in range(samples)]


def _unpacked(page: Page, samples: int, own: Changes) -> NDArray[Any]:
    """In bands, several at once."""
    with ThreadPoolExecutor(os.process_cpu_count()) as threads:
        bands = threads.map(lambda band: _unpacked_band(page, samples, band), _bands(page, own))
        return np.concatenate(list(bands))


def _bands(page: Page, own: Changes) -> list[Changes]:
    """As many strips each, for as many rows. A single band has all strips: of a small picture, and
    where it isn't certain which rows a strip has."""
    begins, lengths = (
        [int(each) for each in own.get(tag) or page.many(tag)] for tag in tiff.STRIPS
    )
    (width, height), rows = page.size, int((page.many(tiff.ROWS_A_STRIP) or (0,))[0])
    plain = rows > 0 and len(begins) == -(-height // rows) and page.apart(begins, lengths)
    # Of an only strip, libtiff knows the length where the file is wrong.
    if not plain or len(begins) == 1 or tiff.TILE_WIDTH in page.told:
        return [own]
    worth = -(-_BAND // (rows * width))
    step = max(-(-len(begins) // (2 * (os.process_cpu_count() or 1))), worth)
    return [
        {
            **own,
            tiff.HEIGHT: [min(step * rows, height - first * rows)],
            tiff.STRIPS[0]: begins[first : first + step],
            tiff.STRIPS[1]: lengths[first : first + step],
        }
        for first in range(0, len(begins), step)
    ]


def _unpacked_band(page: Page, samples: int, band: Changes) -> NDArray[Any]:
    """Its bytes are read as a grey page that is as wide as they are many."""
    width, height = page.size
    height = band.get(tiff.HEIGHT, (height,))[0]
    tile = page.number(tiff.TILE_WIDTH) or width
    tiles = -(-width // tile)
    wide = -(-tile * samples * page.bits // 8)
    changes = {
        **band,
        tiff.WIDTH: [tiles * wide],
        tiff.SAMPLES: [1],
        tiff.BITS: [8],
        tiff.SAMPLE_FORMAT: [1],
        tiff.PHOTOMETRIC: [tiff.GREY],
        tiff.PLANES: [1],
        tiff.EXTRA_SAMPLES: [],
        tiff.PREDICTOR: [],
        tiff.TILE_WIDTH: [wide] if tiff.TILE_WIDTH in page.told else [],
    }
    stored = np.asarray(by_pillow(page, changes)).reshape(height, tiles, wide)
    parts = [_numbers(page, stored[:, i], (height, tile, samples)) for i in range(tiles)]
    return (np.concatenate(parts, axis=1) if tiles > 1 else parts[0])[:, :width]


def _numbers(page: Page, stored: NDArray[np.uint8], shape: tuple[int, int, int]) -> NDArray[Any]:
    """A strip's or tile's, of its bytes: where differences are held, their sums."""
    if page.bits in _ODD:
        return _brought_to_16(stored, page.bits, shape)
    order, kind = page.source.order, _KINDS[page.number(tiff.SAMPLE_FORMAT, 1)]
    dtype = np.dtype(f"{order}{kind}{page.bits // 8}")
    summed = page.number(tiff.COMPRESSION, 1) not in _WITHOUT_SUMS
    predictor = page.number(tiff.PREDICTOR, 1) if summed else 1
    if predictor == 3:
        # Differences between bytes, of which the highest of all numbers come first.
        sums = np.cumsum(stored.reshape(shape[0], -1, shape[2]), axis=1, dtype=np.uint8)
        places = sums.reshape(shape[0], dtype.itemsize, -1).swapaxes(1, 2)
        return np.ascontiguousarray(places).view(dtype.newbyteorder(">")).reshape(shape)
    held = np.ascontiguousarray(stored)
    if predictor != 2:
        return held.view(dtype).reshape(shape)
    numbers = held.view(f"{order}u{dtype.itemsize}").reshape(shape)
    sums = np.cumsum(numbers, axis=1, dtype=f"u{dtype.itemsize}")
    return sums.view(dtype.newbyteorder("="))


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
