"""A TIFF page's numbers become 8-bit pictures, whatever they are: ints, floats, Lab, CMYK."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from photos.formats import colour
from photos.formats.picture import Raster, Unsupported
from photos.formats.tiff import pages as tiff
from photos.formats.tiff.pages import Page
from photos.formats.tiff.values import by_pillow, values_of

_CMYK, _LAB, _ICC_LAB = 5, 8, 9
_COLOURS = {0: 1, tiff.GREY: 1, tiff.RGB: 3, _CMYK: 4, _LAB: 3, _ICC_LAB: 3}
_PREMULTIPLIED, _STRAIGHT = 1, 2
_KNOWN = {1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32946, 34925, 50000}
"""Compressions that Pillow's libtiff has a decoder for."""
_SPARE = 4096**2
"""Pixels that tiles may have beyond their page; it is those that are unpacked."""


def raster(page: Page) -> Raster:
    """The page's picture, not turned yet. Raises Unsupported, or whatever the decoder does for
    what is damaged.

    Whole numbers count in the range of their format; those of 32 bits in that of 8 or 16 bits if
    none is larger. Floats count from 0 to 1, as scenes are held: what is above is clipped. Only if
    they are all whole or most of them above 4, they count to 255, or to 65535 if more than one in
    a hundred is above 255. What is below 0 or not a number is black.
    """
    photometric = page.number(tiff.PHOTOMETRIC)
    if page.number(tiff.COMPRESSION, 1) not in _KNOWN:
        raise Unsupported(_told(page))
    if not page.whole or page.covered > 2 * page.area + _SPARE:
        raise ValueError("damaged")
    if page.bits <= 8 and photometric not in (_LAB, _ICC_LAB):
        try:
            return Raster.of(by_pillow(page))
        except UnidentifiedImageError:
            pass
    colours = _COLOURS.get(photometric)
    if colours is None:
        raise Unsupported(_told(page))
    values = values_of(page)
    if values is None or values.shape[2] < colours:
        raise Unsupported(_told(page))
    extra = page.numbers(tiff.EXTRA_SAMPLES) or (_STRAIGHT,)
    alpha = None
    if values.shape[2] > colours and extra[0] in (_PREMULTIPLIED, _STRAIGHT):
        alpha = values[..., colours]
    with np.errstate(all="ignore"):  # floats may be whatever they like
        return _picture(values[..., :colours], alpha, page, extra[0] == _PREMULTIPLIED)


def _picture(
    values: NDArray[Any], alpha: NDArray[Any] | None, page: Page, premultiplied: bool
) -> Raster:
    photometric = page.number(tiff.PHOTOMETRIC)
    if photometric in (_LAB, _ICC_LAB):
        white = page.numbers(tiff.WHITE)
        lab = colour.lab_to_rgb(
            _lab(values, old=photometric == _LAB), (white[0], white[1]) if len(white) == 2 else None
        )
        seen = None if alpha is None else Image.fromarray(eight_bits(alpha, top_of(alpha)))
        return Raster(lab, seen, converted=True)
    top = top_of(values)
    seen = None
    if alpha is not None:
        clear = top_of(alpha) if alpha.dtype.kind == "f" else top
        seen = Image.fromarray(eight_bits(alpha, clear))
        if premultiplied:
            values = _straight(values, alpha, clear)
    levels = eight_bits(values, top)
    if photometric == 0:
        levels = 255 - levels
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[levels.shape[2]]
    flat = levels[..., 0] if mode == "L" else levels
    image = Image.frombytes(mode, flat.shape[1::-1], np.ascontiguousarray(flat).tobytes())
    return Raster(image, seen)


def top_of(values: NDArray[Any]) -> float:
    """The number that stands for white."""
    if values.dtype.kind != "f":
        peak, limit = int(values.max(initial=0)), np.iinfo(values.dtype).max
        if values.dtype.itemsize <= 2:
            return float(limit)
        return next((float(top) for top in (255, 65535) if peak <= top), float(limit))
    sample = values[:: max(1, values.shape[0] // 512), :: max(1, values.shape[1] // 512)]
    lit = sample[np.isfinite(sample) & (sample > 0)]
    if not lit.size:
        return 1.0
    whole = lit.max() > 1 and bool((lit == np.rint(lit)).all())
    if np.median(lit) <= 4 and not whole:
        return 1.0
    return 255.0 if np.percentile(lit, 99) <= 255 else 65535.0


def eight_bits(values: NDArray[Any], top: float) -> NDArray[np.uint8]:
    """`uint8` of the same shape, 0 to 255: `top` becomes 255, and what is no number 0."""
    levels = np.empty(values.shape, np.uint8)
    kind: Any = np.float64 if values.dtype.itemsize > 4 else np.float32
    for part, numbers in zip(colour.bands(levels), colour.bands(values), strict=True):
        scaled = np.nan_to_num(numbers.astype(kind) * kind(255 / top))
        part[...] = np.clip(np.rint(scaled), 0, 255)
    return levels


def _straight(values: NDArray[Any], alpha: NDArray[Any], top: float) -> NDArray[np.float32]:
    """Colours that were multiplied with their alpha, as they are without it."""
    opacity = np.clip(alpha.astype(np.float32) / np.float32(top), 0, 1)[..., None]
    colours = values.astype(np.float32)
    np.divide(colours, opacity, out=colours, where=opacity > 0)
    return colours


def _lab(values: NDArray[Any], *, old: bool) -> NDArray[np.float32]:
    """L in [0, 100], a and b around 0. old: a and b are signed, and not shifted as ICC has it."""
    if values.dtype.kind == "f":
        return np.nan_to_num(values.astype(np.float32))
    values = values.astype(values.dtype.newbyteorder("="))
    bits = values.dtype.itemsize * 8
    white = 255 if bits == 8 else (65535 if old else 65280)
    one = np.float32(1 << (bits - 8))
    a_b = values[..., 1:]
    hue = a_b.view(f"i{bits // 8}").astype(np.float32) / one if old else a_b / one - 128
    lightness = values[..., :1].astype(np.float32) * np.float32(100 / white)
    return np.concatenate([lightness, hue.astype(np.float32)], axis=2)


def _told(page: Page) -> str:
    kinds = {2: "signed ", 3: "floating-point ", 5: "complex ", 6: "complex "}
    kind = kinds.get(page.number(tiff.SAMPLE_FORMAT, 1), "")
    return (
        f"holds {page.number(tiff.SAMPLES, 1)} × {int(page.bits)} {kind}bits a pixel in a way that "
        f"can't be read here (photometric {page.number(tiff.PHOTOMETRIC)}, compression "
        f"{page.number(tiff.COMPRESSION, 1)}). Save it as a TIFF of 8 or 16 bits in RGB."
    )
