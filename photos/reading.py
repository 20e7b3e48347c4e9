"""A file becomes a photo: upright, sRGB, 8 bits, its transparency apart."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from compositing.arrays import Alpha, Photo
from models.running.settings import MAX_MEGABYTES, MAX_MEGAPIXELS, Setting
from photos.formats.containers import format_of
from photos.formats.decoding import opened
from photos.formats.picture import RAW, Picture, Raster, Unsupported
from photos.formats.quiet import quiet
from photos.formats.transparency import on_backdrop
from photos.metadata import Resolution, metadata_of

KINDS = "JPEG, PNG, WebP, HEIC, TIFF, AVIF, GIF or BMP"
SUFFIXES = (
    "jpg", "jpeg", "jpe", "jif", "jfif", "jfi", "pjpeg", "pjp", "png", "apng", "webp", "heic",
    "heics", "heif", "heifs", "hif", "tif", "tiff", "avif", "avifs", "gif", "bmp", "dib",
)  # fmt: skip
RAW_SUFFIXES = (
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "iiq", "kdc", "mef", "mos",
    "mrw", "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
)  # fmt: skip
"""What cameras call their raw files, which are refused in their own words."""


class PhotoError(ValueError):
    """A file that can't be used, in one sentence with its name that says what to do."""


@dataclass(frozen=True)
class PhotoFile:
    """A photo that could be opened, kept as the bytes it came in.

    width, height: upright, in pixels. exif: without orientation (it's applied) and thumbnails;
    exif_with_gps says where the picture was taken, exif doesn't. profiled: its colours were others
    and were converted to sRGB. transparent: not all of it is opaque. notes: sentences on what else
    is in the file. dpi: pixels an inch, across and down, if the file tells them.
    """

    name: str
    data: bytes
    width: int
    height: int
    exif: bytes
    exif_with_gps: bytes
    profiled: bool
    transparent: bool
    notes: tuple[str, ...]
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
        """`uint8 (height, width, 3)`, sRGB; decoded anew each time. What is transparent shows a
        backdrop: white, or a grey from which the subject's edge differs if white is like it."""
        raster = self._raster()
        if raster.alpha is None:
            return np.array(raster.colours)
        return np.array(on_backdrop(raster.colours, raster.alpha))

    def alpha(self) -> Alpha | None:
        """The file's own transparency: `float32 (height, width)` in [0, 1], 0 is transparent. None
        if all is opaque. Decoded anew each time."""
        raster = self._raster() if self.transparent else None
        if raster is None or raster.alpha is None:
            return None
        return np.asarray(raster.alpha) * np.float32(1 / 255)

    def _raster(self) -> Raster:
        with quiet:
            return opened(self.data).decoded()[0]


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
            "Save it smaller, or have whoever runs this raise CUTOUT_MAX_MEGABYTES."
        )
    with quiet:
        picture = _readable(data, name)
        width, height = picture.size
        if width * height > max_pixels():
            raise PhotoError(
                f"“{name}” has {width * height / 1e6:.0f} megapixels; the limit here is "
                f"{max_pixels() / 1e6:g}. Scale it down, or have whoever runs this raise "
                "CUTOUT_MAX_MEGAPIXELS."
            )
        try:
            raster, note = picture.decoded()
        except Unsupported as error:
            raise PhotoError(f"“{name}” {error}") from error
        except MemoryError as error:
            told = "needs more memory than is free here. Scale it down and try again."
            raise PhotoError(f"“{name}” {told}") from error
        except Exception as error:  # of broken pixels, decoders raise whatever comes
            raise PhotoError(_damaged(name)) from error
        turned = picture.size != raster.colours.size
        exif, dpi = metadata_of(picture.told, data, turned=turned)
    return PhotoFile(
        name=name,
        data=data,
        width=raster.colours.width,
        height=raster.colours.height,
        exif=bytes(exif.placeless()),
        exif_with_gps=bytes(exif),
        profiled=raster.converted,
        transparent=raster.alpha is not None and bool(np.asarray(raster.alpha).min() < 255),
        notes=(note,) if note else (),
        dpi=dpi,
    )


def _readable(data: bytes, name: str) -> Picture:
    """What the file holds, before pixels are decoded. Raises PhotoError."""
    kind = format_of(data)
    by_name = Path(name).suffix[1:].lower() in RAW_SUFFIXES
    if by_name and kind in (None, "TIFF"):
        raise PhotoError(f"“{name}” {RAW}")
    try:
        return opened(data)
    except Unsupported as error:
        raise PhotoError(f"“{name}” {error}") from error
    except Exception as error:  # of broken heads, too
        if kind:
            raise PhotoError(_damaged(name)) from error
        raise PhotoError(f"“{name}” is not a photo that can be read. Use {KINDS}.") from error


def _damaged(name: str) -> str:
    return f"“{name}” is damaged or cut short. Export it again and retry."


def read_photo(path: str | Path) -> PhotoFile:
    """The photo in the file at `path`. Raises PhotoError."""
    path = Path(path)
    try:
        return open_photo(path.read_bytes(), path.name)
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error
