"""A file becomes a photo: upright, sRGB, 8 bits, without transparency."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import UnidentifiedImageError

from compositing.arrays import Photo
from models.running.settings import MAX_MEGABYTES, MAX_MEGAPIXELS, Setting
from photos.decoding import opened, to_rgb, upright
from photos.metadata import Resolution, metadata_of

SUFFIXES = ("jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "avif", "gif", "bmp")


class PhotoError(ValueError):
    """A file that can't be used, in one sentence with its name that says what to do."""


@dataclass(frozen=True)
class PhotoFile:
    """A photo that could be opened, kept as the bytes it came in.

    width, height: upright, in pixels. exif: without orientation (it's applied) and thumbnails;
    exif_with_gps says where the picture was taken, exif doesn't. profiled: it had an ICC profile.
    dpi: pixels an inch, across and down, if the file tells them.
    """

    name: str
    data: bytes
    width: int
    height: int
    exif: bytes
    exif_with_gps: bytes
    profiled: bool
    dpi: Resolution | None

    @cached_property
    def key(self) -> str:
        """Tells it from every other photo, whenever and wherever it is opened."""
        return photo_key(self.data, self.name)

    @property
    def stem(self) -> str:
        return stem_of(self.name)

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def pixels(self) -> Photo:
        """`uint8 (height, width, 3)`, sRGB; decoded anew each time."""
        return np.array(to_rgb(upright(opened(self.data))))


def photo_key(data: bytes, name: str) -> str:
    """The key of the photo that a file called `name` would be, opened or not."""
    return hashlib.sha256(data + name.encode(errors="surrogateescape")).hexdigest()[:16]


def stem_of(name: str) -> str:
    """A file's name without its ending, for names that are made of it: dots at either end would
    lead out of a folder, or hide what is in it."""
    return Path(name).stem.strip(". ") or "photo"


def max_pixels() -> int:
    """Photos with more pixels are refused: CUTOUT_MAX_MEGAPIXELS, 100 by default. Raises
    PhotoError if that is no number."""
    return _millions(MAX_MEGAPIXELS)


def max_bytes() -> int:
    """Files with more bytes are refused: CUTOUT_MAX_MEGABYTES, 100 by default. Raises PhotoError
    if that is no number."""
    return _millions(MAX_MEGABYTES)


def _millions(setting: Setting[float]) -> int:
    try:
        return int(setting.value() * 1e6)
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
        image = opened(data)
        pixels = image.width * image.height
        if pixels > max_pixels():
            raise PhotoError(
                f"“{name}” has {pixels / 1e6:.0f} megapixels; the limit here is "
                f"{max_pixels() / 1e6:g}. Scale it down and try again."
            )
        decoded = upright(image)
    except PhotoError:
        raise
    except UnidentifiedImageError:
        known = "JPEG, PNG, WebP, HEIC, TIFF, AVIF, GIF or BMP"
        raise PhotoError(f"“{name}” is not a photo that can be read. Use {known}.") from None
    except Exception as error:
        raise PhotoError(f"“{name}” is damaged or cut short. Export it again and retry.") from error
    exif, dpi = metadata_of(image, data, turned=image.size != decoded.size)
    return PhotoFile(
        name=name,
        data=data,
        width=decoded.width,
        height=decoded.height,
        exif=bytes(exif.placeless()),
        exif_with_gps=bytes(exif),
        profiled="icc_profile" in image.info,
        dpi=dpi,
    )


def read_photo(path: Path) -> PhotoFile:
    """The photo in the file at `path`. Raises PhotoError."""
    try:
        return open_photo(path.read_bytes(), path.name)
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error
