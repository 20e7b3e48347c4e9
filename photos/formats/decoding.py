"""From a file's bytes to pixels: the photo in it, upright, in 8-bit sRGB."""

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from photos.formats import containers, declared
from photos.formats.picture import RAW, Picture, Raster, Unsupported, orientation_of, readable
from photos.formats.tiff import photo as tiff_photo

pillow_heif.register_heif_opener()
# Pillow's own limit warns first and raises at twice as much; ours raises once, in plain words.
Image.MAX_IMAGE_PIXELS = None
PngImagePlugin.MAX_TEXT_CHUNK = containers.LONGEST_TEXT
PngImagePlugin.MAX_TEXT_MEMORY = 4 * containers.LONGEST_TEXT

_EXIF = {"exif", "Raw profile type exif"}
_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "TIFF", "AVIF", "GIF", "BMP")


def opened(data: bytes) -> Picture:
    """The picture in a file, before its pixels are decoded.

    Raises Unsupported for a whole file that can't be read, and whatever the decoder raises for one
    that is damaged or no picture.
    """
    kind = containers.format_of(data)
    if kind == "RAW":
        raise Unsupported(RAW)
    if kind == "TIFF":
        return tiff_photo.opened(data)
    image = _whatever_is_described(data, _by_pillow)
    if kind == "PNG" and _EXIF.isdisjoint(image.info) and containers.pixels_come_last(data):
        image.info["exif"] = b""  # else Pillow decodes all pixels, to look for it behind them
    told = readable(image)
    return Picture(told.size, told, lambda: (_pixels(data, told), _of_animation(image)))


def _by_pillow(data: bytes) -> Image.Image:
    kind = containers.format_of(data)
    if kind in ("HEIF", "AVIF"):
        data = containers.known_brand(data)
    try:
        return Image.open(io.BytesIO(data), formats=(kind,) if kind else _FORMATS)
    except UnidentifiedImageError:
        if kind == "HEIF" and not len(pillow_heif.open_heif(io.BytesIO(data))):
            # It leaves out pictures for which it has no decoder, such as VVC's.
            told = "holds its pixels in a coding that can't be read here. Save it as JPEG or PNG."
            raise Unsupported(told) from None
        raise


def _of_animation(image: Image.Image) -> str | None:
    """What is told of a file whose pictures follow each other in time. To count them would take a
    long GIF's time."""
    try:
        moves = image.format in _ANIMATED and getattr(image, "is_animated", False)
    except Exception:  # what is damaged behind the first picture does it no harm
        return None
    return "An animation, of which the first picture was taken." if moves else None


def _whatever_is_described[Read](data: bytes, read: Callable[[bytes], Read]) -> Read:
    """Intact pixels are read whatever texts, EXIF and other descriptions there are beside them."""
    try:
        return read(data)
    except (Unsupported, MemoryError):
        raise
    except Exception:
        bare = containers.without_descriptions(data)
        if bare is None:
            raise
        return read(bare)


def _pixels(data: bytes, told: Image.Image) -> Raster:
    image, raster = _whatever_is_described(data, _loaded)
    final = declared.in_srgb(raster, declared.of_image(image, data))
    # libheif has turned a HEIF as its container says. What EXIF and XMP say beside isn't to be
    # applied again.
    return final if image.format == "HEIF" else final.turned(orientation_of(told))


def _loaded(data: bytes) -> tuple[Image.Image, Raster]:
    image = _by_pillow(data)
    image.load()
    clear = image.info.get("transparency")
    if image.mode == "RGB" and isinstance(clear, tuple) and max(clear) > 255:
        # One colour of 16 bits a sample is transparent, but Pillow has rounded it to 8 bits.
        deep: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        alpha = np.where(deep[..., 3], 255, 0).astype(np.uint8)
        return image, Raster(image, Image.fromarray(alpha))
    return image, Raster.of(image)
