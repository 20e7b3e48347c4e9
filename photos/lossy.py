"""Pictures as JPEG and WebP files: of a quality, or of a number of kilobytes."""

import io
import math
from typing import Any, Literal

from PIL import Image

from photos.photo import PhotoError

type Lossy = Literal["JPEG", "WebP"]

LOWEST_QUALITY = 30
"""Of a file that is held to a number of kilobytes: below it nobody wants to see the picture."""
_FINE = 85
"""From this quality on, each pixel of a JPEG keeps its own colour."""
_OPTIONS: dict[Lossy, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": "4:4:4"},
    "WebP": {"quality": 95, "method": 4},
}


def lossy(
    image: Image.Image,
    format_: Lossy,
    told: dict[str, Any],
    *,
    max_kb: int | None = None,
    name: str = "",
) -> bytes:
    """Make a JPEG or WebP file.

    Parameters
    ----------
    image : Image
        Of a mode that the format holds.
    format_ : {"JPEG", "WebP"}
    told : dict
        What the file tells of itself, as Pillow's `Image.save` takes it.
    max_kb : int, optional
        Kilobytes (thousands of bytes) that it may have: of the qualities up to the usual one, the
        highest that needs no more is taken. None: the usual one.
    name : str
        The photo's, for the error's sentence.

    Returns
    -------
    file : bytes

    Raises
    ------
    PhotoError
        If it has more kilobytes at the lowest quality.

    Examples
    --------
    >>> noise = Image.effect_noise((300, 200), 50)
    >>> len(lossy(noise, "JPEG", {})) > 30_000 > len(lossy(noise, "JPEG", {}, max_kb=30))
    True
    """
    options = _OPTIONS[format_] | told
    file = _saved(image, format_, options)
    if max_kb is None or len(file) <= 1000 * max_kb:
        return file
    steps: list[tuple[int, dict[str, Any]]] = [(LOWEST_QUALITY, {})]
    if format_ == "JPEG":
        # At low qualities, colours for four pixels each lose less than a still lower quality does.
        steps = [(_FINE, {}), (LOWEST_QUALITY, {"subsampling": "4:2:0"})]
    for low, more in steps:
        high, found = options["quality"], None
        while low < high:  # by halving
            quality = (low + high) // 2
            file = _saved(image, format_, options | more | {"quality": quality})
            if len(file) <= 1000 * max_kb:
                found, low = file, quality + 1
            else:
                high = quality
        if found:
            return found
    exif = math.ceil(len(told.get("exif", b"")) / 1000)
    of_exif = f" ({exif} of them EXIF)" if exif > max_kb / 2 else ""
    raise PhotoError(
        f"“{name}”: a {format_} of {image.width} × {image.height} pixels needs "
        f"{math.ceil(len(file) / 1000)} kB{of_exif} at the lowest quality, {LOWEST_QUALITY}, more "
        f"than {max_kb}. Allow more, or take a smaller canvas."
    )


def _saved(image: Image.Image, format_: Lossy, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()
