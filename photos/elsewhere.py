"""Mattes that other tools made: read from their files, and made ready as a model's are."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from compositing.alpha import enlarge
from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.interface import NOTHING_SAID, Matte
from photos.cut import Bits, Cut
from photos.cutting import within
from photos.mattes import BadMatte, Levels, MatteFile, read_levels
from photos.packed import packed_alpha, packed_deep
from photos.photo import PhotoFile
from photos.reading import check_bytes, check_pixels

_PARTS = " _-.("
"""What parts a photo's name from what a tool adds to it."""


def matte_cut(
    photo: PhotoFile,
    file: MatteFile,
    spec: ModelSpec,
    *,
    pixels: Photo | None = None,
    bits: Bits = 8,
) -> Cut:
    """Make a cut of a matte that another tool made.

    What is transparent in the photo's own file stays so. A matte of another size and the photo's
    proportions is enlarged with the photo's help, or reduced; a note of the cut tells it.

    Parameters
    ----------
    photo : PhotoFile
    file : MatteFile
        A cutout, of which the opacity counts, or a grey mask, white = subject; of 8 or 16 bits.
    spec : ModelSpec
        The tool's row, as `models.catalog.other_tool` makes it.
    pixels : (H, W, 3) uint8 array, optional
        The photo's, if they are at hand. None: they are decoded if they're needed.
    bits : {8, 16}
        As `photos.cut_out` takes it.

    Returns
    -------
    cut : Cut
        It took no time and ran on no device, and `Cut.matte` is the file.

    Raises
    ------
    PhotoError
        If the file is no mask or cutout, of other proportions, or larger than photos may be.

    Examples
    --------
    >>> import cv2
    >>> from models.catalog import other_tool
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> half = cv2.imencode(".png", np.full((200, 300), 255, np.uint8))[1].tobytes()
    >>> cut = matte_cut(photo, MatteFile("coffee_mask.png", half), other_tool("Scissors"))
    >>> cut.spec.label, cut.share, cut.inference, cut.alpha().shape
    ('Scissors', 1.0, 0.0, (400, 600))
    >>> print(cut.notes[-1][:59])
    The matte “coffee_mask.png” has 300 × 200 pixels, the photo
    """
    wanted = photo.width, photo.height

    def check(size: tuple[int, int]) -> None:
        check_pixels(size, file.name)
        if not (
            same_proportions(size, wanted) or same_proportions(size[::-1], wanted)
        ):  # EXIF may turn it
            raise _other_size(file.name, size, photo)

    check_bytes(file.data, file.name)
    levels = read_levels(file.data, file.name, check=check)
    size = levels.shape[1], levels.shape[0]
    if not same_proportions(size, wanted):
        raise _other_size(file.name, size, photo)
    alpha, notes = _opacity(levels), photo.notes
    if size != wanted:
        alpha = enlarge(alpha, photo.pixels() if pixels is None else pixels)
        notes = (*notes, _resized(file.name, size, photo))
    alpha = within(photo.alpha() if photo.transparent else None, alpha)
    matte = Matte(alpha, soft=True)
    return Cut(
        photo=photo,
        spec=spec,
        prompt=NOTHING_SAID,
        seconds={},
        device="",
        dtype="",
        revision="",
        peak_bytes=0,
        share=matte.share,
        empty=matte.empty,
        notes=notes,
        objects=(),
        packed=packed_alpha(alpha),
        deep=packed_deep(alpha) if bits == 16 else None,
        matte=file,
    )


def belongs_to(name: str, photos: Collection[str]) -> str | None:
    """Tell of which photo a tool's file is: the one whose name it has, whatever is added behind.

    Parameters
    ----------
    name : str
        The file's.
    photos : collection of str
        The photos' names.

    Returns
    -------
    photo : str or None
        One of them: of several that fit, the one with the longest name. None if none fits.

    Examples
    --------
    >>> belongs_to("Cat_2-removebg-preview.png", ["cat.jpg", "cat_2.jpg", "catalogue.jpg"])
    'cat_2.jpg'
    >>> belongs_to("category.png", ["cat.jpg"]) is None
    True
    """
    fitting = [photo for photo in photos if added_to(photo, name) is not None]
    return max(fitting, key=lambda photo: len(Path(photo).stem), default=None)


def added_to(photo: str, name: str) -> str | None:
    """Tell what a tool added to a photo's name to make a file's.

    Parameters
    ----------
    photo, name : str
        The photo's name and the file's.

    Returns
    -------
    added : str or None
        Without what parts it from the photo's name; empty if nothing was added. None if the file
        isn't called after the photo.

    Examples
    --------
    >>> added_to("cat.jpg", "cat-removebg-preview.png"), added_to("cat.jpg", "dog.png")
    ('removebg-preview', None)
    """
    stem, whole = Path(photo).stem, Path(name).stem
    rest = whole[len(stem) :]
    if whole[: len(stem)].casefold() != stem.casefold() or (rest and rest[0] not in _PARTS):
        return None
    return rest.strip(f"{_PARTS})")


def same_proportions(size: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Tell whether two pictures have the same proportions; the smaller one's sides were rounded.

    Parameters
    ----------
    size, wanted : (int, int)
        Width and height.

    Returns
    -------
    same : bool

    Examples
    --------
    >>> same_proportions((300, 200), (601, 400)), same_proportions((300, 200), (400, 400))
    (True, False)
    """
    (width, height), (wide, high) = size, wanted
    return abs(width * high - height * wide) <= max(*size, *wanted)


def _opacity(levels: Levels) -> Alpha:
    return levels * np.float32(1 / np.iinfo(levels.dtype).max)


def _other_size(name: str, size: tuple[int, int], photo: PhotoFile) -> BadMatte:
    width, height = size
    return BadMatte(
        f"The matte “{name}” has {width} × {height} pixels, “{photo.name}” has {photo.width} × "
        f"{photo.height}, upright. Give one of the photo's size, or of its proportions."
    )


def _resized(name: str, size: tuple[int, int], photo: PhotoFile) -> str:
    width, height = size
    larger = width > photo.width
    how = "was reduced" if larger else "was enlarged by the photo's colours"
    return (
        f"The matte “{name}” has {width} × {height} pixels, the photo {photo.width} × "
        f"{photo.height}: it {how}"
        + ("." if larger else ", so that the tool's own full-size result may be better.")
    )
