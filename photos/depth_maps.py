"""A picture of depth that another tool made: read from its file, for a blur by depth."""

import io

import numpy as np
from PIL import Image, ImageOps

from compositing.scaling import Floats
from photos.depth import Seen
from photos.elsewhere import same_proportions
from photos.formats.deep import deep_values
from photos.formats.quiet import quiet
from photos.known import Origin
from photos.mattes import MatteFile
from photos.photo import PhotoError, PhotoFile
from photos.reading import check_bytes, check_pixels

_TINT = 8 / 255
"""Of white, what JPEG's rounding may make of a grey's channels."""


class BadDepth(PhotoError):
    """A file that tells no depth, in a sentence that says what to do.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> read_depth(MatteFile("cup_depth.png", b"no picture"), SAMPLES[2].open())
    Traceback (most recent call last):
    photos.depth_maps.BadDepth: The depth map “cup_depth.png” can't be read. Export it again.
    """


def read_depth(file: MatteFile, photo: PhotoFile) -> Seen:
    """Read a depth map: a grey picture of 8 or 16 bits in which near things are light.

    That is disparity, 1 / distance, as depth networks tell it; of any scale and offset.

    Parameters
    ----------
    file : MatteFile
        Of any format that photos come in; turned upright as its EXIF says.
    photo : PhotoFile
        The one that it tells of: the map has its proportions, and any size.

    Returns
    -------
    depth : Seen

    Raises
    ------
    BadDepth
        If it can't be read, has colours, is the same everywhere, or has other proportions.

    Examples
    --------
    >>> import cv2
    >>> from photos.samples import SAMPLES
    >>> slope = np.repeat(np.arange(400, dtype=np.uint16)[:, None], 600, axis=1)
    >>> png = cv2.imencode(".png", slope)[1].tobytes()
    >>> read_depth(MatteFile("coffee_depth.png", png), SAMPLES[2].open()).values.shape
    (400, 600)
    """
    called = f"The depth map “{file.name}”"
    check_bytes(file.data, file.name)
    try:
        with quiet, Image.open(io.BytesIO(file.data)) as picture:
            check_pixels(picture.size, file.name)
            deep = deep_values(file.data)
            values = _grey(picture, called) if deep is None else deep.astype(np.float32) / 65535
    except PhotoError:
        raise
    except Exception as error:  # of broken files, decoders raise whatever comes
        raise BadDepth(f"{called} can't be read. Export it again.") from error
    if values.shape[2] in (2, 4):
        values = values[..., :-1]
    if float(np.ptp(values, axis=2).max()) > _TINT:
        raise BadDepth(
            f"{called} has colours: which of them are near isn't known. Export it in grey, near "
            "things light."
        )
    size = values.shape[1], values.shape[0]
    if not same_proportions(size, (photo.width, photo.height)):
        raise BadDepth(
            f"{called} has {size[0]} × {size[1]} pixels, “{photo.name}” has {photo.width} × "
            f"{photo.height}, upright. Give one of its proportions."
        )
    if float(np.ptp(values[..., 0])) == 0:
        raise BadDepth(f"{called} is the same everywhere: nothing in it is near or far.")
    return Seen(values[..., 0], by=Origin(file.name, file.sha256))


def _grey(picture: Image.Image, called: str) -> Floats:
    """`float32 (H, W, 1 or 3)`, 0 to 1."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "F":
        raise BadDepth(f"{called} holds floats. Export it with 8 or 16 bits a pixel.")
    if upright.mode.startswith("I"):
        values = np.clip(np.asarray(upright).astype(np.float32), 0, 65535)
        return values[..., None] * np.float32(1 / 65535)
    if upright.mode in ("1", "L"):
        return np.asarray(upright.convert("L"), np.float32)[..., None] * np.float32(1 / 255)
    return np.asarray(upright.convert("RGB"), np.float32) * np.float32(1 / 255)
