"""A truth's file becomes levels; a table of tags becomes tags."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from evaluation.metrics.levels import Levels
from photos.photo import PhotoFile

TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")


TINT = 8
"""Levels between a grey's channels that JPEG's rounding may cause."""


class BadTruth(Exception):
    """A truth that can't be used, in a sentence that names it."""


def read_truth(path: Path, photo: PhotoFile) -> Levels:
    """`uint8 (H, W)` of the photo's size: 255 = subject.

    A file with transparency means its opacity, another one its grey levels; 16 bits are rounded to
    8. Raises BadTruth for one that can't be read, has colours, or isn't of the photo's size.
    """
    try:
        with Image.open(path) as picture:
            levels = _levels(ImageOps.exif_transpose(picture), path)
    except BadTruth:
        raise
    except Exception as error:  # of broken files, decoders raise whatever comes
        raise BadTruth(f"The truth “{path}” can't be read. Export it again.") from error
    if levels.shape != (photo.height, photo.width):
        height, width = levels.shape
        raise BadTruth(
            f"The truth “{path}” has {width} × {height} pixels, “{photo.name}” has {photo.width} × "
            f"{photo.height}. Give one of the photo's size."
        )
    return levels


def _levels(picture: Image.Image, path: Path) -> Levels:
    if picture.mode in TRANSPARENT or "transparency" in picture.info:
        opacity = np.asarray(picture.convert("RGBA").getchannel("A"))
        if opacity.min() < 255:
            return opacity
        picture = picture.convert("RGB")
    if picture.mode.startswith("I"):
        values = np.asarray(picture).astype(np.float64)
        return np.rint(np.clip(values / 65535, 0, 1) * 255).astype(np.uint8)
    if picture.mode == "F":
        raise BadTruth(f"The truth “{path}” holds floats. Export it with 8 or 16 bits a pixel.")
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))
    colours = np.asarray(picture.convert("RGB"))
    grey = colours[..., 0]
    if (colours.max(2) - colours.min(2)).max() > TINT:
        raise BadTruth(
            f"The truth “{path}” has colours and no transparency; a truth is grey (white = "
            "subject), or a cutout with transparency."
        )
    return np.ascontiguousarray(grey, np.uint8)


def read_tags(path: Path) -> dict[str, tuple[str, ...]]:
    """Tags by the photos' names without the ending, from a CSV whose first column is the name and
    whose others are tags, which may also be parted by “;”. Raises BadTruth."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTruth(f"“{path}” can't be read as a table of tags (CSV): {error}.") from error
    return {
        Path(name).stem.casefold(): tuple(
            tag.strip().casefold() for cell in cells for tag in cell.split(";") if tag.strip()
        )
        for name, *cells in rows
    }
