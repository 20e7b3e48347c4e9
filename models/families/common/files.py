"""Which of its files a row is read from."""

from pathlib import Path

from models.catalog import ModelSpec


def one_file(spec: ModelSpec, folder: Path) -> Path:
    """The row's only file, which `folder` is or holds, under any of the names it may have there."""
    if folder.is_file():
        return folder
    inside = [folder / name for name in (*spec.files, *spec.instead)]
    return next(filter(Path.is_file, inside), inside[0])
