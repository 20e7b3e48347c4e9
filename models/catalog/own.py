"""The person's own rows: CUTOUT_MODELS names a TOML file that adds models without code.

Each `[[model]]` there is a row, as `own_row` reads it. Relative paths start at the file. It is read
once: who changes it starts again.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from models.catalog.keys import OPTIONS, ROW, Key
from models.catalog.own_row import OwnRow, Wrong, unknown
from models.catalog.row import ModelSpec

SETTING = "CUTOUT_MODELS"


class Rows(NamedTuple):
    """specs: the rows that can be used; problems: a sentence about each mistake in the others."""

    specs: tuple[ModelSpec, ...] = ()
    problems: tuple[str, ...] = ()


def path_set() -> Path | None:
    """The file that CUTOUT_MODELS names."""
    text = os.environ.get(SETTING, "").strip()
    return Path(os.path.expanduser(text)).absolute() if text else None  # noqa: PTH111 (as in given)


_READ: dict[Path, Rows] = {}


def read_once(path: Path, known: Sequence[ModelSpec], taken: Iterable[str]) -> Rows:
    """What `read` returned when the file was first asked for."""
    if path not in _READ:
        _READ[path] = read(path, known, taken)
    return _READ[path]


def read(path: Path, known: Sequence[ModelSpec], taken: Iterable[str]) -> Rows:
    """The rows of the file. known: the catalogue's, for `like` and `family`; taken: names that
    aren't free."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        return Rows(problems=(f"{path} ({SETTING}) can't be read: {reason}.",))
    return parse(text, path, known, taken)


def parse(text: str, path: Path, known: Sequence[ModelSpec], taken: Iterable[str]) -> Rows:
    """The rows of a file at `path` that holds the text."""
    import tomllib  # slow to import

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Rows(problems=(f"{path.name} is not TOML: {error}.",))
    problems = [f"{path.name}: {told}" for told in unknown(data, ("model",))]
    tables = data.get("model", [])
    if not (isinstance(tables, list) and all(isinstance(each, dict) for each in tables)):
        return Rows(problems=(*problems, f"{path.name}: each model begins with [[model]]."))
    specs, names = list[ModelSpec](), set(taken)
    for number, table in enumerate(tables, 1):
        name = table.get("name")
        where = f"{path.name}, {name if isinstance(name, str) and name else f'model {number}'}"
        told = list(_mistakes(table))
        if not told:
            try:
                specs.append(OwnRow(table, path.parent, known, names).spec())
                names.add(specs[-1].name)
            except Wrong as error:
                told = [str(error)]
        problems += [f"{where}: {each}" for each in told]
    return Rows(tuple(specs), tuple(problems))


def _mistakes(table: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about keys that there aren't and values that can't be."""
    yield from unknown(table, ROW)
    if "name" not in table:
        yield f"name is missing: {ROW['name'].wanted}."
    yield from _unfit(table, ROW)
    options = table.get("options", {})
    if isinstance(options, dict):
        yield from _unfit(options, OPTIONS, "options.")


def _unfit(table: Mapping[str, Any], keys: Mapping[str, Key], before: str = "") -> Iterator[str]:
    for name, value in table.items():
        if name in keys and not keys[name].fits(value):
            yield f"{before}{name} should be {keys[name].wanted}; it is {_shown(value)}."


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"“{value}”"
