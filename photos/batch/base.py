"""The file that a manifest is kept in: SQLite with a write-ahead log."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photos.write_ahead import WAIT, write_ahead

VERSION = 1
_TABLES = (
    """CREATE TABLE IF NOT EXISTS photos (
        path PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, sha256 TEXT NOT NULL,
        stem NOT NULL, begun INTEGER NOT NULL, run TEXT
    )""",
    "CREATE INDEX IF NOT EXISTS photos_stem ON photos (stem)",
    """CREATE TABLE IF NOT EXISTS results (
        file PRIMARY KEY, path NOT NULL, ending TEXT NOT NULL, digest TEXT NOT NULL,
        outcome TEXT, bytes INTEGER NOT NULL DEFAULT 0, seconds REAL, error TEXT, notes TEXT
    )""",
    "CREATE INDEX IF NOT EXISTS results_path ON results (path)",
    """CREATE TABLE IF NOT EXISTS runs (
        id TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, born REAL NOT NULL,
        seen REAL NOT NULL, asked TEXT NOT NULL, photos INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0
    )""",
)


class BadManifest(Exception):
    """A manifest that can't be used, in a sentence that says what to do.

    Examples
    --------
    >>> Base(Path("/dev/null/out/batch.sqlite"))
    Traceback (most recent call last):
    photos.batch.base.BadManifest: “/dev/null/out” can't be made: Not a directory.
    """


class Base:
    """The tables in a file, for all threads of a process.

    Parameters
    ----------
    path : Path
        It's made if it isn't there.
    reading : bool
        Whether it's only looked at: then it has to be there, and nothing in it changes.

    Raises
    ------
    BadManifest
        Its methods, too: if the file can't be read, or not be written as on a full disk.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     base = Base(Path(folder) / "batch.sqlite")
    ...     with base.reading() as tables:
    ...         print(tables.execute("SELECT COUNT(*) FROM photos").fetchone())
    ...     base.close()
    (0,)
    """

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self.path, self._reading = path, reading
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadManifest(f"“{path.parent}” can't be made: {error.strerror}.") from error
        try:
            # Autocommit: what belongs together begins and ends in `writing`.
            self._tables = sqlite3.connect(
                path, timeout=WAIT, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise BadManifest(self._told("used", error)) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self.close()
            raise BadManifest(self._told("used", error)) from error
        except BadManifest:
            self.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._tables.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                yield self._tables
        except sqlite3.Error as error:
            raise BadManifest(self._told("read", error)) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """What is done inside is kept when it ends well, and by nobody else meanwhile."""
        try:
            with self._lock:
                self._tables.execute("BEGIN IMMEDIATE")
                try:
                    yield self._tables
                    self._tables.execute("COMMIT")
                except BaseException:
                    if self._tables.in_transaction:
                        self._tables.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise BadManifest(self._told("written", error)) from error

    def _prepare(self) -> None:
        (version,) = self._tables.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise BadManifest(
                f"“{self.path}” was written by a newer version of this program. Use that one, or "
                "name another folder."
            )
        if self._reading:
            self._tables.execute("PRAGMA query_only = ON")
            return
        write_ahead(self._tables)
        # A loss of power may cost the last few rows, and their photos are done again.
        self._tables.execute("PRAGMA synchronous = NORMAL")
        for table in _TABLES:
            self._tables.execute(table)
        self._tables.execute(f"PRAGMA user_version = {VERSION}")

    def _told(self, what: str, error: sqlite3.Error) -> str:
        full = "full" in str(error)
        advice = " Make room, and start it again: it goes on from here." if full else ""
        return f"“{self.path}” can't be {what}: {error}.{advice}"


def stored(text: str) -> str | bytes:
    """As a table holds a name, or a sentence with one: Linux allows some that are no Unicode.

    Parameters
    ----------
    text : str

    Returns
    -------
    stored : str or bytes

    Examples
    --------
    >>> stored("Zoë.jpg"), named(stored("a\\udcff.jpg")) == "a\\udcff.jpg"
    ('Zoë.jpg', True)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)
    return text


def named(value: str | bytes) -> str:
    """The name that a table holds.

    Parameters
    ----------
    value : str or bytes
        As `stored` made it.

    Returns
    -------
    name : str

    Examples
    --------
    >>> named("Zoë.jpg")
    'Zoë.jpg'
    """
    return value if isinstance(value, str) else os.fsdecode(value)
