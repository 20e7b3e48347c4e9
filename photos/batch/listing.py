"""Which photos a batch is about, found one after another: large folders take little memory."""

import glob
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from photos.batch.found import Found, Shard
from photos.batch.mattes import Mattes
from photos.batch.places import stamp
from photos.batch.stores.objects import listed
from photos.names import is_result, natural
from photos.reading import RAW_SUFFIXES, SUFFIXES

_NOWHERE = Path(os.sep, "\0")
"""No folder can be called so."""
_MANIFEST = re.compile(r"batch(-\d+-of-\d+)?\.sqlite")
"""What lies in a folder of results, by which it's known."""


@dataclass
class Listing:
    """Goes over folders and files, in natural order within a folder.

    Parameters
    ----------
    sources : tuple of Path
        Folders, with those in them; photos.
    patterns : tuple of str
        As `glob` has them, with ** for any folders.
    entries : tuple of Path
        What a list names; the names of their results keep the folders, from `root` on.
    root : Path
        The folder that the list is in.
    out : Path or str
        The folder of results, or its address. It's left out wherever it is.
    shard : (int, int), optional
        Which part of all of them.
    addresses : tuple of str
        Folders in stores, with those in them; photos there.
    mattes : Mattes, optional
        Where another tool's mattes lie, for each photo to be found with its own.

    Attributes
    ----------
    skipped : Counter
        How many files weren't taken, by the reason; of the last time that they were gone over.
    empty : list of str
        Addresses where nothing is, likewise: a store has no folders that are empty.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("p10.jpg", "june/p2.jpg", "june/notes.txt", "out/p2_cutout.png"):
    ...         Path(folder, name).parent.mkdir(exist_ok=True)
    ...         Path(folder, name).touch()
    ...     listing = Listing((Path(folder),), out=Path(folder, "out"))
    ...     print([found.name for found in listing], dict(listing.skipped))
    ['june/p2.jpg', 'p10.jpg'] {'not photos': 1}
    """

    sources: tuple[Path, ...] = ()
    patterns: tuple[str, ...] = ()
    entries: tuple[Path, ...] = ()
    root: Path = Path()
    out: Path | str = Path()
    shard: Shard | None = None
    addresses: tuple[str, ...] = ()
    mattes: Mattes | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    empty: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Found]:
        self.skipped.clear()
        self.empty.clear()
        several = len((*self.sources, *self.patterns, *self.addresses)) > 1
        known: set[str] | None = set() if several or self.entries else None
        for found in self._everything():
            if known is not None:  # one folder has each photo once, and may have any number
                if found.path in known:
                    self.skipped["named twice"] += 1
                    continue
                known.add(found.path)
            if self.shard is None or found.within(self.shard):
                yield self.mattes.added(found) if self.mattes else found

    def _everything(self) -> Iterator[Found]:
        if isinstance(self.out, Path):
            yield from self._all(self.out.resolve())
        else:
            yield from self._all(_NOWHERE)
        for address in self.addresses:
            yield from self._stored(address)

    def _stored(self, address: str) -> Iterator[Found]:
        """What is in a store. Raises StoreFailed."""
        if _may_be_photo(address):
            size, changed = stamp(address)
            if size >= 0:
                yield Found(address, PurePath(address).name, size, changed)
                return
        yield from self._store_folder(address, "")

    def _store_folder(self, address: str, name: str) -> Iterator[Found]:
        if address == self.out:
            return
        there = sorted(listed(address), key=lambda entry: natural(entry.name))
        if not there and not name:
            self.empty.append(address)
        there = [entry for entry in there if entry.name[:1] not in ("", ".")]
        if name and any(_MANIFEST.fullmatch(entry.name) for entry in there):
            self.skipped["folders with the results of another batch"] += 1
            return
        stems = {PurePath(entry.name).stem for entry in there if _may_be_photo(entry.name)}
        for entry in there:
            inside, path = f"{name}{entry.name}", f"{address}/{entry.name}"
            if entry.folder:
                yield from self._store_folder(path, f"{inside}/")
            elif why := _unfit(entry.name, stems):
                self.skipped[why] += 1
            else:
                yield Found(path, inside, entry.size, entry.changed)

    def _all(self, out: Path) -> Iterator[Found]:
        for source in self.sources:
            if source.is_dir():
                yield from self._folder(_plain(source), "", out, ())
            else:
                yield _found(source, source.name)
        for pattern in self.patterns:
            yield from self._matches(pattern, out)
        root = _plain(self.root)
        for entry in self.entries:
            path = Path(os.path.normpath(root / entry))
            if path.resolve().is_relative_to(out):
                self.skipped["in the folder of results"] += 1
                continue
            yield _found(path, _below(path, root))

    def _folder(
        self, folder: Path, name: str, out: Path, above: tuple[str, ...]
    ) -> Iterator[Found]:
        """above: the folders that this one is in, so that a link to one of them isn't followed."""
        real = os.path.realpath(folder)
        if real in above or real == str(out):
            return
        try:
            with os.scandir(folder) as entries:
                there = sorted(
                    (entry for entry in entries if entry.name[0] != "."),
                    key=lambda entry: natural(entry.name),
                )
        except OSError:
            self.skipped["folders that can't be opened"] += 1
            return
        if above and any(_MANIFEST.fullmatch(entry.name) for entry in there):
            self.skipped["folders with the results of another batch"] += 1
            return
        stems = {PurePath(entry.name).stem for entry in there if _may_be_photo(entry.name)}
        for entry in there:
            inside = f"{name}{entry.name}"
            if entry.is_dir():
                yield from self._folder(Path(entry.path), f"{inside}/", out, (*above, real))
            elif why := _unfit(entry.name, stems):
                self.skipped[why] += 1
            else:
                yield _found(Path(entry.path), inside)

    def _matches(self, pattern: str, out: Path) -> Iterator[Found]:
        root = fixed_part(pattern)
        for match in glob.iglob(pattern, recursive=True):  # noqa: PTH207 one after another
            path = Path(match)
            if path.is_dir() or path.resolve().is_relative_to(out):
                continue
            if why := _unfit(path.name, ()):
                self.skipped[why] += 1
            else:
                yield _found(path, _below(path, root))


