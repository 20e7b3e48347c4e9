"""CUTOUT_WEIGHTS: weights that the person gives in place of a publisher's.

Entries are separated as in PATH: `NAME=PATH` gives one model a folder with its files, or the file
if it has only one; a lone folder may hold one sub-folder per model name. The first that has a model
counts. A path may hold "=", and the separator too: what is there tells how an entry is meant.
"""

import difflib
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from models import catalog
from models.catalog import ModelSpec
from models.hub.presence import exists, is_folder

SETTING = "CUTOUT_WEIGHTS"
_CLOSE = 0.9
"""As close as a folder's name comes to a model's when it is that name misspelt."""


class Entry(NamedTuple):
    """name: the model that `path` is given to; None: a folder for many. path: None if not told."""

    name: str | None
    path: Path | None


def local(name: str) -> Path | None:
    """The file or folder that is given to the model called `name`."""
    for entry in _entries(_names(name)):
        if entry.path and entry.name == name:
            return entry.path
        if entry.path and entry.name is None and is_folder(entry.path / name):
            return entry.path / name
    return None


def own(spec: ModelSpec) -> Path | None:
    """The person's own file or folder for the row: by CUTOUT_WEIGHTS, else by the row itself."""
    return local(spec.name) or spec.path


def problems() -> list[str]:
    """Sentences about entries that no model can be read from."""
    names, told = _names(), []
    for entry in _entries(names):
        if fault := _fault(entry, names):
            told.append(f"{SETTING}: {fault}")
        elif entry.name and entry.path and not exists(entry.path):
            told.append(absent(entry.name, entry.path))
    return told


def misread(name: str) -> list[str]:
    """Sentences about entries of which one may be meant for the model called `name`."""
    names = _names(name)
    faults = (_fault(entry, names) for entry in _entries(names))
    return [f"{SETTING}: {fault}" for fault in faults if fault]


def at(text: str) -> Path:
    """The absolute path that is written so, perhaps with ~."""
    return Path(os.path.expanduser(text)).absolute()  # noqa: PTH111 (an unknown ~name stays one)


def absent(name: str, path: Path, by_row: bool = False) -> str:
    """by_row: it's the row itself that names the path."""
    by = "Its row" if by_row else SETTING
    return f"{by} gives {path} for {name}, and that isn't there or can't be read."


def _names(*others: str) -> set[str]:
    return {spec.name for spec in catalog.everything()}.union(others)


def _entries(names: Collection[str]) -> list[Entry]:
    return [_entry(text, names) for text in _split(os.environ.get(SETTING, ""))]


def _split(text: str) -> list[str]:
    """Longest first: a path that is there may hold the separator."""
    parts, whole = text.split(os.pathsep), []
    while parts:
        counts = range(len(parts), 1, -1)
        count = next((each for each in counts if _there(os.pathsep.join(parts[:each]))), 1)
        whole.append(os.pathsep.join(parts[:count]).strip())
        del parts[:count]
    return [each for each in whole if each]


def _there(text: str) -> bool:
    name, _, path = text.partition("=")
    of_a_model = bool(path) and os.pathsep not in name and exists(at(path))
    return of_a_model or exists(at(text))


def _entry(text: str, names: Collection[str]) -> Entry:
    name, equals, path = (part.strip() for part in text.partition("="))
    a_name = equals and not exists(at(text)) and not re.search(r"^~|[/\\]", name)
    if equals and (name in names or a_name):
        return Entry(name, at(path) if path else None)
    return Entry(None, at(text))


def _fault(entry: Entry, names: Collection[str]) -> str | None:
    """Why an entry is neither a model's nor a folder for many."""
    if entry.name is None:
        return _fault_of_folder(entry.path, names) if entry.path else None
    if entry.path is None:
        return f"“{entry.name}=” names no path. Write {entry.name or 'NAME'}=PATH."
    rows = catalog.everything()
    if entry.name not in names:
        try:
            catalog.find(entry.name, rows)
        except KeyError as error:
            return str(error.args[0])
    if entry.name in (spec.name for spec in rows if spec.built_in):
        return f"{entry.name} is built in: it has no weights. Leave it out."
    return None


def _fault_of_folder(folder: Path, names: Collection[str]) -> str | None:
    if not is_folder(folder):
        return f"{folder} isn't a folder. Correct it, or write NAME={folder}."
    try:
        inside = {each.name for each in folder.iterdir() if is_folder(each)}
    except OSError as error:
        return f"{folder} can't be read: {error.strerror}. Allow it."
    for each in sorted(inside - set(names)):
        near = difflib.get_close_matches(each.casefold(), set(names) - inside, 1, _CLOSE)
        if near:
            return (
                f"{folder} holds a folder {each}, and no model is called that. "
                f"Did you mean {near[0]}? Rename the folder."
            )
    if not inside & set(names):
        return (
            f"{folder} holds no folder that is called as a model is, such as {min(names)}. "
            f"If it holds one model's files, write NAME={folder}; `cli.py models` lists the names."
        )
    return None
