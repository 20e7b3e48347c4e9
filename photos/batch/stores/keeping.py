"""The manifest of results in a store: worked on here, as SQLite needs a disk, and copied there."""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from models.running.settings import DATA
from photos.batch.base import BadManifest
from photos.batch.stores import objects
from photos.batch.stores.address import StoreFailed
from photos.batch.stores.lease import BEAT, Lease
from photos.photo import PhotoError
from photos.saving import WriteFailed, write

_COPIED = 4
"""Beats between two copies: a minute."""


class Kept:
    """The manifest's file on this machine, and the lease on its folder.

    Parameters
    ----------
    file : Path
    lease : Lease

    Examples
    --------
    >>> callable(Kept)  # it needs a store
    True
    """

    def __init__(self, file: Path, lease: Lease, address: str) -> None:
        self.file, self._lease, self._address = file, lease, address
        self._error: Exception | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="lease")

    def check(self) -> None:
        """Whether this run may go on. Raises StoreFailed."""
        if self._error:
            raise self._error
        self._lease.check()

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Copy it and let others begin. Raises StoreFailed."""
        self._ended.set()
        self._thread.join()
        try:
            if self.file.is_file():
                self._lease.check()
                copy_up(self.file, self._address)
        finally:
            self._lease.release()

    def _run(self) -> None:
        beats = 0
        while not self._ended.wait(BEAT):
            beats += 1
            try:
                self._lease.beat()
                if beats % _COPIED == 0 and self.file.is_file():
                    copy_up(self.file, self._address)
            except StoreFailed:
                pass  # `check` tells once it has lasted, or the lease is lost
            except Exception as error:
                self._error = error
                return


@contextmanager
def kept(out: str, name: str, tell: Callable[[str], object] = lambda _: None) -> Iterator[Kept]:
    """Have the manifest of a store's folder here meanwhile, alone.

    A run that is killed leaves its file on this machine; the next one here goes on with it, unless
    another machine has copied its own into the store since.

    Parameters
    ----------
    out : str
        The folder's address.
    name : str
        The manifest's, with its ending.
    tell : callable
        As `Lease` takes it.

    Yields
    ------
    kept : Kept

    Raises
    ------
    StoreFailed
        If another run is at work there, or the store can't be used.
    BadManifest

    Examples
    --------
    >>> callable(kept)  # it needs a store
    True
    """
    lease = Lease(out, Path(name).stem, tell)
    address = f"{out}/{name}"
    try:
        file = working_file(address)
        _bring(file, address)
    except BaseException:
        lease.release()
        raise
    held = Kept(file, lease, address)
    held.begin()
    try:
        yield held
    except BaseException:
        with suppress(StoreFailed, BadManifest):  # what ended it counts more
            held.end()
        raise
    held.end()


@contextmanager
def copied(out: str, name: str) -> Iterator[Path | None]:
    """A copy to look at, removed afterwards; None if there is no manifest. Raises StoreFailed.

    Parameters
    ----------
    out, name : str
        As `kept` takes them.

    Yields
    ------
    file : Path or None

    Examples
    --------
    >>> callable(copied)  # it needs a store
    True
    """
    address = f"{out}/{name}"
    with TemporaryDirectory() as folder:
        file, here = Path(folder, name), working_file(address)
        tag = objects.tag_of(address)
        if here.is_file() and _seen(here) == tag:
            _snapshot(here, file)
        elif tag:
            _write(file, objects.get(address))
        yield file if file.is_file() else None


def working_file(address: str) -> Path:
    """Where a manifest of a store's is worked on: among this user's data.

    Parameters
    ----------
    address : str

    Returns
    -------
    file : Path

    Examples
    --------
    >>> working_file("s3://shop/out/batch.sqlite").name
    'batch.sqlite'
    """
    folder = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Path(DATA.value()) / "batches" / folder / address.rpartition("/")[2]


def copy_up(file: Path, address: str) -> None:
    """Copy a manifest into its store, whole and as it is at one moment. Raises StoreFailed.

    Parameters
    ----------
    file : Path
    address : str

    Examples
    --------
    >>> callable(copy_up)  # it needs a store
    True
    """
    with TemporaryDirectory() as folder:
        snapshot = Path(folder, "batch.sqlite")
        _snapshot(file, snapshot)
        objects.put(address, snapshot.read_bytes())
    _write(_note(file), objects.tag_of(address).encode())


def _bring(file: Path, address: str) -> None:
    """The newer one of the file here and that in the store."""
    tag = objects.tag_of(address)
    if file.is_file() and _seen(file) == tag:
        return
    for each in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)
    if tag:
        try:
            _write(file, objects.get(address))
        except PhotoError as error:
            raise StoreFailed(str(error)) from error
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
    _write(_note(file), tag.encode())


def _snapshot(file: Path, there: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as base, closing(sqlite3.connect(there)) as copy:
            base.backup(copy)
    except sqlite3.Error as error:
        raise BadManifest(f"“{file}” can't be read: {error}.") from error


def _write(file: Path, data: bytes) -> None:
    try:
        write(file, data)
    except WriteFailed as error:
        raise BadManifest(str(error)) from error


def _note(file: Path) -> Path:
    """Which of the store's the file here came from, or became."""
    return file.with_name(f"{file.name}.tag")


def _seen(file: Path) -> str:
    try:
        return os.fsdecode(_note(file).read_bytes())
    except OSError:
        return ""
