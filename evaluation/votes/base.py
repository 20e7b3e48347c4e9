"""The file that holds collections for voting: SQLite, written to by several browsers at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from models.running.settings import DATA
from photos.write_ahead import WAIT, write_ahead

FILE = "votes.sqlite"
"""In the folder that the setting CUTOUT_DATA names."""

_VERSIONS = (
    """
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created TEXT NOT NULL
);
CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    jpeg BLOB NOT NULL,
    UNIQUE (collection, key)
);
CREATE TABLE entries (
    photo INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    model TEXT NOT NULL,
    label TEXT NOT NULL,
    family TEXT NOT NULL,
    revision TEXT NOT NULL,
    seconds REAL NOT NULL,
    peak_bytes INTEGER NOT NULL,
    png BLOB NOT NULL,
    PRIMARY KEY (photo, model)
);
CREATE TABLE votes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    photo INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    left_model TEXT NOT NULL,
    right_model TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('left', 'right', 'both good', 'both bad')),
    voter TEXT NOT NULL,
    visit TEXT NOT NULL,
    backdrop TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX votes_by_photo ON votes (photo);
""",
)
"""What makes each version of the file out of the one before; SQLite's user_version counts them. No
number is given twice, so that a page that shows something deleted doesn't meet another's."""


class BadBase(Exception):
    """The file can't be used, or doesn't hold what is asked of it: a sentence that says what to
    do."""


class Base:
    """The collections in the file at `path`. It is made with the first one, not before: without a
    collection nothing is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def here(cls) -> "Base":
        """The one that the setting CUTOUT_DATA names."""
        return cls(DATA.value() / FILE)

    def names(self) -> list[str]:
        """Of all collections, in order."""
        if not self.path.exists():
            return []
        with self.opened() as base:
            rows = base.execute("SELECT name FROM collections ORDER BY name").fetchall()
        return [name for (name,) in rows]

    def create(self, name: str) -> None:
        """Begin a collection. Raises BadBase for a name that is taken or empty."""
        name = name.strip()
        if not name:
            raise BadBase("Give the collection a name.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadBase(
                f"The folder “{self.path.parent}” can't be made: {error.strerror}. Set CUTOUT_DATA "
                "to another one."
            ) from error
        with self.opened() as base:
            try:
                base.execute("INSERT INTO collections (name, created) VALUES (?, ?)", (name, now()))
            except sqlite3.IntegrityError as error:
                raise BadBase(
                    f"There is a collection called “{name}” already. Choose another name."
                ) from error

    def find(self, name: str) -> tuple[int, str]:
        """The number of the collection with that name, whatever the case, and the name as it was
        given. Raises BadBase."""
        if self.path.exists():
            with self.opened() as base:
                row: tuple[int, str] | None = base.execute(
                    "SELECT id, name FROM collections WHERE name = ?", (name,)
                ).fetchone()
            if row:
                return row
        there = ", ".join(self.names()) or "none"
        raise BadBase(f"There is no collection called “{name}”. There are: {there}.")

    def delete(self, name: str) -> None:
        """Drop a collection with its photos, mattes and votes; their bytes are overwritten. Raises
        BadBase."""
        number, _ = self.find(name)
        with self.opened() as base:
            base.execute("PRAGMA secure_delete = ON")
            base.execute("DELETE FROM collections WHERE id = ?", (number,))
        with self.opened() as base:
            base.commit()
            base.execute("VACUUM")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection of the calling thread's own; what is done is kept when it ends well. Raises
        BadBase if the file can't be read or written."""
        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT)) as base, base:
                base.execute("PRAGMA foreign_keys = ON")
                self._prepare(base)
                yield base
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise BadBase(f"The votes in “{self.path}” can't be used: {error}.") from error

    def _prepare(self, base: sqlite3.Connection) -> None:
        """Make the tables, or bring those of an older version up to date."""
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version > len(_VERSIONS):
            raise BadBase(
                f"“{self.path}” was written by a newer version of this program. Use that one, or "
                "set CUTOUT_DATA to another folder."
            )
        if version == len(_VERSIONS):
            return
        write_ahead(base)
        base.execute("BEGIN IMMEDIATE")
        # Another process may have done it while this one waited.
        (version,) = base.execute("PRAGMA user_version").fetchone()
        for number, changes in enumerate(_VERSIONS[version:], version + 1):
            for statement in filter(str.strip, changes.split(";")):
                base.execute(statement)
            base.execute(f"PRAGMA user_version = {number}")
        base.commit()


def now() -> str:
    """ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
