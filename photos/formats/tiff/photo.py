"""A TIFF file becomes a photo: one of its pages."""

import io

import numpy as np
from PIL import Image

from photos.formats import declared
from photos.formats.picture import Picture, Raster, orientation_of, readable
from photos.formats.tiff import pixels as tiff_pixels
from photos.formats.tiff.pages import ORIENTATION, PROFILE, Page, photo_page

_COPY = "The first page is a small copy of a later one, which was taken."
_COMPARED = 32
"""Pixels of a side at which two pages are compared."""


def opened(data: bytes) -> Picture:
    """The photo is the first page that isn't marked as a copy, unless it is a small copy of a later
    one: then that one is.

    Raises Unsupported for a camera's raw file, and ValueError for a file without a page.
    """
    page, larger = photo_page(data)
    told = _told_by(data)
    perhaps = larger if larger and _may_be_copy(page, larger) else None

    def decoded() -> tuple[Raster, str | None]:
        raster, full = tiff_pixels.raster(page), _read(perhaps)
        if perhaps and full and _same_picture(raster, full):
            return _final(perhaps, full, told), _COPY
        return _final(page, raster, told), _note(page, larger)

    return Picture((perhaps or page).size, told, decoded)


def _final(page: Page, raster: Raster, told: Image.Image) -> Raster:
    orientation = page.number(ORIENTATION) or orientation_of(told)
    own = page.held(PROFILE).get(PROFILE)
    profile = own.data if own else told.info.get("icc_profile")
    return declared.in_srgb(raster, declared.of_tiff(profile, told)).turned(orientation)


def _note(page: Page, larger: Page | None) -> str | None:
    if not larger:
        return None
    (width, height), (more, higher) = page.size, larger.size
    return (
        f"The first page was taken, {width} × {height} pixels. A later one is larger, "
        f"{more} × {higher}: save it as a file of its own to use it."
    )


def _told_by(data: bytes) -> Image.Image:
    """Metadata are on the first page, whichever is the photo."""
    try:
        return readable(Image.open(io.BytesIO(data), formats=("TIFF",)))
    except Exception:  # Pillow raises whatever comes
        # It refuses pixels of a kind that it doesn't know. A TIFF's tags are EXIF's: read as such.
        image = Image.new("1", (1, 1))
        image.info["exif"] = b"Exif\0\0" + data
        return readable(image)


def _may_be_copy(page: Page, larger: Page) -> bool:
    (width, height), (more, higher) = page.size, larger.size
    # Sides of a copy are rounded.
    return 2 * width <= more and abs(width * higher - height * more) <= max(more, higher)


def _read(page: Page | None) -> Raster | None:
    try:
        return tiff_pixels.raster(page) if page else None
    except Exception:  # a damaged page does no harm to the first one
        return None


def _same_picture(small: Raster, large: Raster) -> bool:
    """Whether their shades are correlated as those of two different pictures never are."""
    shades = [
        np.asarray(raster.colours.convert("L").resize((_COMPARED,) * 2, Image.Resampling.BOX))
        for raster in (small, large)
    ]
    a, b = (values.ravel() - values.mean() for values in shades)
    return bool(a @ b > 0.95 * np.linalg.norm(a) * np.linalg.norm(b) > 0)
