"""The files that a recipe is about: looked for by name near the result, and by SHA-256."""

from pathlib import Path

from models.hub.checksums import digest
from photos.photo import PhotoError


def find_file(
    name: str | None, sha256: str | None, given: Path | None, result: Path, option: str
) -> Path:
    """Find a file that a result was made of.

    Parameters
    ----------
    name, sha256 : str or None
        Of the file, as the recipe has them; the name is one without folders.
    given : Path or None
        The file, or a folder that it is in, as a person named it. A file may be another one than
        the recipe's. None: it's looked for beside the result and in the two folders above, since
        a comparison has a folder for each photo, and in the current one.
    result : Path
        The result's file.
    option : str
        By which a person names the file.

    Returns
    -------
    path : Path

    Raises
    ------
    PhotoError
        If it isn't there.

    Examples
    --------
    >>> find_file("sea.jpg", None, None, Path("sea_blurred.jpg"), "--photo")
    Traceback (most recent call last):
    photos.photo.PhotoError: There is no “sea.jpg” beside “sea_blurred.jpg”: name it with --photo.
    """
    if given is not None and not given.is_dir():
        return given
    if name is None:
        told = f"The recipe in “{result}” doesn't tell which file it was: name it with {option}."
        raise PhotoError(told)
    beside = result.absolute().parent
    folders = [given] if given else [beside, *beside.parents[:2], Path()]
    there = [folder / name for folder in folders if (folder / name).is_file()]
    for path in there:
        if sha256 is None or _digest(path) == sha256:
            return path
    if there:
        raise PhotoError(
            f"“{there[0]}” is not the file that it was made of: name that one with {option}."
        )
    where = f"in “{given}”" if given else f"beside “{result}”"
    raise PhotoError(f"There is no “{name}” {where}: name it with {option}.")


def _digest(path: Path) -> str:
    try:
        return digest(path)
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error