def fixed_part(pattern: str) -> Path:
    """The folder that a pattern's matches are all in, from which on their folders are kept.

    Parameters
    ----------
    pattern : str

    Returns
    -------
    folder : Path

    Examples
    --------
    >>> str(fixed_part("photos/20*/*.jpg")), str(fixed_part("*.jpg"))
    ('photos', '.')
    """
    parts = PurePath(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed])


def _found(path: Path, name: PurePath | str) -> Found:
    return Found(str(_plain(path)), PurePath(name).as_posix(), *stamp(path))


def _below(path: Path, root: Path) -> PurePath:
    """The folders that are kept of a path: those from a root on, or all of them. None leads up."""
    path, root = _plain(path), _plain(root)
    return path.relative_to(root if path.is_relative_to(root) else path.anchor)


def _plain(path: Path) -> Path:
    """Absolute and without "..", so that a photo is the same from wherever it's asked for."""
    parts = path.absolute().parts
    if ".." not in parts:
        return Path(*parts)
    up = len(parts) - parts[::-1].index("..")
    return Path(os.path.realpath(Path(*parts[:up])), *parts[up:])


def _may_be_photo(name: str) -> bool:
    return PurePath(name).suffix[1:].lower() in SUFFIXES


def _unfit(name: str, stems: set[str] | tuple[()]) -> str:
    """Why a file isn't taken; empty if it is."""
    if PurePath(name).suffix[1:].lower() in RAW_SUFFIXES:
        return "cameras' raw files: export them as JPEG or TIFF"
    if not _may_be_photo(name):
        return "not photos"
    return "results of an earlier run" if is_result(PurePath(name).stem, stems) else ""
