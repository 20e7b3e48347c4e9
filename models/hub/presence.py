"""Whether files are there. What may not be looked into isn't; Path's own methods raise instead."""

import os
from collections.abc import Iterable
from pathlib import Path

from models.hub.folder import Folder


def exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110


def is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112


def holds(folder: Folder | None, names: Iterable[str]) -> bool:
    """Whether all the files called `names` are in `folder`."""
    return folder is not None and all(is_file(folder / name) for name in names)
