"""What is done of a batch, in one file beside the results: whatever ends a process, the next one
goes on from there.

A photo is claimed before it is worked on, so that two processes don't do the same one, and one that
ends its process is known. A result counts as made when its file has been written whole.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import Self

from photos.batch import owners
from photos.batch.base import Base, stored
from photos.batch.doing import Done, Row, Task
from photos.batch.found import Found
from photos.batch.naming import free_stem, is_free
from photos.batch.pieces import Piece
from photos.batch.places import place_of, tidy
from photos.batch.standing import (
    TRIES,
    Held,
    Standing,
    State,
    held_of,
    redated,
    standing,
)

KILLS = (
    "The process ended twice while it worked on this photo: it may need more memory than there is. "
    "Scale it down, or try it again with --retry-failed."
)


@dataclass(frozen=True)
class Claim:
    """A photo that this process may work on now. found: as it was listed. before: how often it had
    been begun and not ended.

    Examples
    --------
    >>> Claim(Task("/in/a.jpg", "/out/a", ()), Found("/in/a.jpg", "a.jpg"), 0).before
    0
    """

    task: Task
    found: Found
    before: int


class Manifest:
    """The manifest of the results in a folder.

    Parameters
    ----------
    out : Path or str
        The folder of results, or its address in a store. It's made if it isn't there.
    pieces : sequence of Piece
        What is to be made of each photo.
    name : str
        The manifest's file in that folder.
    file : Path, optional
        It lies there instead, as one of results in a store has to.
    retry_failed : bool
        Whether what failed is open again.
    reading : bool
        Whether it's only asked how it stands: nothing is written, and no photo can be claimed.

    Raises
    ------
    BadManifest
        Its methods, too: if the file can't be read, or not be written as on a full disk.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> piece = Piece("u2netp", "cutout", "_cutout.png", "digest")
    >>> found = Found("/in/a.jpg", "a.jpg", 100, 5)
    >>> with TemporaryDirectory() as folder, Manifest(Path(folder), [piece]) as manifest:
    ...     before, claim = manifest.state(found), manifest.claim(found)
    ...     print(before, manifest.state(found), Path(claim.task.target).name)
    open busy a
    """

    def __init__(
        self,
        out: Path | str,
        pieces: Sequence[Piece],
        name: str = "batch.sqlite",
        *,
        file: Path | None = None,
        retry_failed: bool = False,
        reading: bool = False,
    ) -> None:
        self.out, self.pieces, self.retry_failed = place_of(out), tuple(pieces), retry_failed
        digests = "".join(sorted(piece.digest for piece in pieces))
        self.asked = hashlib.sha256(digests.encode()).hexdigest()[:24]
        self._reading = reading
        self.base = Base(file or Path(self.out, name), reading=reading)
        self._run = ""
        if not reading:
            with self.base.writing() as tables:
                self._run = owners.enter(tables, self.asked)
        self._living: dict[str, tuple[float, bool]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.base.close()

    def state(self, found: Found) -> State:
        """How it stands with a photo. Quick, unless its file has another date."""
        found = self._recognised(found)
        with self.base.reading() as tables:
            return self._standing(tables, found, held_of(tables, found.path)).state

    def claim(self, found: Found, *, alone: bool = False) -> Claim | None:
        """Take a photo; None if there is nothing to do, or another has it.

        alone: nothing else runs here now, so that a suspect may be tried. What is given up fails.
        """
        found = self._recognised(found)
        with self.base.writing() as tables:
            held = held_of(tables, found.path)
            if held.stem and not is_free(tables, found.path, held.stem, self.pieces):
                held = Held()  # what it would be called now is another photo's
            state, pieces, sha256, same = self._standing(tables, found, held)
            if pieces and not same:  # what else was made of it was made of another photo
                tables.execute("DELETE FROM results WHERE path = ?", (stored(found.path),))
            if state == "given up":
                self._begin(tables, found, held, pieces, sha256, 0)
                _end(tables, found, given_up(pieces, found, sha256))
                return None
            if state != "open" and not (state == "suspect" and alone):
                return None
            before = held.begun if state == "suspect" else 0
            target = self._begin(tables, found, held, pieces, sha256, before)
        if held.begun:
            for piece in pieces:
                tidy(target + piece.ending)
        return Claim(Task(found.path, target, pieces, found.matte), found, before)

    def end(self, claim: Claim, done: Done) -> None:
        """Write down what became of a photo."""
        with self.base.writing() as tables:
            _end(tables, claim.found, done)

    def release(self, claim: Claim) -> None:
        """Give a photo back that wasn't done, through no fault of its own."""
        with self.base.writing() as tables:
            tables.execute(
                "UPDATE photos SET begun = ?, run = NULL WHERE path = ?",
                (claim.before, stored(claim.found.path)),
            )

    def pulse(self, photos: int, seconds: float) -> None:
        """A sign of life: what this process has done, and in which time."""
        with self.base.writing() as tables:
            tables.execute(
                "UPDATE runs SET seen = ?, photos = ?, seconds = ? WHERE id = ?",
                (time.time(), photos, seconds, self._run),
            )

    def reopen(self, found: Found) -> None:
        """Forget that a photo failed, so that it's open for whoever doesn't ask for failed ones."""
        path = stored(found.path)
        with self.base.writing() as tables:
            tables.executemany(
                "UPDATE results SET outcome = NULL WHERE path = ? AND ending = ?"
                " AND outcome = 'failed'",
                [(path, piece.ending) for piece in self.pieces],
            )
            tables.execute(
                "UPDATE photos SET begun = 0 WHERE path = ? AND begun >= ?", (path, TRIES)
            )

    def leave(self) -> None:
        """What this run has begun and not ended is nobody's from now on."""
        with self.base.writing() as tables:
            tables.execute("DELETE FROM runs WHERE id = ?", (self._run,))

    def _recognised(self, found: Found) -> Found:
        """A file that only its date tells apart is the photo that is known; from now on by that
        date. It's read while others may write here."""
        with self.base.reading() as tables:
            held = held_of(tables, found.path)
        if not redated(found, held):
            return found
        if self._reading:
            return replace(found, changed=held.changed)
        with self.base.writing() as tables:
            tables.execute(
                "UPDATE photos SET changed = ? WHERE path = ? AND changed = ? AND sha256 = ?",
                (found.changed, stored(found.path), held.changed, held.sha256),
            )
        return found

    def _standing(self, tables: Connection, found: Found, held: Held) -> Standing:
        def lives(run: str) -> bool:
            """Asked anew after two seconds."""
            asked, known = self._living.get(run, (-9.0, False))
            if run != self._run and time.monotonic() - asked > 2:
                known = owners.lives(tables, run)
                self._living[run] = time.monotonic(), known
            return known or run == self._run

        return standing(found, held, self.pieces, self.out, lives, retry_failed=self.retry_failed)

    def _begin(
        self,
        tables: Connection,
        found: Found,
        held: Held,
        pieces: Sequence[Piece],
        sha256: str,
        before: int,
    ) -> str:
        """Write down who works on it. Returns what its results are called, but for the endings."""
        assert before < TRIES
        path = stored(found.path)
        stem = held.stem or free_stem(tables, found, self.pieces)
        tables.execute(
            "INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?, ?, ?, ?)",
            (path, found.size, found.changed, sha256, stored(stem), before + 1, self._run),
        )
        tables.executemany(
            "INSERT OR REPLACE INTO results (file, path, ending, digest) VALUES (?, ?, ?, ?)",
            [
                (stored((stem + piece.ending).casefold()), path, piece.ending, piece.digest)
                for piece in pieces
            ],
        )
        return f"{self.out}/{stem}"


