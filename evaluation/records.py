"""What was measured, kept in one file, so that a second run does only what is new.

SQLite with a write-ahead log: a result is either there or not, whatever ends the process, and
several processes may write at once.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from photos.write_ahead import WAIT, write_ahead

VERSION = 1
"""Of the table, kept as SQLite's user_version."""

_TABLE = """
CREATE TABLE IF NOT EXISTS results (
    photo TEXT NOT NULL, truth TEXT NOT NULL, model TEXT NOT NULL, revision TEXT NOT NULL,
    settings TEXT NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (photo, truth, model, revision, settings)
)
"""
_LATEST = 50
"""Photos that tell what one takes; of older ones the machine may have been another."""


@dataclass(frozen=True)
class Key:
    """What a result depends on. photo, truth: SHA-256 of the files, trimap included. settings: the
    prompt, device, refiner and the person's own weights, as JSON."""

    photo: str
    truth: str
    model: str
    revision: str
    settings: str


@dataclass(frozen=True)
class Crop:
    """The part of a photo where a matte is worst: left, top, and its sides in pixels. png: the
    matte there, grey levels, in base64."""

    x: int
    y: int
    width: int
    height: int
    png: str


@dataclass(frozen=True)
class Measured:
    """One matte's scores. values, curve, radius, band: as `evaluation.metrics.Scores` has them.
    seconds: by stage; inference: what the photo took once the model was loaded. device, dtype: what
    it really ran with. peak_bytes: the most memory that the run took. empty: no subject was found.
    box: whether the model was told the truth's bounding box. took: seconds of the photo with all
    that measuring is, once the model was loaded; None of results that were kept before it was."""

    values: Mapping[str, float]
    curve: tuple[float, ...]
    radius: int | None
    band: int
    seconds: Mapping[str, float]
    inference: float
    device: str
    dtype: str
    peak_bytes: int
    empty: bool
    box: bool
    worst: Crop
    took: float | None = None


class BadRecords(Exception):
    """A file of results that can't be used, in a sentence that says what to do."""


class Records:
    """The results in the file at `path`, which is made if it isn't there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as base:
                (version,) = base.execute("PRAGMA user_version").fetchone()
                if version > VERSION:
                    raise BadRecords(
                        f"“{path}” was written by a newer version of this program. Use that one, "
                        "or name another folder."
                    )
                write_ahead(base)
                base.execute(_TABLE)
                base.execute(f"PRAGMA user_version = {VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise BadRecords(f"“{path}” can't be used for results: {error}.") from error

    def get(self, key: Key) -> Measured | None:
        """What was measured; None if nothing was. Raises BadRecords if it can't be read."""
        try:
            with self._open() as base:
                row = base.execute(
                    "SELECT told FROM results WHERE photo = ? AND truth = ? AND model = ?"
                    " AND revision = ? AND settings = ?",
                    _values(key),
                ).fetchone()
        except sqlite3.Error as error:
            raise BadRecords(f"“{self.path}” can't be read: {error}.") from error
        return _measured(row[0]) if row else None

    def put(self, key: Key, measured: Measured) -> None:
        """Keep what was measured, in place of what was. Raises BadRecords if it can't be written,
        as on a full disk."""
        told = json.dumps(asdict(measured), separators=(",", ":"))
        try:
            with self._open() as base:
                base.execute(
                    "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)",
                    (*_values(key), told),
                )
        except sqlite3.Error as error:
            raise BadRecords(f"“{self.path}” can't be written: {error}.") from error

    def took(self, model: str, device: str, refiner: str) -> list[float]:
        """What the latest photos took on the device as it was chosen, with the refiner if the model
        needs one. Raises BadRecords."""
        try:
            with self._open() as base:
                rows = base.execute(
                    "SELECT told FROM results WHERE model = ?1"
                    " AND json_extract(settings, '$.device') = ?2"
                    " AND ifnull(json_extract(settings, '$.refiner'), ?3) = ?3"
                    " ORDER BY rowid DESC LIMIT ?4",
                    (model, device, refiner, _LATEST),
                ).fetchall()
        except sqlite3.Error as error:
            raise BadRecords(f"“{self.path}” can't be read: {error}.") from error
        known = [_measured(told).took for (told,) in rows]
        return [took for took in known if took is not None]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of the calling thread's own; what is done is kept when it ends well."""
        with closing(sqlite3.connect(self.path, timeout=WAIT)) as base, base:
            yield base


def _values(key: Key) -> tuple[str, ...]:
    return key.photo, key.truth, key.model, key.revision, key.settings


def _measured(told: str) -> Measured:
    held = json.loads(told)
    return Measured(**held | {"curve": tuple(held["curve"]), "worst": Crop(**held["worst"])})
