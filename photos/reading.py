"""A file becomes a photo: upright, sRGB, 8 bits, without transparency."""

import io
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from compositing.arrays import Photo
from models.running.settings import number

register_heif_opener()
# Pillow's own limit warns first and raises at twice as much; ours raises once, in plain words.
Image.MAX_IMAGE_PIXELS = None

SUFFIXES = ("jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "avif", "gif", "bmp")
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "TIFF", "AVIF", "GIF", "BMP")
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
EXIF = 0x8769  # the Exif IFD: what is of the exposure, and comments
_GPS = 0x8825
_TOLD = {
    0x010E, 0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x013C,
    0x4746, 0x4749, 0x8298, EXIF, _GPS, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F,
}  # fmt: skip
"""What results keep of the first IFD: description, camera, resolution, software, date, author,
computer, rating, copyright, exposure, place; Windows' title, comment, author, keywords and subject.
Not how the file holds its pixels (a TIFF's strips), nor what may tell the place again (XMP, IPTC).
"""


class PhotoError(ValueError):
    """A file that can't be used, in one sentence with its name that says what to do."""


@dataclass(frozen=True)
class PhotoFile:
    """A photo that could be opened, kept as the bytes it came in.

    width, height: upright, in pixels. exif: without orientation (it's applied) and thumbnails;
    exif_with_gps says where the picture was taken, exif doesn't. profiled: it had an ICC profile.
    """

    name: str
    data: bytes
    width: int
    height: int
    exif: bytes
    exif_with_gps: bytes
    profiled: bool

    @property
    def stem(self) -> str:
        return stem_of(self.name)

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def pixels(self) -> Photo:
        """`uint8 (height, width, 3)`, sRGB; decoded anew each time."""
        return np.array(_to_rgb(_upright(_open(self.data))))


def stem_of(name: str) -> str:
    """A file's name without its ending, for names that are made of it: dots at either end would
    lead out of a folder, or hide what is in it."""
    return Path(name).stem.strip(". ") or "photo"


def max_pixels() -> int:
    """Photos with more pixels are refused: CUTOUT_MAX_MEGAPIXELS, 100 by default. Raises
    PhotoError if that is no number."""
    return _millions("CUTOUT_MAX_MEGAPIXELS")


def max_bytes() -> int:
    """Files with more bytes are refused: CUTOUT_MAX_MEGABYTES, 100 by default. Raises PhotoError
    if that is no number."""
    return _millions("CUTOUT_MAX_MEGABYTES")


def _millions(setting: str) -> int:
    try:
        return int(number(setting, 100) * 1e6)
    except ValueError as error:
        raise PhotoError(str(error)) from error


def open_photo(data: bytes, name: str) -> PhotoFile:
    """The photo in `data`, decoded once to be sure of it. Raises PhotoError."""
    if not data:
        raise PhotoError(f"“{name}” is empty. Choose the file again.")
    if len(data) > max_bytes():
        raise PhotoError(
            f"“{name}” has {len(data) / 1e6:.0f} MB; the limit here is {max_bytes() / 1e6:.0f} MB. "
            "Save it smaller and try again."
        )
    try:
        image = _open(data)
        pixels = image.width * image.height
        if pixels > max_pixels():
            raise PhotoError(
                f"“{name}” has {pixels / 1e6:.0f} megapixels; the limit here is "
                f"{max_pixels() / 1e6:g}. Scale it down and try again."
            )
        upright = _upright(image)
    except PhotoError:
        raise
    except UnidentifiedImageError:
        known = "JPEG, PNG, WebP, HEIC, TIFF, AVIF, GIF or BMP"
        raise PhotoError(f"“{name}” is not a photo that can be read. Use {known}.") from None
    except Exception as error:
        raise PhotoError(f"“{name}” is damaged or cut short. Export it again and retry.") from error
    return PhotoFile(
        name=name,
        data=data,
        width=upright.width,
        height=upright.height,
        exif=exif_block(_told(image, _TOLD - {_GPS})),
        exif_with_gps=exif_block(_told(image, _TOLD)),
        profiled="icc_profile" in image.info,
    )


def read_photo(path: Path) -> PhotoFile:
    """The photo in the file at `path`. Raises PhotoError."""
    try:
        return open_photo(path.read_bytes(), path.name)
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error


def exif_block(exif: Image.Exif) -> bytes:
    """As a file holds it; empty if there is nothing to tell.

    Names and descriptions stay as they were, to the byte: Pillow reads them as Latin-1, whatever
    they are, and would write a question mark for each letter that isn't ASCII.
    """
    for tag, value in exif.items():
        if isinstance(value, str) and not value.isascii():
            exif[tag] = value.encode("latin-1")
    return exif.tobytes() if len(exif) or exif.get_ifd(EXIF) else b""


def _told(image: Image.Image, tags: Set[int]) -> Image.Exif:
    """Those of its EXIF tags, but for what can't be written again."""
    found, told = image.getexif(), Image.Exif()
    for tag in tags & set(found):
        try:
            told[tag] = found.get_ifd(tag) if tag in (EXIF, _GPS) else found[tag]
            exif_block(told)
        except Exception:  # of a type that the tag doesn't have: Pillow raises whatever comes
            told.pop(tag, None)
    return told


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _upright(image: Image.Image) -> Image.Image:
    """Loads the first frame and turns it as the EXIF orientation says."""
    image.seek(0)
    return ImageOps.exif_transpose(image)


def _to_rgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB, alpha laid on white."""
    profile, grey = image.info.get("icc_profile"), image.mode in ("L", "LA")
    image = _to_eight_bits(image)
    alpha = None
    if image.mode in ("P", "PA") or image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if grey else "RGB")
    rgb = _to_srgb(image, profile).convert("RGB")
    if alpha is not None:
        white = Image.new("RGB", rgb.size, "white")
        rgb = Image.composite(rgb, white, alpha)
    return rgb


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Grey pictures of 16 or 32 bits or floats, by the range that their format or values imply."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, np.float64)
    top = 65535.0 if values.max(initial=0) > 255 or image.mode != "F" else 255.0
    if image.mode == "F" and values.max(initial=0) <= 1:
        top = 1.0
    grey = np.clip(np.rint(values * (255 / top)), 0, 255).astype(np.uint8)
    return Image.fromarray(grey)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the file's ICC profile means them. A broken profile is as good as none."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted: Any = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if isinstance(converted, Image.Image) else image
