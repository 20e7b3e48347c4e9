"""A photo of a batch, before it's opened: where it is, and by what a change of it is known."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import PurePath

from photos.reading import SUFFIXES

type Shard = tuple[int, int]
"""Which part, from 1, of how many."""


@dataclass(frozen=True)
class Found:
    """A photo, by its name.

    Parameters
    ----------
    path : str
        Absolute, or an address in a store.
    name : str
        Below the folder of results: the folders are kept, with "/" between them.
    size, changed : int
        As `photos.batch.places.stamp` tells them; -1 and 0 of a file that isn't there.
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
