"""How it stands with a photo, by what a manifest holds of it."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from photos.batch.base import named, stored
from photos.batch.found import Found
from photos.batch.pieces import Piece
from photos.batch.places import holds
from photos.batch.stores.address import is_address

TRIES = 2
"""How often a photo is begun that ends its process."""

type State = Literal["done", "failed", "busy", "suspect", "given up", "open"]
"""busy: a process that lives works on it. suspect: a process ended while it worked on it, and given
up: twice."""


class Result(NamedTuple):
    """A piece as it was asked for last. outcome: "done", "failed", or None while it's worked on.

    Examples
    --------
    >>> Result("digest", "done", 1000).bytes
    1000
    """

    digest: str
    outcome: str | None
    bytes: int


@dataclass(frozen=True)
class Held:
    """What a manifest holds of a photo: nothing, if stem is None. stem: what its results are
    called, below their folder and without endings. results: by ending.

    Examples
    --------
    >>> Held().stem is None
    True
    """

    size: int = -1
    changed: int = 0
    sha256: str = ""
    stem: str | None = None
    begun: int = 0
    run: str | None = None
    results: Mapping[str, Result] = field(default_factory=dict)


class Standing(NamedTuple):
    """pieces: those that are yet to be made. sha256: the photo's, empty if it isn't known. same:
    whether it's the photo that the manifest tells of.

    Examples
    --------
    >>> Standing("done", (), "").state
    'done'
    """

    state: State
    pieces: tuple[Piece, ...]
    sha256: str
    same: bool = True


def held_of(tables: sqlite3.Connection, path: str) -> Held:
    """Look up what is held of a photo.

    Parameters
    ----------
    tables : sqlite3.Connection
    path : str

    Returns
    -------
    held : Held

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.base import Base
    >>> with TemporaryDirectory() as folder:
    ...     base = Base(Path(folder) / "batch.sqlite")
    ...     with base.reading() as tables:
    ...         held_of(tables, "/in/a.jpg") == Held()
    ...     base.close()
    True
    """
    told = tables.execute(
        "SELECT size, changed, sha256, stem, begun, run FROM photos WHERE path = ?",
        (stored(path),),
    ).fetchone()
    if told is None:
        return Held()
    size, changed, sha256, stem, begun, run = told
    rows = tables.execute(
        "SELECT ending, digest, outcome, bytes FROM results WHERE path = ?", (stored(path),)
    )
    results = {ending: Result(*rest) for ending, *rest in rows}
    return Held(size, changed, sha256, named(stem), begun, run, results)


def standing(
    found: Found,
    held: Held,
    pieces: Sequence[Piece],
    out: str,
    lives: Callable[[str], bool],
    *,
    retry_failed: bool = False,
) -> Standing:
    """Tell what there is to do for a photo. It's the one that is known if its size and its time of
    change are as they were.

    Parameters
    ----------
    found : Found
    held : Held
    pieces : sequence of Piece
        What is to be made of it.
    out : str
        The folder of results, or its address: one that is gone from there is made again.
    lives : callable
        `lives(run)` tells whether the process of a run is there.
    retry_failed : bool
        Whether what failed is open again.

    Returns
    -------
    standing : Standing

    Examples
    --------
    >>> piece = Piece("u2netp", "matte", "_matte.png", "1")
    >>> found = Found("/in/a.jpg", "a.jpg", 9, 9)
    >>> standing(found, Held(), [piece], "out", bool).state
    'open'
    >>> failed = Held(9, 9, "", "a", results={"_matte.png": Result("1", "failed", 0)})
    >>> standing(found, failed, [piece], "out", bool).state
    'failed'
    """
    same = held.stem is not None and (found.size, found.changed) == (held.size, held.changed)
    sha256 = held.sha256 if same else ""
    failed, left = False, []
    for piece in pieces:
        result = held.results.get(piece.ending) if same else None
        known = result if result and result.digest == piece.digest else None
        if known and known.outcome == "failed" and not retry_failed:
            failed = True
        elif not (
            known
            and known.outcome == "done"
            and holds(out, f"{held.stem}{piece.ending}", known.bytes)
        ):
            left.append(piece)
    state = _state(held, left, lives, same, failed, retry_failed)
    return Standing(state, tuple(left), sha256, same)


def _state(
    held: Held,
    left: Sequence[Piece],
    lives: Callable[[str], bool],
    same: bool,
    failed: bool,
    retry_failed: bool,
) -> State:
    if not left:
        return "failed" if failed else "done"
    if held.run and lives(held.run):
        return "busy"
    if same and 0 < held.begun < TRIES:
        return "suspect"
    return "given up" if same and held.begun and not retry_failed else "open"


def redated(found: Found, held: Held) -> bool:
    """Tell whether a photo's file has another date than the manifest tells, and the same bytes.

    It's read if it has the same size. What is in a store isn't: its tag tells more than a date.

    Parameters
    ----------
    found : Found
    held : Held

    Returns
    -------
    redated : bool

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> known = Held(4, 1, hashlib.sha256(b"here").hexdigest(), "a")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.jpg")
    ...     _ = path.write_bytes(b"here")
    ...     redated(Found(str(path), "a.jpg", 4, 2), known)
    True
    """
    if found.changed == held.changed or found.size != held.size or not held.sha256:
        return False
    if is_address(found.path):
        return False
    whole = hashlib.sha256()
    try:
        for path in filter(None, (found.path, found.matte)):
            with Path(path).open("rb") as file:
                hashlib.file_digest(file, lambda: whole)
    except OSError:
        return False
    return whole.hexdigest() == held.sha256
