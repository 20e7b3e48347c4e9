"""Numbers of more than 8 bits, which Pillow rounds or refuses where there are several a pixel."""

from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.formats import containers
from photos.formats.colour import Space
from photos.formats.decoding import opened
from photos.formats.icc import matrix_of
from photos.formats.picture import Raster, orientation_of
from photos.formats.tiff import pages as tiff
from photos.formats.tiff.pages import photo_page
from photos.formats.tiff.values import values_of

type Deep = NDArray[np.uint16]

_BIT_DEPTH = 24
"""Where in a PNG it stands."""
_PNG_RGB = (2, 6)
"""Of PNG's types of colour: without and with opacity."""
_TO_RGB = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}
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


class Kept(NamedTuple):
    """profile: the ICC profile of colours of 16 bits that results can have too, empty for sRGB;
    None if there are none, or they can't be kept. note: what the person should know of it."""

    profile: bytes | None = None
    note: str | None = None


def kept(data: bytes, raster: Raster) -> Kept:
    """What results can keep of the bits and the colours of a PNG or TIFF that was decoded."""
    depth, why = _depth_of(data, raster.colours.size)
    if depth <= 8:
        return Kept()
    alpha = raster.alpha
    if not why and alpha is not None and np.asarray(alpha).min() < 255:
        why = "some of it is transparent"
    space = raster.declared
    if not why and isinstance(space, Space):
        why = "they are in a colour space of their own, without a profile"
    elif not why and space and matrix_of(space) is None:
        why = "their profile is no matrix with one curve"
    if why or isinstance(space, Space):
        return Kept(None, f"The file's colours have {depth} bits; results have 8, in sRGB: {why}.")
    if raster.broken and not space:
        told = "The file's colour profile can't be used: its colours are taken for sRGB's."
        return Kept(b"", told)
    return Kept(space or b"")


def _depth_of(data: bytes, size: tuple[int, int]) -> tuple[int, str]:
    """How many bits a sample has, and why they can't be kept, if they can't. size: the photo's."""
    kind = containers.format_of(data)
    if kind == "PNG":
        return data[_BIT_DEPTH], "" if data[_BIT_DEPTH + 1] in _PNG_RGB else "they are grey"
    if kind != "TIFF":
        return 8, ""
    page, larger = photo_page(data)
    if larger and sorted(size) == sorted(larger.size):
        return larger.bits, "they aren't on the file's first page"
    photometric = page.number(tiff.PHOTOMETRIC)
    if photometric != tiff.RGB:
        return page.bits, "they are grey" if photometric <= tiff.GREY else "they aren't RGB"
    if page.bits > 16 or page.number(tiff.SAMPLE_FORMAT, 1) != 1:
        return page.bits, "they aren't whole numbers of 16 bits"
    return page.bits, ""


def _of_png(data: bytes) -> Deep | None:
    read: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint16:
        return None
    values = (
        read[..., None] if read.ndim == 2 else cv2.cvtColor(read, _TO_RGB[read.shape[2]], dst=read)
    )
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
    values = values[..., : colours if opaque else colours + 1].astype(np.uint16, copy=False)
    if photometric == 0:
        values[..., :1] = 65535 - values[..., :1]
    return _upright(values, page.number(tiff.ORIENTATION) or 1)


def _upright(values: NDArray[Any], orientation: int) -> Deep:
    swapped, down, across = _FLIPS.get(orientation, (False, False, False))
    if swapped:
        values = values.swapaxes(0, 1)
    values = values[:: -1 if down else 1, :: -1 if across else 1]
    return cast(Deep, np.ascontiguousarray(values))
