"""A mask's or cutout's file becomes grey levels: that of a truth, or what another tool made."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from photos.formats.deep import deep_values
from photos.formats.quiet import quiet
from photos.photo import PhotoError

type Levels = NDArray[np.uint8] | NDArray[np.uint16]
"""Grey levels, white = subject: 255 of 8 bits, 65535 of 16."""

_TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")
_TINT = 8
"""Levels between a grey's channels that JPEG's rounding may cause."""


@dataclass(frozen=True)
class MatteFile:
    """A finished mask or cutout, as a tool wrote it.

    Parameters
    ----------
    name : str
        The file's, without folders.
    data : bytes
        The whole file.

    Examples
    --------
    >>> MatteFile("cat_mask.png", b"").sha256[:8]
    'e3b0c442'
    """

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """Of the whole file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


class BadMatte(PhotoError):
    """A file that is no mask or cutout, in a sentence that says what to do.

    Examples
    --------
    >>> read_levels(b"no picture", "cat.png")
    Traceback (most recent call last):
    photos.mattes.BadMatte: The matte “cat.png” can't be read. Export it again.
    """


def read_levels(
    data: bytes,
    name: str,
    what: str = "matte",
    check: Callable[[tuple[int, int]], object] = lambda size: size,
) -> Levels:
    """Read the grey levels of a mask, or the opacity of a cutout.

    A file with transparency means its opacity, another one its grey levels as they are stored,
    whatever its colour profile. It's turned upright as its EXIF says.

    Parameters
    ----------
    data : bytes
        The whole file, of any format that photos come in.
    name : str
        What a sentence about it calls it.
    what : str
        What it's meant to be.
    check : callable
        Called with width and height as they are stored before anything is decoded; it may raise.

    Returns
    -------
    levels : (H, W) uint8 or uint16 array
        uint16 if the file has more than 8 bits a pixel.

    Raises
    ------
    BadMatte
        For a file that can't be read, or has colours and no transparency.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> read_levels(SAMPLES[2].open().data, "coffee.png")
    Traceback (most recent call last):
    photos.mattes.BadMatte: The matte “coffee.png” has colours and no transparency; a matte is \
grey (white = subject), or a cutout with transparency.
    """
    called = f"The {what} “{name}”"
    try:
        with quiet, Image.open(io.BytesIO(data)) as picture:
            check(picture.size)
            deep = deep_values(data)
            if deep is not None:
                return _meant(deep, called, what, _TINT * 257)
            if picture.mode == "F":
                raise BadMatte(f"{called} holds floats. Export it with 8 or 16 bits a pixel.")
            return _meant(_samples(ImageOps.exif_transpose(picture)), called, what, _TINT)
    except PhotoError:
        raise
    except Exception as error:  # of broken files, decoders raise whatever comes
        raise BadMatte(f"{called} can't be read. Export it again.") from error


def as_bytes(levels: Levels) -> NDArray[np.uint8]:
    """Round grey levels to 8 bits.

    Parameters
    ----------
    levels : (H, W) uint8 or uint16 array

    Returns
    -------
    levels : (H, W) uint8 array

    Examples
    --------
    >>> as_bytes(np.array([[0, 128, 129, 65535]], np.uint16)).tolist()
    [[0, 0, 1, 255]]
    """
    if levels.dtype == np.uint8:
        return levels.astype(np.uint8, copy=False)
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _samples(picture: Image.Image) -> NDArray[np.uint8]:
    """`(H, W, samples)`: grey or RGB, and opacity if there is one."""
    if picture.mode in _TRANSPARENT or "transparency" in picture.info:
        return np.asarray(picture.convert("RGBA"))
    if picture.mode.startswith("I"):
        values = np.clip(np.asarray(picture).astype(np.int64), 0, 65535)
        return as_bytes(values.astype(np.uint16))[..., None]
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))[..., None]
    return np.asarray(picture.convert("RGB"))


def _meant(samples: Levels, called: str, what: str, tint: int) -> Levels:
    count = samples.shape[2]
    if count in (2, 4):
        opacity = samples[..., -1]
        if opacity.min() < np.iinfo(samples.dtype).max:
            return cast(Levels, np.ascontiguousarray(opacity))
        samples = samples[..., :-1]
    if samples.shape[2] == 3 and int((samples.max(2) - samples.min(2)).max()) > tint:
        raise BadMatte(
            f"{called} has colours and no transparency; a {what} is grey (white = subject), or a "
            "cutout with transparency."
        )
    return cast(Levels, np.ascontiguousarray(samples[..., 0]))
