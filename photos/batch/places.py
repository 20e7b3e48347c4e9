"""Where photos and results lie: in folders or in stores, which are asked in the same words."""

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeGuard

from photos import saving
from photos.batch.stores import objects
from photos.batch.stores.address import is_address
from photos.reading import read_bytes


def place_of(words: str | Path) -> str:
    """A place in full: an address, or an absolute path.

    Parameters
    ----------
    words : str or Path

    Returns
    -------
    place : str

    Examples
    --------
    >>> place_of("s3://shop/june/"), place_of(Path("/shop"))
    ('s3://shop/june', '/shop')
    """
    return words.rstrip("/") if _stored(words) else str(Path(words).absolute())


def stamp(place: str | Path, matte: str = "") -> tuple[int, int]:
    """A file's size in bytes, and a number that is another one when it was changed; -1 and 0 if it
    isn't there.

    Parameters
    ----------
    place : str or Path
    matte : str
        The path of another tool's matte, if it has one: then these are the sums for both.

    Returns
    -------
    size, changed : int
        Of a file on a disk, the number is nanoseconds.

    Raises
    ------
    StoreFailed

    Examples
    --------
    >>> stamp("/nowhere/a.jpg")
    (-1, 0)
    """
    if _stored(place):
        return objects.stamp_of(place)
    try:
        told = os.stat(place)  # noqa: PTH116 quicker
    except OSError:
        return -1, 0
    size, changed = told.st_size, told.st_mtime_ns
    if matte:
        more = stamp(matte)
        size, changed = size + more[0], changed + more[1]
    return size, changed


def read(place: str) -> bytes:
    """All of a file. Raises PhotoError, and StoreFailed.

    Parameters
    ----------
    place : str

    Returns
    -------
    data : bytes

    Examples
    --------
    >>> read("sea.jpg")
    Traceback (most recent call last):
    photos.photo.PhotoError: “sea.jpg” can't be read: No such file or directory. Check the path.
    """
    return objects.get(place) if _stored(place) else read_bytes(Path(place))


def beginning(place: str) -> Path | BinaryIO:
    """What Pillow opens to learn a picture's size. Raises as `read`.

    Parameters
    ----------
    place : str

    Returns
    -------
    file : Path or BinaryIO

    Examples
    --------
    >>> beginning("/in/a.jpg").name
    'a.jpg'
    """
    return io.BytesIO(objects.head_of(place)) if _stored(place) else Path(place)


def write(place: str, data: bytes) -> None:
    """Write a file whole, or not at all. Raises WriteFailed, and StoreFailed.

    Parameters
    ----------
    place : str
    data : bytes

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write(f"{folder}/new/a.txt", b"all of it")
    ...     read(f"{folder}/new/a.txt")
    b'all of it'
    """
    if _stored(place):
        objects.put(place, data)
    else:
        saving.write(Path(place), data)


def remove(place: str) -> None:
    """Remove a file, if it's there.

    Parameters
    ----------
    place : str

    Examples
    --------
    >>> remove("/nowhere/a.csv")
    """
    if _stored(place):
        objects.remove(place)
        return
    with suppress(NotADirectoryError):
        Path(place).unlink(missing_ok=True)


def tidy(place: str) -> None:
    """Remove what a process left of a file that it could not write to the end. A store has none.

    Parameters
    ----------
    place : str

    Examples
    --------
    >>> tidy("/nowhere/a.png")
    """
    if not _stored(place):
        saving.tidy(Path(place))


def holds(folder: str, name: str, size: int) -> bool:
    """Tell whether a file of this name and size is in a folder. Raises StoreFailed.

    Parameters
    ----------
    folder : str
    name : str
        With the folders in it.
    size : int
        Bytes.

    Returns
    -------
    holds : bool

    Examples
    --------
    >>> holds("/nowhere", "june/a_cutout.png", 100)
    False
    """
    if is_address(folder):
        return objects.holds(folder, name, size)
    return stamp(f"{folder}/{name}")[0] == size


def _stored(place: str | Path) -> TypeGuard[str]:
    return isinstance(place, str) and is_address(place)
