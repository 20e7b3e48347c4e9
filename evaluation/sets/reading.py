"""A truth's file becomes levels; a table of tags becomes tags."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from compositing.arrays import Photo
from evaluation.metrics.levels import Levels
from evaluation.sets.areas import area_of_one_grey
from photos.mattes import BadMatte, as_bytes, read_levels
from photos.mattes import Levels as StoredLevels
from photos.photo import PhotoFile

_WHITE = 0.25
"""What part of white a truth reaches, if it isn't all black: glass and smoke do, and numbers of
classes, which begin with 1, don't."""


class BadTruth(Exception):
    """A truth that can't be used, in a sentence that names it."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A photo and its truth, `uint8 (H, W)` of the photo's size; trimap: of the same size, if the
    set has its own."""

    photo: PhotoFile
    truth: Levels
    trimap: Levels | None = None

    @cached_property
    def pixels(self) -> Photo:
        """The photo's, decoded once for all models."""
        return self.photo.pixels()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of truth and trimap."""
        digest = hashlib.sha256(self.truth.tobytes())
        if self.trimap is not None:
            digest.update(self.trimap.tobytes())
        return digest.hexdigest()


class Source(Protocol):
    """Where a photo and its truth come from. name: unique in its set. tags: what kind of photo it
    is."""

    @property
    def name(self) -> str: ...

    @property
    def tags(self) -> tuple[str, ...]: ...

    def load(self) -> Loaded:
        """Read and decode both. Raises PhotoError or BadTruth."""
        ...


def read_truth(path: Path, photo: PhotoFile) -> Levels:
    """As `open_truth`, from a file."""
    return open_truth(_read(path, "truth"), str(path), photo)


def read_trimap(path: Path, photo: PhotoFile) -> Levels:
    """`uint8 (H, W)` of the photo's size: 0 = background, 255 = subject, what is between = unknown.
    Raises BadTruth."""
    return as_bytes(_levels(_read(path, "trimap"), str(path), photo, "trimap"))


def open_truth(data: bytes, name: str, photo: PhotoFile) -> Levels:
    """`uint8 (H, W)` of the photo's size: 255 = subject. data: a whole file; name: what a sentence
    about it calls it.

    A file with transparency means its opacity, another one its grey levels; 16 bits are rounded to
    8. Raises BadTruth for one that can't be read, has colours, isn't of the photo's size, or holds
    numbers of classes or a trimap: it's so dark, or has areas of one grey.
    """
    levels = _levels(data, name, photo, "truth")
    white, brightest = np.iinfo(levels.dtype).max, int(levels.max())
    if 0 < brightest < white * _WHITE:
        raise BadTruth(
            f"The truth “{name}” is white nowhere: its brightest pixel is {brightest} of {white}. "
            "If it holds numbers of classes, export it with the subject in white; for a photo "
            "without a subject, all black."
        )
    truth = as_bytes(levels)
    if area := area_of_one_grey(truth):
        grey, part = area
        raise BadTruth(
            f"The truth “{name}” has areas of one grey, as a trimap or numbers of classes have: "
            f"{part:.0%} of what isn't black is grey, most of it {grey} of 255. Give the matte "
            "itself, or a mask with the subject in white."
        )
    return truth


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadTruth(f"The {what} “{path}” can't be read: {error.strerror}.") from error


def _levels(data: bytes, name: str, photo: PhotoFile, what: str) -> StoredLevels:
    """`(H, W)` of the photo's size. what: what a sentence calls it. Raises BadTruth."""
    wanted = (photo.width, photo.height)

    def check(size: tuple[int, int]) -> None:
        if sorted(size) != sorted(wanted):  # told without decoding it
            raise BadMatte(_other_size(name, size, photo, what))

    try:
        levels = read_levels(data, name, what, check)
    except BadMatte as error:
        raise BadTruth(str(error)) from error
    if levels.shape[::-1] != wanted:
        raise BadTruth(_other_size(name, levels.shape[::-1], photo, what))
    return levels


def _other_size(name: str, size: tuple[int, ...], photo: PhotoFile, what: str) -> str:
    width, height = size
    return (
        f"The {what} “{name}” has {width} × {height} pixels, “{photo.name}” has {photo.width} × "
        f"{photo.height}. Give one of the photo's size."
    )


def read_tags(path: Path) -> dict[str, tuple[str, ...]]:
    """Tags by the photos' names without the ending, from a CSV whose first column is the name and
    whose others are tags, which may also be parted by “;”. Raises BadTruth."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file, strict=True) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTruth(f"“{path}” can't be read as a table of tags (CSV): {error}.") from error
    return {
        Path(name).stem.casefold(): tuple(
            tag.strip().casefold() for cell in cells for tag in cell.split(";") if tag.strip()
        )
        for name, *cells in rows
    }
