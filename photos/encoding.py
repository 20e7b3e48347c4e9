"""A picture becomes a file, with the photo's own EXIF."""

import functools
import io
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from photos.reading import PhotoError, PhotoFile

Format = Literal["PNG", "JPEG", "WebP"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIX: dict[Format, str] = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp"}
MIME: dict[Format, str] = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp"}
_EXIF_LIMIT = 65_000
"""A JPEG holds no longer EXIF block."""
_LONGEST: dict[Format, int] = {"JPEG": 65_500, "WebP": 16_383}
"""Pixels of a side, at most."""


def refusal(photo: PhotoFile, format_: Format) -> str | None:
    """Why no picture of the photo's size fits into the format, or None if one does."""
    side, longest = max(photo.width, photo.height), _LONGEST.get(format_)
    if longest is None or side <= longest:
        return None
    return (
        f"“{photo.name}” has a side of {side} pixels, and {format_} holds at most {longest}. "
        "Choose PNG."
    )


def encode(
    image: NDArray[np.uint8], format_: Format, photo: PhotoFile, *, keep_gps: bool = False
) -> bytes:
    """A file of `image` with the photo's EXIF. In a JPEG, what is transparent turns white.

    Raises PhotoError with the words of `refusal`.
    """
    refused = refusal(photo, format_)
    if refused:
        raise PhotoError(refused)
    out = Image.fromarray(image)
    if format_ == "JPEG" and out.mode == "RGBA":
        white = Image.new("RGB", out.size, "white")
        white.paste(out, mask=out.getchannel("A"))
        out = white
    exif = photo.exif_with_gps if keep_gps else photo.exif
    options: dict[str, Any] = {"exif": exif} if 0 < len(exif) < _EXIF_LIMIT else {}
    if photo.profiled:
        # The pixels were converted, so the profile that describes them is sRGB.
        options["icc_profile"] = _srgb_profile()
    if format_ == "JPEG":
        options |= {"quality": 95, "subsampling": "4:4:4"}
    elif format_ == "WebP":
        options |= {"quality": 95, "method": 4}
    else:
        options |= {"compress_level": 3}
    file = io.BytesIO()
    out.save(file, format_, **options)
    return file.getvalue()


@functools.cache
def _srgb_profile() -> bytes:
    """Holds the time at which it was made: once, so that the same picture gives the same file."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
