"""What the results of a photo are called, so that no two photos' meet."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import PurePath
from sqlite3 import Connection

from photos.batch.base import stored
from photos.batch.found import Found
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
    return next(stem for stem in _stems(found.name) if is_free(tables, found.path, stem, pieces))


def is_free(tables: Connection, photo: str, stem: str, pieces: Sequence[Piece]) -> bool:
    """Tell whether no other photo's results are called so, or would be.

    Parameters
    ----------
    tables : sqlite3.Connection
    photo : str
        The path of the photo whose results may be.
    stem : str
    pieces : sequence of Piece

    Returns
    -------
    is_free : bool

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.base import Base
    >>> with TemporaryDirectory() as folder:
    ...     base = Base(Path(folder) / "batch.sqlite")
    ...     with base.reading() as tables:
    ...         is_free(tables, "/in/a.jpg", "a", ())
    ...     base.close()
    True
    """
    path, marks = stored(photo), ", ".join("?" * len(pieces))
    files = [stored((stem + piece.ending).casefold()) for piece in pieces]
    taken = tables.execute(
        "SELECT 1 FROM photos WHERE stem = ? AND path <> ?"
        f" UNION ALL SELECT 1 FROM results WHERE file IN ({marks}) AND path <> ? LIMIT 1",
        (stored(stem), path, *files, path),
    ).fetchone()
    return taken is None


def _stems(name: str) -> Iterator[str]:
    yield name.removesuffix(PurePath(name).suffix)
    yield name
    yield from (f"{name}-{number}" for number in count(2))
