"""What the results of a photo are called, so that no two photos' meet."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import PurePath
from sqlite3 import Connection

from photos.batch.base import stored
from photos.batch.listing import Found
from photos.batch.pieces import Piece


def free_stem(tables: Connection, found: Found, pieces: Sequence[Piece]) -> str:
    """Choose what a photo's results are called, without their endings.

    Parameters
    ----------
    tables : sqlite3.Connection
        Of a manifest, which is being written.
    found : Found
    pieces : sequence of Piece

    Returns
    -------
    stem : str
        The photo's name without its ending; or with it where another photo has that already, as
        a.jpg beside a.png.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.manifest import Manifest
    >>> piece = Piece("u2netp", "cutout", "_cutout.png", "digest")
    >>> names = "x/a.jpg", "x/a.png", "a.jpg"
    >>> with TemporaryDirectory() as folder, Manifest(Path(folder), [piece]) as manifest:
    ...     claims = [manifest.claim(Found(f"/in/{name}", name)) for name in names]
    ...     [each.task.target.removeprefix(f"{folder}/") for each in claims]
    ['x/a', 'x/a.png', 'a']
    """
    path = stored(found.path)
    marks = ", ".join("?" * len(pieces))
    for stem in _stems(found.name):
        files = [stored((stem + piece.ending).casefold()) for piece in pieces]
        taken = tables.execute(
            "SELECT 1 FROM photos WHERE stem = ? AND path <> ?"
            f" UNION ALL SELECT 1 FROM results WHERE file IN ({marks}) AND path <> ? LIMIT 1",
            (stored(stem), path, *files, path),
        ).fetchone()
        if not taken:
            return stem
    raise AssertionError


def _stems(name: str) -> Iterator[str]:
    yield name.removesuffix(PurePath(name).suffix)
    yield name
    yield from (f"{name}-{number}" for number in count(2))
