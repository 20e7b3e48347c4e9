"""Pictures as TIFF files: 8 or 16 bits, compressed without loss, with EXIF and an ICC profile."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from photos.formats.tiff import pages as tags
from photos.ifd import LONG, SHORT, UNDEFINED, Directory, Entry, entry
from photos.metadata import Exif
from photos.png import LEVEL

_DEFLATE, _DIFFERENCES, _STRAIGHT = 8, 2, 2
_STRIP = 1 << 20
"""Bytes of a strip before it's compressed, about."""


def tiff(
    image: NDArray[np.uint8] | NDArray[np.uint16],
    *,
    exif: Exif | None = None,
    profile: bytes = b"",
) -> bytes:
    """Make a TIFF file. It is lossless; colours under what is transparent stay, too.

    Parameters
    ----------
    image : (H, W), (H, W, 3) or (H, W, 4) uint8 or uint16 array
        Grey, RGB or RGBA, not premultiplied.
    exif : Exif, optional
        Its directories become those of the file.
    profile : bytes
        An ICC profile. Empty: none.

    Returns
    -------
    file : bytes

    Notes
    -----
    TIFF 6.0 in strips, compressed by Deflate with the horizontal predictor (Adobe's Photoshop
    technical notes of 2002).

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> red = np.full((2, 3, 3), (255, 0, 0), np.uint8)
    >>> with Image.open(io.BytesIO(tiff(red))) as file:
    ...     file.format, file.mode, file.getpixel((0, 0))
    ('TIFF', 'RGB', (255, 0, 0))
    """
    height, width = image.shape[:2]
    samples = 1 if image.ndim == 2 else image.shape[2]
    told = exif if exif and bytes(exif) else Exif("<")
    order = told.order
    rows = max(1, _STRIP // (width * samples * image.itemsize))
    strips = _strips(image.reshape(height, width, samples), rows, order)
    first = {
        tags.WIDTH: entry(order, LONG, width),
        tags.HEIGHT: entry(order, LONG, height),
        tags.BITS: entry(order, SHORT, *[8 * image.itemsize] * samples),
        tags.COMPRESSION: entry(order, SHORT, _DEFLATE),
        tags.PHOTOMETRIC: entry(order, SHORT, tags.GREY if samples == 1 else tags.RGB),
        tags.SAMPLES: entry(order, SHORT, samples),
        tags.ROWS_A_STRIP: entry(order, LONG, rows),
        tags.PLANES: entry(order, SHORT, 1),
        tags.PREDICTOR: entry(order, SHORT, _DIFFERENCES),
        tags.STRIPS[1]: entry(order, LONG, *map(len, strips)),
    }
    if samples == 4:
        first[tags.EXTRA_SAMPLES] = entry(order, SHORT, _STRAIGHT)
    if profile:
        first[tags.PROFILE] = Entry(UNDEFINED, profile)
    start = len(_head(told, first, [0] * len(strips)))
    places = list(accumulate(map(len, strips[:-1]), initial=start))
    return b"".join([_head(told, first, places), *strips])


def _head(exif: Exif, first: Directory, places: list[int]) -> bytes:
    """All that comes before the strips; as long wherever they are."""
    strips = {tags.STRIPS[0]: entry(exif.order, LONG, *places)}
    head = exif.led_by(first | strips)
    return head + bytes(len(head) % 2)


def _strips(image: NDArray[Any], rows: int, order: str) -> list[bytes]:
    parts = [image[top : top + rows] for top in range(0, len(image), rows)]
    with ThreadPoolExecutor(os.process_cpu_count()) as threads:
        return list(threads.map(lambda part: _strip(part, order), parts))


def _strip(part: NDArray[Any], order: str) -> bytes:
    differences = part.copy()
    differences[:, 1:] -= part[:, :-1]  # as unsigned numbers wrap
    held = differences.astype(np.dtype(f"{order}u{part.itemsize}"), copy=False)
    return isal_zlib.compress(np.ascontiguousarray(held).data, LEVEL)
