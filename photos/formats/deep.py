"""Numbers of more than 8 bits, which Pillow rounds or refuses where there are several a pixel."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.formats import containers
from photos.formats.decoding import opened
from photos.formats.picture import orientation_of
from photos.formats.tiff import pages as tiff
from photos.formats.tiff.pages import photo_page
from photos.formats.tiff.values import values_of

type Deep = NDArray[np.uint16]

_BIT_DEPTH = 24
"""Where in a PNG it stands."""
_FLIPS: dict[int, tuple[bool, bool, bool]] = {
    2: (False, False, True), 3: (False, True, True), 4: (False, True, False),
    5: (True, False, False), 6: (True, False, True), 7: (True, True, True),
    8: (True, True, False),
}  # fmt: skip
"""EXIF's orientations: whether rows and columns change places, then rows and columns turn round."""


def deep_values(data: bytes) -> Deep | None:
    """`uint16 (H, W, samples)`, upright: the numbers of a PNG or TIFF with more than 8 bits a
    sample, 0 to 65535 as white is, in the file's own colours; grey or RGB, with its opacity after
    them if it has one. None for any other file. Raises whatever comes of one that is damaged.
    """
    kind = containers.format_of(data)
    if kind == "PNG" and data[_BIT_DEPTH : _BIT_DEPTH + 1] == b"\x10":
        return _of_png(data)
    return _of_tiff(data) if kind == "TIFF" else None


def rounded(data: bytes, *, converted: bool) -> str | None:
    """What results don't keep of the colours of a PNG or TIFF that could be opened, as a sentence;
    None if they have 8 bits or fewer. converted: whether they are others than sRGB's."""
    kind, depth = containers.format_of(data), 8
    if kind == "PNG":
        depth = data[_BIT_DEPTH]
    elif kind == "TIFF":
        depth = photo_page(data)[0].bits
    if depth <= 8:
        return None
    own = " in a colour space of their own" if converted else ""
    return f"The file's colours have {depth} bits{own}; results have 8 bits, in sRGB."


def _of_png(data: bytes) -> Deep | None:
    read: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint16:
        return None
    values = read[..., None] if read.ndim == 2 else read[..., [2, 1, 0, 3][: read.shape[2]]]
    return _upright(values, orientation_of(opened(data).told))


def _of_tiff(data: bytes) -> Deep | None:
    page, _ = photo_page(data)
    photometric = page.number(tiff.PHOTOMETRIC)
    colours = {0: 1, tiff.GREY: 1, tiff.RGB: 3}.get(photometric)
    if colours is None or not 8 < page.bits <= 16 or page.number(tiff.SAMPLE_FORMAT, 1) != 1:
        return None
    values = values_of(page) if page.whole else None
    if values is None or values.shape[2] < colours:
        return None
    extra = page.numbers(tiff.EXTRA_SAMPLES) or (2,)
    opaque = values.shape[2] == colours or extra[0] not in (1, 2)
    values = values[..., : colours if opaque else colours + 1].astype(np.uint16)
    if photometric == 0:
        values[..., :1] = 65535 - values[..., :1]
    return _upright(values, page.number(tiff.ORIENTATION) or 1)


def _upright(values: NDArray[Any], orientation: int) -> Deep:
    swapped, down, across = _FLIPS.get(orientation, (False, False, False))
    if swapped:
        values = values.swapaxes(0, 1)
    values = values[:: -1 if down else 1, :: -1 if across else 1]
    return cast(Deep, np.ascontiguousarray(values))
