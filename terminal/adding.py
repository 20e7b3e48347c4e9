"""A row for a file of the person's own: what can be seen in the file is told, the rest is asked."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer import Abort, BadParameter, confirm, echo, prompt

from models import catalog
from models.catalog import own
from models.interface import LoadFailed
from photos.recipes.toml import toml_value
from photos.saving import WriteFailed
from terminal.looking import CHECKPOINTS, PRESETS, look_into_checkpoint, look_into_onnx


@dataclass(frozen=True)
class Answers:
    """What the person says at once; None is asked."""

    name: str | None = None
    label: str | None = None
    preset: str | None = None
    side: int | None = None
    output: int | None = None
    licence: str | None = None
    commercial: bool | None = None


def add(path: Path, answers: Answers, to: Path | None) -> None:
    """Look into the file, ask for what isn't seen, and write its row. to: the TOML file; by default
    the one that CUTOUT_MODELS names, else models.toml in this folder.

    Raises BadParameter or LoadFailed for a file that there can be no row for, and WriteFailed.
    """
    if not path.is_file():
        raise BadParameter(f"There is no file “{path}”.")
    file = to or own.path_set() or Path("models.toml")
    name = answers.name or _slug(path.stem)
    _check_name(name)
    seen = _seen(path, answers)
    label = _ask("Its label on the page", "--label", answers.label, name)
    licence = _ask("Its licence", "--licence", answers.licence, catalog.UNCLEAR)
    row = {"name": name, "label": label, "path": _from(file, path), **seen, "licence": licence}
    _write(file, row | {"commercial": _may_earn(answers.commercial, licence)})
    print(f"{file}: added {name}.")
    print(f"Use it: cli.py cutout photo.jpg -m {name} --models-file {file}")
    print(f"With {own.SETTING}={file.absolute()} the page and every verb have it.")


def _seen(path: Path, answers: Answers) -> dict[str, Any]:
    """The part of the row that the file tells, with what must be asked to read it."""
    if path.suffix == ".onnx":
        return look_into_onnx(
            path,
            lambda: _ask_side(answers.side),
            lambda: _ask_preset(answers.preset),
            answers.output,
        )
    if path.suffix in CHECKPOINTS:
        options = {"options": {"side": answers.side}} if answers.side else {}
        return {"like": look_into_checkpoint(path), **options}
    kinds = ", ".join((".onnx", *CHECKPOINTS))
    raise BadParameter(f"“{path.name}” is none of {kinds}: of these a row can be made.")


def _ask_side(given: int | None) -> int:
    text = _ask("The side at which it sees a photo, in pixels", "--side", given, None, _pixels)
    return int(text)


def _ask_preset(given: str | None) -> str:
    for name, (told, _) in PRESETS.items():
        if given is None:
            echo(f"  {name}: {told}", err=True)
    return str(_ask("How photos are prepared for it", "--preset", given, None, _preset))


def _may_earn(given: bool | None, licence: str) -> bool:
    if given is None and licence.startswith(catalog.UNCLEAR):
        return False
    question = "May its results be used commercially"
    return bool(_answered(question, "--commercial or --no-commercial", given, confirm))


def _ask(
    question: str,
    flag: str,
    given: Any,
    usual: str | None,
    parse: Callable[[str], Any] = str,
) -> Any:
    """What the flag says, or the person's answer. Raises BadParameter where nobody can answer."""

    def ask(text: str) -> Any:
        return prompt(text, default=usual, value_proc=parse, err=True)

    return _answered(question, flag, parse(str(given)) if given is not None else None, ask)


def _answered(question: str, flag: str, given: Any, ask: Callable[[str], Any]) -> Any:
    if given is not None:
        return given
    try:
        return ask(question)
    except Abort as error:
        if sys.stdin is not None and sys.stdin.isatty():
            raise
        raise BadParameter(f"{question}? Nobody is here to answer: say {flag}.") from error


def _pixels(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise BadParameter(f"“{text}” should be a whole number of pixels.", param_hint="--side")
    return int(text)


def _preset(text: str) -> str:
    if text not in PRESETS:
        told = f"“{text}” should be one of {', '.join(PRESETS)}."
        raise BadParameter(told, param_hint="--preset")
    return text


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", stem.casefold()).strip("-.") or "my-model"


def _check_name(name: str) -> None:
    if name in {spec.name for spec in catalog.everything()} | catalog.reserved():
        told = f"There is a model called “{name}” already: choose another name."
        raise BadParameter(told, param_hint="--name")


def _from(file: Path, path: Path) -> str:
    """The path as the TOML file has it: relative to it where it lies below."""
    home, whole = file.absolute().parent, Path(os.path.normpath(path.absolute()))
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole)


def _write(file: Path, row: Mapping[str, Any]) -> None:
    """Add the row at the end; what is there stays. Raises BadParameter if the file would then have
    a mistake, and WriteFailed."""
    try:
        before = file.read_text("utf-8") if file.exists() else ""
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        text = before + gap + as_toml(row)
        rows = own.parse(text, file.absolute(), catalog.MODELS, catalog.reserved())
        if rows.problems:
            raise BadParameter(f"Nothing was written. {' '.join(rows.problems)}")
        file.write_text(text, "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise WriteFailed(f"“{file}” can't be written to: {reason}.") from error


def as_toml(row: Mapping[str, Any]) -> str:
    """A `[[model]]` table of texts, numbers, switches, lists and tables of these."""
    return (
        "\n".join(["[[model]]", *(f"{key} = {toml_value(each)}" for key, each in row.items())])
        + "\n"
    )


def add_or_tell(path: Path, answers: Answers, to: Path | None) -> bool:
    """`add`, with what can't be told in a sentence. Returns whether there is a row now."""
    try:
        add(path, answers, to)
    except (LoadFailed, WriteFailed) as error:
        echo(str(error), err=True)
        return False
    return True
