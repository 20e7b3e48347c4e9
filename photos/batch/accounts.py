"""What a manifest tells afterwards: what failed, and how long things take."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from photos.batch.base import named
from photos.batch.manifest import Manifest
from photos.batch.places import remove, stamp, write


class Failure(NamedTuple):
    """A picture that could not be made.

    Examples
    --------
    >>> Failure("/in/a.jpg", "u2netp", "blur", "“a.jpg” is empty. Choose the file again.").make
    'blur'
    """

    photo: str
    model: str
    make: str
    error: str


@dataclass(frozen=True)
class Measured:
    """What a photo took, by what was measured. rate: photos a second; bytes: of all its results.
    None where nothing was measured.

    Examples
    --------
    >>> Measured(2.0, 3_000_000).rate
    2.0
    """

    rate: float | None
    bytes: float | None


def failures(manifest: Manifest) -> Iterator[Failure]:
    """Go over what failed, as it's wished for now. Photos that are gone since don't count.

    Parameters
    ----------
    manifest : Manifest

    Yields
    ------
    failure : Failure

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Manifest(Path(folder), []) as manifest:
    ...     list(failures(manifest))
    []
    """
    pieces = {(piece.ending, piece.digest): piece for piece in manifest.pieces}
    with manifest.base.reading() as tables:
        rows = tables.execute(
            "SELECT path, ending, digest, error FROM results WHERE outcome = 'failed' ORDER BY path"
        ).fetchall()
    for path, ending, digest, error in rows:
        piece, photo, told = pieces.get((ending, digest)), named(path), named(error)
        if piece and (stamp(photo)[0] >= 0 or "can't be read: No such" in told):
            yield Failure(photo, piece.model, piece.make, told)


def write_failures(manifest: Manifest, name: str = "failures.csv") -> int:
    """Write a CSV with a row for each failure, beside the results; none is there without failures.

    Parameters
    ----------
    manifest : Manifest
    name : str
        The file's.

    Returns
    -------
    count : int
        Photos that failed.

    Raises
    ------
    WriteFailed, StoreFailed
        If the disk, or the store, doesn't take it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Manifest(Path(folder), []) as manifest:
    ...     write_failures(manifest)
    0
    """
    failed, place = list(failures(manifest)), f"{manifest.out}/{name}"
    if not failed:
        remove(place)
        return 0
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(Failure._fields)
    table.writerows(failed)
    write(place, file.getvalue().encode(errors="surrogateescape"))
    return len({failure.photo for failure in failed})


def measured(manifest: Manifest) -> Measured:
    """Tell what a photo takes, by earlier runs that made the same.

    Parameters
    ----------
    manifest : Manifest

    Returns
    -------
    measured : Measured

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.pieces import Piece
    >>> piece = Piece("u2netp", "cutout", "_cutout.png", "digest")
    >>> with TemporaryDirectory() as folder, Manifest(Path(folder), [piece]) as manifest:
    ...     measured(manifest)
    Measured(rate=None, bytes=None)
    """
    with manifest.base.reading() as tables:
        photos, seconds = tables.execute(
            "SELECT SUM(photos), SUM(seconds) FROM runs WHERE asked = ?", (manifest.asked,)
        ).fetchone()
        sizes = [
            tables.execute(
                "SELECT AVG(bytes) FROM (SELECT bytes FROM results WHERE digest = ?"
                " AND outcome = 'done' LIMIT 1000)",
                (piece.digest,),
            ).fetchone()[0]
            for piece in manifest.pieces
        ]
    rate = photos / seconds if photos and seconds else None
    return Measured(rate, None if None in sizes else sum(sizes))