def given_up(pieces: Sequence[Piece], found: Found, sha256: str = "") -> Done:
    """What comes of a photo that has ended its process twice.

    Parameters
    ----------
    pieces : sequence of Piece
    found : Found
    sha256 : str

    Returns
    -------
    done : Done
        With an error for each piece.

    Examples
    --------
    >>> piece = Piece("u2netp", "cutout", "_cutout.png", "digest")
    >>> given_up([piece], Found("/in/a.jpg", "a.jpg")).rows[0].error == KILLS
    True
    """
    rows = tuple(Row(piece, error=KILLS) for piece in pieces)
    return Done(rows, sha256, found.size, found.changed, 0)


def _end(tables: Connection, found: Found, done: Done) -> None:
    path = stored(found.path)
    tables.execute(
        "UPDATE photos SET begun = 0, run = NULL, sha256 = ?, size = ?, changed = ? WHERE path = ?",
        (done.sha256, done.size, done.changed, path),
    )
    share = done.seconds / max(1, len(done.rows))
    tables.executemany(
        "UPDATE results SET outcome = ?, bytes = ?, seconds = ?, error = ?, notes = ?"
        " WHERE path = ? AND ending = ?",
        [
            (
                "failed" if row.error else "done", row.bytes, share, stored(row.error) or None,
                stored(" ".join(row.notes)) or None, path, row.piece.ending,
            )
            for row in done.rows
        ],
    )  # fmt: skip
