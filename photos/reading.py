"""A file becomes a photo: upright, sRGB, 8 bits, its transparency apart."""

from pathlib import Path

import numpy as np

from compositing.arrays import Photo
from models.running.settings import MAX_MEGABYTES, MAX_MEGAPIXELS, Setting
from photos.formats.containers import format_of
from photos.formats.decoding import opened
from photos.formats.deep import kept
from photos.formats.picture import RAW, Picture, Raster, Unsupported
from photos.formats.quiet import quiet
from photos.metadata import metadata_of
from photos.photo import PhotoError, PhotoFile, pixels_of

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


def max_pixels() -> int:
    """Tell how many pixels a photo may have.

    Returns
    -------
    pixels : int
        CUTOUT_MAX_MEGAPIXELS, 100 by default, in pixels.

    Raises
    ------
    PhotoError
        If the setting is no number in its range.

    Examples
    --------
    >>> max_pixels()
    100000000
    """
    return _millions(MAX_MEGAPIXELS)


def max_bytes() -> int:
    """Tell how many bytes a photo's file may have.

    Returns
    -------
    bytes : int
        CUTOUT_MAX_MEGABYTES, 256 by default, in bytes.

    Raises
    ------
    PhotoError
        If the setting is no number in its range.

    Examples
    --------
    >>> max_bytes()
    256000000
    """
    return _millions(MAX_MEGABYTES)


def _millions(setting: Setting[float]) -> int:
    try:
        return int(setting.value() * 1e6)
    except ValueError as error:
        raise PhotoError(str(error)) from error


def open_photo(data: bytes, name: str) -> PhotoFile:
    """Open a photo from its file's bytes. It is decoded once, to be sure that it can be.

    Parameters
    ----------
    data : bytes
        The whole file: JPEG, PNG, WebP, HEIC, TIFF, AVIF, GIF or BMP.
    name : str
        The file's name.

    Returns
    -------
    photo : PhotoFile
        The picture that the file is about: in a HEIC its primary one, in a TIFF a page.

    Raises
    ------
    PhotoError
        If the file is no photo, damaged, a camera's raw file or larger than `max_bytes` and
        `max_pixels` allow.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> photo = open_photo(SAMPLES[2].open().data, "coffee.png")
    >>> photo.width, photo.height
    (600, 400)
    >>> open_photo(photo.data[:9000], "coffee.png")
    Traceback (most recent call last):
    photos.photo.PhotoError: “coffee.png” is damaged or cut short. Export it again and retry.
    """
    return _decoded(data, name)[0]


def open_with_pixels(data: bytes, name: str) -> tuple[PhotoFile, Photo]:
    """Open a photo and keep the pixels that this decodes, for who needs them at once.

    Parameters
    ----------
    data, name
        As `open_photo` takes them.

    Returns
    -------
    photo : PhotoFile
    pixels : (H, W, 3) uint8 array
        As `photo.pixels()` gives them.

    Raises
    ------
    PhotoError
        As `open_photo` does.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> photo, pixels = open_with_pixels(SAMPLES[2].open().data, "coffee.png")
    >>> bool((pixels == photo.pixels()).all())
    True
    """
    photo, raster = _decoded(data, name)
    return photo, pixels_of(raster)


def _decoded(data: bytes, name: str) -> tuple[PhotoFile, Raster]:
    check_bytes(data, name)
    with quiet:
        picture = _readable(data, name)
        check_pixels(picture.size, name)
        try:
            raster, note = picture.decoded()
        except Unsupported as error:
            raise PhotoError(f"“{name}” {error}") from error
        except MemoryError as error:
            told = "needs more memory than is free here. Scale it down and try again."
            raise PhotoError(f"“{name}” {told}") from error
        except Exception as error:  # of broken pixels, decoders raise whatever comes
            raise PhotoError(_damaged(name)) from error
        exif, dpi = metadata_of(picture.told, data, turned=raster.sideways)
        deep = kept(data, raster)
    photo = PhotoFile(
        name=name,
        data=data,
        width=raster.colours.width,
        height=raster.colours.height,
        exif=bytes(exif.placeless()),
        exif_with_gps=bytes(exif),
        profiled=raster.converted,
        transparent=raster.alpha is not None and bool(np.asarray(raster.alpha).min() < 255),
        notes=tuple(filter(None, [note, deep.note])),
        dpi=dpi,
        profile=deep.profile,
    )
    return photo, raster


def check_bytes(data: bytes, name: str) -> None:
    """Refuse a file that is empty, or larger than `max_bytes` allows.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The file's name.

    Raises
    ------
    PhotoError

    Examples
    --------
    >>> check_bytes(b"", "cat.png")
    Traceback (most recent call last):
    photos.photo.PhotoError: “cat.png” is empty. Choose the file again.
    """
    if not data:
        raise PhotoError(f"“{name}” is empty. Choose the file again.")
    if len(data) > max_bytes():
        raise PhotoError(
            f"“{name}” has {_decimal(len(data) / 1e6)} MB; the limit here is "
            f"{max_bytes() / 1e6:g} MB. Save it smaller, or have whoever runs this raise "
            "CUTOUT_MAX_MEGABYTES."
        )


def check_pixels(size: tuple[int, int], name: str) -> None:
    """Refuse a picture of more pixels than `max_pixels` allows.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels.
    name : str
        The file's name.

    Raises
    ------
    PhotoError

    Examples
    --------
    >>> check_pixels((30_000, 20_000), "cat.png")
    Traceback (most recent call last):
    photos.photo.PhotoError: “cat.png” has 600 megapixels; the limit here is 100. Scale it down, \
or have whoever runs this raise CUTOUT_MAX_MEGAPIXELS.
    """
    width, height = size
    if width * height > max_pixels():
        raise PhotoError(
            f"“{name}” has {_decimal(width * height / 1e6)} megapixels; the limit here is "
            f"{max_pixels() / 1e6:g}. Scale it down, or have whoever runs this raise "
            "CUTOUT_MAX_MEGAPIXELS."
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


def _decimal(number: float) -> str:
    """With up to two digits behind the point, so that 100.4 isn't more than “100”."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _damaged(name: str) -> str:
    return f"“{name}” is damaged or cut short. Export it again and retry."


def read_photo(path: str | Path) -> PhotoFile:
    """Open a photo from its file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    photo : PhotoFile
        As from `open_photo`.

    Raises
    ------
    PhotoError
        If the file can't be read, and as `open_photo` does.

    Examples
    --------
    >>> from importlib.resources import files
    >>> read_photo(files("skimage.data") / "coffee.png").pixels().shape
    (400, 600, 3)
    >>> read_photo("sea.jpg")
    Traceback (most recent call last):
    photos.photo.PhotoError: “sea.jpg” can't be read: No such file or directory. Check the path.
    """
    path = Path(path)
    return open_photo(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Read a photo's file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    data : bytes
        All of it.

    Raises
    ------
    PhotoError
        If it can't be read.

    Examples
    --------
    >>> read_bytes(Path("sea.jpg"))
    Traceback (most recent call last):
    photos.photo.PhotoError: “sea.jpg” can't be read: No such file or directory. Check the path.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error
