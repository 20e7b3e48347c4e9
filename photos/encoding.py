"""A picture becomes a file, with what the photo's own file told of itself."""

import functools
import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from photos.comments import comment_in
from photos.lossy import lossy
from photos.metadata import Exif
from photos.photo import PhotoError, PhotoFile
from photos.png import png
from photos.psd import Layer, psd
from photos.tiff import tiff

Format = Literal["PNG", "JPEG", "WebP", "TIFF", "PSD"]
FORMATS: tuple[Format, ...] = ("PNG", "JPEG", "WebP")
"""The usual ones."""
DEEP: tuple[Format, ...] = ("PNG", "TIFF")
"""Those that hold 16 bits."""
TOO_DEEP = "16 bits a pixel need a PNG or TIFF: {} holds 8."
"""Why another format can't hold them."""
OF_A_RECIPE = '{"recipe": '
"""How the comment begins of a file that holds how it was made."""

SUFFIX: dict[Format, str] = {
    "PNG": ".png",
    "JPEG": ".jpg",
    "WebP": ".webp",
    "TIFF": ".tif",
    "PSD": ".psd",
}
FORMAT_OF: dict[str, Format] = {suffix: name for name, suffix in SUFFIX.items()} | {
    ".jpeg": "JPEG",
    ".tiff": "TIFF",
}
"""By a file name's ending, in lower case."""
MIME: dict[Format, str] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "PSD": "image/vnd.adobe.photoshop",
}
RECIPE = "Recipe"
"""What the recipe is called among a PNG's texts."""
_LONGEST: dict[Format, int] = {"JPEG": 65_500, "WebP": 16_383, "PSD": 30_000}
"""Pixels of a side, at most."""
_JPEG_EXIF = 65_533
"""Bytes of EXIF in a JPEG, at most: one segment. The other formats hold more than photos have."""


def usual(photo: PhotoFile) -> tuple[Format, ...]:
    """List the formats that a photo's results are usually wanted in.

    Parameters
    ----------
    photo : PhotoFile

    Returns
    -------
    formats : tuple of str
        TIFF among them only if it holds more than others do: colours of 16 bits.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> usual(SAMPLES[2].open())
    ('PNG', 'JPEG', 'WebP')
    """
    return FORMATS if photo.profile is None else (*FORMATS, "TIFF")


