"""A picture becomes a file, with what the photo's own file told of itself."""

import functools
import io
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from photos.metadata import Exif
from photos.reading import PhotoError, PhotoFile

Format = Literal["PNG", "JPEG", "WebP"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIX: dict[Format, str] = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp"}
FORMAT_OF: dict[str, Format] = {suffix: name for name, suffix in SUFFIX.items()} | {".jpeg": "JPEG"}
"""By a file name's ending, in lower case."""
MIME: dict[Format, str] = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp"}
_LONGEST: dict[Format, int] = {"JPEG": 65_500, "WebP": 16_383}
"""Pixels of a side, at most."""
_JPEG_EXIF = 65_533
"""Bytes of EXIF in a JPEG, at most: one segment. The other formats hold more than photos have."""
_OPTIONS: dict[Format, dict[str, Any]] = {
    "PNG": {"compress_level": 3},
    "JPEG": {"quality": 95, "subsampling": "4:4:4"},
    "WebP": {"quality": 95, "method": 4},
}


def refusal(photo: PhotoFile, format_: Format) -> str | None:
    """Why no picture of the photo's size fits into the format, or None if one does."""
    side, longest = max(photo.width, photo.height), _LONGEST.get(format_)
    if longest is None or side <= longest:
        return None
    return (
        f"“{photo.name}” has a side of {side} pixels, and {format_} holds at most {longest}. "
        "Choose PNG."
    )


def left_out(photo: PhotoFile, format_: Format, *, keep_gps: bool = False) -> str | None:
    """What of the photo's EXIF doesn't fit into the format, in a sentence; None if all of it
    does."""
    size = photo.width, photo.height
    _, names = _exif(photo, format_, size, keep_gps=keep_gps)
    if not names:
        return None
    return (
        f"“{photo.name}”: {format_} holds at most 64 KB of EXIF. Left out: {', '.join(names)}. "
        "PNG and WebP hold all of it."
    )


def encode(
    image: NDArray[np.uint8], format_: Format, photo: PhotoFile, *, keep_gps: bool = False
) -> bytes:
    """A file of `image` with the photo's EXIF and resolution. In a JPEG, what is transparent turns
    white.

    Raises PhotoError with the words of `refusal`.
    """
    refused = refusal(photo, format_)
    if refused:
        raise PhotoError(refused)
    out = Image.fromarray(image)
    if format_ == "JPEG" and out.mode in ("LA", "RGBA"):
        white = Image.new(out.mode.removesuffix("A"), out.size, "white")
        white.paste(out, mask=out.getchannel("A"))
        out = white
    exif, _ = _exif(photo, format_, out.size, keep_gps=keep_gps)
    options = _OPTIONS[format_] | ({"exif": exif} if exif else {})
    if photo.dpi:
        options["dpi"] = photo.dpi
    if photo.profiled and out.mode in ("RGB", "RGBA"):
        # The pixels were converted, so the profile that describes them is sRGB. It's one of
        # colours: on a grey picture it would be invalid.
        options["icc_profile"] = _srgb_profile()
    file = io.BytesIO()
    out.save(file, format_, **options)
    return file.getvalue()


def _exif(
    photo: PhotoFile, format_: Format, size: tuple[int, int], *, keep_gps: bool
) -> tuple[bytes, list[str]]:
    """The EXIF of a picture of this size, and the names of what the format can't hold."""
    exif = Exif.of(photo.exif_with_gps if keep_gps else photo.exif).of_result(*size)
    names: list[str] = []
    if format_ == "WebP":  # which has no other place for it
        exif = exif.resolved(photo.dpi)
    elif format_ == "JPEG":
        exif, names = exif.fitting(_JPEG_EXIF)
    return bytes(exif), names


@functools.cache
def _srgb_profile() -> bytes:
    """Holds the time at which it was made: once, so that the same picture gives the same file."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
