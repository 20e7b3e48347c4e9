"""A photo that could be opened, and the error of those that could not."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from compositing.arrays import Alpha, Deep, Photo
from photos.formats.decoding import opened
from photos.formats.deep import deep_values
from photos.formats.picture import Raster
from photos.formats.quiet import quiet
from photos.formats.transparency import on_backdrop
from photos.metadata import Resolution


class PhotoError(ValueError):
    """A file that can't be used, or a picture that can't be saved.

    Its text is a sentence or two for the person: which file, what is wrong, what to do.

    Examples
    --------
    >>> from photos.reading import open_photo
    >>> open_photo(b"", "cat.jpg")
    Traceback (most recent call last):
    photos.photo.PhotoError: “cat.jpg” is empty. Choose the file again.
    """


@dataclass(frozen=True)
class PhotoFile:
    """A photo that could be opened, kept as the bytes it came in.

    `open_photo` and `read_photo` make it.

    Parameters
    ----------
    name : str
        The file's, without folders.
    data : bytes
        The whole file.
    width, height : int
        In pixels, upright.
    exif : bytes
        What results keep of the file's EXIF: not where the picture was taken, its orientation
        (pixels are upright) or its thumbnail. Empty if there is nothing to keep.
    exif_with_gps : bytes
        The same, with where the picture was taken.
    profiled : bool
        Whether the file has other colours than sRGB, so that they are converted.
    transparent : bool
        Whether not all of it is opaque.
    notes : tuple of str
        What else is in the file, a sentence each.
    dpi : (float, float), optional
        Pixels an inch, across and down. None if the file does not tell them.
    profile : bytes, optional
        The ICC profile of colours of 16 bits that PNG and TIFF keep; empty for sRGB. None if the
        file has none that can be kept: then results have 8 bits.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> photo.name, photo.stem, photo.megapixels
    ('coffee.png', 'coffee', 0.24)
    >>> photo.pixels().shape, photo.alpha()
    ((400, 600, 3), None)
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
    profile: bytes | None = None

    @cached_property
    def key(self) -> str:
        """Tells it from every other photo, whenever and wherever it is opened."""
        return photo_key(self.data, self.name)

    @cached_property
    def sha256(self) -> str:
        """Of the whole file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def stem(self) -> str:
        return stem_of(self.name)

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def pixels(self) -> Photo:
        """Decode the photo.

        Returns
        -------
        pixels : (height, width, 3) uint8 array
            sRGB, upright, a new array each time. What is transparent shows a backdrop: white, or a
            grey that the subject stands out from if its edge is nearly white.
        """
        return pixels_of(self._raster())

    def colours(self) -> Photo:
        """Decode the photo's own colours, with no backdrop behind what is transparent.

        Returns
        -------
        colours : (height, width, 3) uint8 array
            sRGB, upright, not premultiplied, a new array each time.
        """
        return np.array(self._raster().colours)

    def deep(self) -> Deep:
        """Decode the photo's own colours with all of their 16 bits.

        Returns
        -------
        deep : (height, width, 3) uint16 array
            As the file has them, in the space of `profile`; upright, a new array each time.

        Raises
        ------
        PhotoError
            If the file has none that can be kept.
        """
        with quiet:
            values = None if self.profile is None else deep_values(self.data)
        if values is None or values.shape[:2] != (self.height, self.width):
            raise PhotoError(f"“{self.name}” has no colours of 16 bits that can be kept.")
        return values if values.shape[2] == 3 else np.ascontiguousarray(values[..., :3])

    def alpha(self) -> Alpha | None:
        """Decode the file's own transparency.

        Returns
        -------
        alpha : (height, width) float32 array or None
            In [0, 1], 0 = transparent, a new array each time. None if all is opaque.
        """
        raster = self._raster() if self.transparent else None
        if raster is None or raster.alpha is None:
            return None
        return np.asarray(raster.alpha) * np.float32(1 / 255)

    def _raster(self) -> Raster:
        with quiet:
            return opened(self.data).decoded()[0]


def pixels_of(raster: Raster) -> Photo:
    """Show a decoded photo as `PhotoFile.pixels` does.

    Parameters
    ----------
    raster : Raster

    Returns
    -------
    pixels : (H, W, 3) uint8 array
        A new one.

    Examples
    --------
    >>> from PIL import Image
    >>> pixels_of(Raster.of(Image.new("RGB", (3, 2), "red"))).shape
    (2, 3, 3)
    """
    if raster.alpha is None:
        return np.array(raster.colours)
    return np.array(on_backdrop(raster.colours, raster.alpha))


def photo_key(data: bytes, name: str) -> str:
    """Compute the key of a photo, without opening it.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The file's name.

    Returns
    -------
    key : str
        16 hexadecimal digits: the same wherever and whenever, others for other bytes or names.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> photo_key(photo.data, photo.name) == photo.key
    True
    >>> photo_key(photo.data, "tea.png") == photo.key
    False
    """
    return hashlib.sha256(data + name.encode(errors="surrogateescape")).hexdigest()[:16]


def stem_of(name: str) -> str:
    """Make the part of a result's name that tells which photo it is of.

    Parameters
    ----------
    name : str
        A photo's file name.

    Returns
    -------
    stem : str
        The name without its ending, and without dots and spaces at either end: they would hide a
        folder of that name, or lead out of the one it is in. "photo" if nothing is left.

    Examples
    --------
    >>> stem_of("Zoë by the sea.jpg"), stem_of("...jpg")
    ('Zoë by the sea', 'photo')
    """
    return Path(name).stem.strip(". ") or "photo"
