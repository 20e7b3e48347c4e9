"""Lists of photos: a text file with a path a line, or a CSV with a column of them."""

import csv
import io
from pathlib import Path

SUFFIXES = (".txt", ".csv", ".tsv")
_COLUMNS = ("path", "photo", "file", "filename", "image")
"""What the column of paths may be called."""


class BadList(Exception):
    """A list that can't be read, in a sentence that says what to do.

    Examples
    --------
    >>> paths_in(Path("nowhere.txt"))
    Traceback (most recent call last):
    photos.batch.lists.BadList: “nowhere.txt” can't be read: No such file or directory.
    """


def paths_in(file: Path) -> tuple[Path, ...]:
    """Read a list of photos.

    Parameters
    ----------
    file : Path
        UTF-8. In a CSV, the paths are in the column "path", "photo", "file", "filename" or "image";
        without such a head, in the first. Empty lines, and those of a text that begin with #, don't
        count.

    Returns
    -------
    paths : tuple of Path
        As they're written: relative ones begin at the list.

    Raises
    ------
    BadList

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     list_ = Path(folder, "list.csv")
    ...     _ = list_.write_text("sku,path\\n17,june/a.jpg\\n18,june/b.jpg\\n")
    ...     [path.as_posix() for path in paths_in(list_)]
    ['june/a.jpg', 'june/b.jpg']
    """
    try:
        text = file.read_text("utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise BadList(f"“{file}” can't be read: {error.strerror}.") from error
    if file.suffix.lower() == ".txt":
        lines = (line.strip() for line in text.split("\n"))
        paths = [line for line in lines if line and not line.startswith("#")]
    else:
        paths = _column(text, file)
    if not paths or any("\0" in path for path in paths):
        raise BadList(f"“{file}” names no photos: it should hold a path a line, in UTF-8.")
    return tuple(map(Path, paths))


def _column(text: str, file: Path) -> list[str]:
    head = text.partition("\n")[0]
    mark = (
        "\t" if file.suffix.lower() == ".tsv" else ";" if head.count(";") > head.count(",") else ","
    )
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if any(row)]
    except csv.Error as error:
        raise BadList(f"“{file}” is not a CSV that can be read: {error}.") from error
    names = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = next((names.index(name) for name in _COLUMNS if name in names), None)
    cells = [row[column or 0].strip() for row in rows if len(row) > (column or 0)]
    return [cell for cell in cells[0 if column is None else 1 :] if cell]
