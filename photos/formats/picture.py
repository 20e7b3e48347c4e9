"""A file's photo: before its pixels are decoded, and after."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from PIL import Image

from photos.formats.colour import Space

RAW = "is a camera's raw file: export it as JPEG or TIFF."
_ORIENTATION = 0x0112


class Unsupported(ValueError):
    """Pixels that are whole and can't be read. Its text ends a sentence that begins with the
    file's name, and says what to do."""


@dataclass(frozen=True)
class Raster:
    """colours: 8 bits, "L", "RGB" or "CMYK", as the file has them. alpha: "L", the same size, or
    None where the file has none. converted: the colours were others in the file, and are sRGB.
    sideways: it was turned by a quarter. declared: the ICC profile or the space that they were
    converted from. broken: a profile in the file makes no sense, or is for other colours."""

    colours: Image.Image
    alpha: Image.Image | None = None
    converted: bool = False
    sideways: bool = False
    declared: bytes | Space | None = None
    broken: bool = False

    @classmethod
    def of(cls, image: Image.Image) -> Self:
        """From what Pillow decoded."""
        if image.mode.startswith("I"):
            return cls(*_of_deep_grey(image))
        if image.mode == "La":
            image = image.convert("LA")
        grey = image.mode in ("1", "L", "LA")
        alpha = None
        if image.has_transparency_data:
            image = image.convert("RGBA")
            alpha = image.getchannel("A")
        if image.mode != "CMYK":
            image = in_mode(image, "L" if grey else "RGB")
        return cls(image, alpha)

    def turned(self, orientation: int) -> Self:
        """As EXIF's orientation says: 1 to 8."""
        method = _TURNS.get(orientation)
        if method is None:
            return self
        alpha = self.alpha.transpose(method) if self.alpha else None
        turned = self.colours.transpose(method)
        return replace(self, colours=turned, alpha=alpha, sideways=orientation >= 5)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """`image.convert(mode)`, without the copy that Pillow makes of an image that has the mode."""
    return image if image.mode == mode else image.convert(mode)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _of_deep_grey(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A grey picture of 16 bits in 8, and its alpha: one shade may be marked as transparent."""
    values = np.asarray(image).astype(np.uint32)
    clear = image.info.get("transparency")
    alpha = None
    if isinstance(clear, int):
        alpha = Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8))
    return Image.fromarray(((values + 128) // 257).clip(0, 255).astype(np.uint8)), alpha


@dataclass(frozen=True)
class Picture:
    """size: width and height of what is decoded, in pixels, as stored. told: an image that isn't
    loaded, with the file's metadata. decoded: makes the pixels, upright RGB in sRGB, and a sentence
    on other pictures in the file, if there are any."""

    size: tuple[int, int]
    told: Image.Image
    decoded: Callable[[], tuple[Raster, str | None]]


def readable(image: Image.Image) -> Image.Image:
    """The image to read metadata from: without its EXIF if that is damaged."""
    try:
        image.getexif()
    except Exception:  # Pillow raises whatever comes
        bare = Image.new("1", image.size)
        bare.info = {key: value for key, value in image.info.items() if "exif" not in str(key)}
        return bare
    return image


def orientation_of(told: Image.Image) -> int:
    """EXIF's, 1 to 8; 1 if it says nothing."""
    value = told.getexif().get(_ORIENTATION, 1)
    return value if isinstance(value, int) else 1