def format_in(data: bytes) -> Format | None:
    """Tell in which of the formats a file is, by how it begins.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    format : {"PNG", "JPEG", "WebP", "TIFF", "PSD"} or None

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> format_in(SAMPLES[2].open().data), format_in(b"GIF89a") is None
    ('PNG', True)
    """
    if data.startswith(b"\x89PNG"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "TIFF"
    if data.startswith(b"8BPS"):
        return "PSD"
    return "WebP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def refusal(photo: PhotoFile, format_: Format, size: tuple[int, int] | None = None) -> str | None:
    """Tell why no picture of a photo fits into a format.

    Parameters
    ----------
    photo : PhotoFile
    format_ : {"PNG", "JPEG", "WebP", "TIFF", "PSD"}
    size : (int, int), optional
        The picture's width and height; by default the photo's.

    Returns
    -------
    reason : str or None
        A sentence that says what to do. None if such a picture fits.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from photos.samples import SAMPLES
    >>> wide = replace(SAMPLES[2].open(), width=70_000)
    >>> refusal(wide, "JPEG")
    '“coffee.png” has a side of 70000 pixels, and JPEG holds at most 65500. Choose PNG.'
    >>> refusal(wide, "PNG") is None
    True
    """
    side, longest = max(size or (photo.width, photo.height)), _LONGEST.get(format_)
    if longest is None or side <= longest:
        return None
    return (
        f"“{photo.name}” has a side of {side} pixels, and {format_} holds at most {longest}. "
        "Choose PNG."
    )


def left_out(
    photo: PhotoFile, format_: Format, *, recipe: str = "", keep_gps: bool = False
) -> str | None:
    """Tell what of the photo's EXIF does not fit into a format.

    Parameters
    ----------
    photo : PhotoFile
    format_ : {"PNG", "JPEG", "WebP", "TIFF", "PSD"}
    recipe : str
        As `encode` takes it.
    keep_gps : bool
        Whether the file is to say where the photo was taken.

    Returns
    -------
    left_out : str or None
        A sentence with the names of the tags. None if all of them fit.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from photos.samples import SAMPLES
    >>> story = bytes(Exif().commented("Once upon a time. " * 4000))
    >>> print(left_out(replace(SAMPLES[2].open(), exif=story), "JPEG").split(". ")[1])
    Left out: UserComment
    >>> left_out(replace(SAMPLES[2].open(), exif=story), "PNG") is None
    True
    """
    size = photo.width, photo.height
    _, names = _exif(photo, format_, size, recipe, keep_gps=keep_gps)
    if not names:
        return None
    return (
        f"“{photo.name}”: {format_} holds at most 64 KB of EXIF. Left out: {', '.join(names)}. "
        "PNG and WebP hold all of it."
    )


def encode(
    image: NDArray[np.uint8] | NDArray[np.uint16],
    format_: Format,
    photo: PhotoFile,
    *,
    dpi: int | None = None,
    recipe: str = "",
    keep_gps: bool = False,
    max_kb: int | None = None,
    layers: Sequence[Layer] = (),
) -> bytes:
    """Make the file of a picture, with the EXIF and the resolution of the photo it comes from.

    Parameters
    ----------
    image : (H, W), (H, W, 2), (H, W, 3) or (H, W, 4) uint8 array
        Grey, grey with alpha, RGB or RGBA, sRGB, not premultiplied. A JPEG has it on white. In a
        PNG or TIFF it may be uint16; then colours are those of the photo's `profile`.
    format_ : {"PNG", "JPEG", "WebP", "TIFF", "PSD"}
        PNG, TIFF and PSD are lossless, the others have quality 95.
    photo : PhotoFile
        Where the metadata come from.
    dpi : int, optional
        Dots an inch that the file tells, in place of the photo's.
    recipe : str
        By what the picture was made, in ASCII. A PNG has it as text, the others as the user's
        comment, in place of the photo's. Empty: nothing is told.
    keep_gps : bool
        Whether the file says where the photo was taken.
    max_kb : int, optional
        Kilobytes (thousands of bytes) that a JPEG or WebP may have: of the qualities up to the
        usual one, the highest that needs no more is taken. A PNG stays as large as it is.
    layers : sequence of Layer
        Of a PSD, the lowest first; the image is what they make together.

    Returns
    -------
    file : bytes

    Raises
    ------
    PhotoError
        If the picture is too large for the format, in the words of `refusal`, has 16 bits that it
        can't hold, or has more kilobytes at the lowest quality.

    Examples
    --------
    >>> from photos.reading import open_photo
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> cup = photo.pixels()[100:300, 200:450]
    >>> np.array_equal(open_photo(encode(cup, "PNG", photo), "cup.png").pixels(), cup)
    True
    """
    refused = refusal(photo, format_, image.shape[1::-1])
    if refused:
        raise PhotoError(refused)
    if dpi is not None:
        photo = replace(photo, dpi=(dpi, dpi))
    coloured = image.ndim == 3 and image.shape[2] > 2
    own = photo.profile if coloured and image.dtype == np.uint16 else None
    whole, _ = _exif(
        photo, format_, image.shape[1::-1], recipe, keep_gps=keep_gps, srgb=not own, anew=dpi
    )
    # Pixels of 8 bits were converted, so the profile that describes them is sRGB. It's one of
    # colours: on a grey picture it would be invalid.
    profile = _srgb_profile() if photo.profiled and coloured else b""
    if own is not None:
        profile = own
    rgba = image if image.ndim == 2 or coloured else image[..., [0, 0, 0, 1]]
    if format_ == "TIFF":
        return tiff(rgba, exif=whole, profile=profile)
    exif = bytes(whole)
    if format_ == "PNG":
        text = (RECIPE, recipe) if recipe else None
        return png(rgba, exif=exif, profile=profile, dpi=photo.dpi, text=text)
    if image.dtype != np.uint8:
        raise PhotoError(f"“{photo.name}”: {TOO_DEEP.format(format_)}")
    image = image.astype(np.uint8, copy=False)
    if format_ == "PSD":
        return psd(image, layers, exif=exif, profile=profile, dpi=photo.dpi)
    out = Image.fromarray(image)
    if format_ == "JPEG" and out.mode in ("LA", "RGBA"):
        white = Image.new(out.mode.removesuffix("A"), out.size, "white")
        white.paste(out, mask=out.getchannel("A"))
        out = white
    told = {"exif": exif, "dpi": photo.dpi, "icc_profile": profile}
    told = {name: value for name, value in told.items() if value}
    return lossy(out, format_, told, max_kb=max_kb, name=photo.name)


def _exif(
    photo: PhotoFile,
    format_: Format,
    size: tuple[int, int],
    recipe: str,
    *,
    keep_gps: bool,
    srgb: bool = True,
    anew: int | None = None,
) -> tuple[Exif, list[str]]:
    """The EXIF of a picture of this size, and the names of what the format can't hold. anew: dots
    an inch in place of those that the photo's tells."""
    exif = Exif.of(photo.exif_with_gps if keep_gps else photo.exif)
    if recipe and format_ != "PNG":
        exif = exif.commented(recipe)
    elif comment_in(exif).startswith(OF_A_RECIPE):
        exif = exif.commented("")  # that of another picture, of which this one is made
    exif = exif.of_result(*size, srgb=srgb)
    names: list[str] = []
    if anew is not None:
        exif = exif.resolved((anew, anew), anew=True)
    if format_ in ("WebP", "TIFF"):  # which have no other place for it
        exif = exif.resolved(photo.dpi)
    elif format_ == "JPEG":
        exif, names = exif.fitting(_JPEG_EXIF)
    return exif, names


@functools.cache
def _srgb_profile() -> bytes:
    """Dated by the day of the standard, IEC 61966-2-1, not by the moment when it was made: equal
    pictures are equal files, whichever process wrote them and when."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + struct.pack(">6H", 1999, 10, 18, 0, 0, 0) + made[36:]
