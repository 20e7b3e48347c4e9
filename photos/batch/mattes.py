"""Mattes of another tool: which one is for which photo of a batch."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePath

from photos.batch.found import Found
from photos.batch.places import stamp
from photos.elsewhere import belongs_to
from photos.reading import SUFFIXES


@dataclass(frozen=True)
class Mattes:
    """Where mattes lie: one file, for a lone photo, or a folder with the photos' own folders in it.

    Parameters
    ----------
    place : Path

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("in/june/a.jpg", "mattes/june/a-mask.png"):
    ...         Path(folder, name).parent.mkdir(parents=True)
    ...         Path(folder, name).touch()
    ...     found = Found(f"{folder}/in/june/a.jpg", "june/a.jpg")
    ...     Path(Mattes(Path(folder, "mattes")).of(found)).name
    'a-mask.png'
    """

    place: Path

    def added(self, found: Found) -> Found:
        """A photo with its matte, if it has one."""
        matte = self.of(found)
        size, changed = stamp(Path(found.path), matte)
        return replace(found, matte=matte, size=size, changed=changed) if matte else found

    def of(self, found: Found) -> str:
        """The path of a photo's matte; empty if it has none, or several.

        A file is a photo's if it's called so, or so with something behind, and lies in the folder
        of that name. Of photos that are called alike, as a.jpg and a.png, none has one.
        """
        if self.place.is_file():
            return str(self.place.absolute())
        folder = self.place.absolute() / PurePath(found.name).parent
        photo, photos = PurePath(found.path), _pictures(PurePath(found.path).parent)
        stem = photo.stem.casefold()
        if sum(PurePath(each).stem.casefold() == stem for each in photos) > 1:
            return ""
        there = _pictures(folder)
        exact = [name for name in there if PurePath(name).stem.casefold() == stem]
        fitting = exact or [name for name in there if belongs_to(name, photos) == photo.name]
        return str(folder / fitting[0]) if len(fitting) == 1 else ""


def _pictures(folder: PurePath) -> tuple[str, ...]:
    return _listed(folder, stamp(Path(folder)))


@lru_cache(maxsize=4)
def _listed(folder: PurePath, _stamp: tuple[int, int]) -> tuple[str, ...]:
    """Names of the pictures in a folder, once for all of its photos: until something changes."""
    try:
        names = [path.name for path in Path(folder).iterdir()]
    except OSError:
        return ()
    return tuple(name for name in names if PurePath(name).suffix[1:].lower() in SUFFIXES)
