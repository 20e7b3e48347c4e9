"""A photo of a batch, before it's opened: where it is, and by what a change of it is known."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePath

from photos.reading import SUFFIXES

type Shard = tuple[int, int]
"""Which part, from 1, of how many."""


@dataclass(frozen=True)
class Found:
    """A photo, by its name.

    Parameters
    ----------
    path : str
        Absolute.
    name : str
        Below the folder of results: the folders are kept, with "/" between them.
    size, changed : int
        Bytes, and nanoseconds; -1 and 0 of a file that isn't there.
    matte : str
        The path of another tool's matte for it, absolute, which size and changed are of as well;
        empty if there is none.

    Examples
    --------
    >>> Found("/in/june/a.jpg", "june/a.jpg").size
    -1
    """

    path: str
    name: str
    size: int = -1
    changed: int = 0
    matte: str = ""

    @property
    def group(self) -> str:
        """The same of all photos whose results might be called alike: a.jpg, A.png, a.png.jpg."""
        name = self.name.casefold()
        while (ending := PurePath(name).suffix)[1:] in SUFFIXES:
            name = name.removesuffix(ending)
        return name

    def within(self, shard: Shard) -> bool:
        """Whether it belongs to a part; the same on every machine, wherever the folder lies."""
        digest = hashlib.sha256(os.fsencode(self.group)).digest()
        return int.from_bytes(digest[:8], "big") % shard[1] == shard[0] - 1


def stamp(path: Path, matte: str = "") -> tuple[int, int]:
    """A file's size in bytes, and when it was changed in nanoseconds; -1 and 0 if it isn't there.

    Parameters
    ----------
    path : Path
    matte : str
        The path of another tool's matte, if it has one: then these are the sums for both.

    Returns
    -------
    size, changed : int

    Examples
    --------
    >>> stamp(Path("/nowhere/a.jpg"))
    (-1, 0)
    """
    try:
        told = path.stat()
    except OSError:
        return -1, 0
    size, changed = told.st_size, told.st_mtime_ns
    if matte:
        more = stamp(Path(matte))
        size, changed = size + more[0], changed + more[1]
    return size, changed
