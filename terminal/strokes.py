"""`--strokes`: what a person painted on mattes."""

from pathlib import Path
from typing import Annotated

from typer import BadParameter, Option

from photos.photo import PhotoError
from photos.recipes.strokes import ENDING, Drawn, StrokesFile

STROKES = "--strokes"

Strokes = Annotated[
    Path | None,
    Option(
        STROKES,
        metavar="PATH",
        help=f"What was painted on the mattes: a {ENDING}, as the page saves it, or a folder with "
        "such files for several photos. Each tells which photo it's for.",
        show_default=False,
        rich_help_panel="What the subject is",
    ),
]


def drawn(path: Path | None) -> Drawn:
    """What the file, or the folder's files, tell. Raises BadParameter."""
    if path is None:
        return Drawn()
    paths = sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [path]
    if not paths:
        told = f"“{path}” holds no file that is called {ENDING}, or ends in it."
        raise BadParameter(told, param_hint=STROKES)
    files: dict[str, StrokesFile] = {}
    for each in paths:
        try:
            file = StrokesFile.read(each.read_bytes(), each.name)
        except OSError as error:
            told = f"“{each}” can't be read: {error.strerror}."
            raise BadParameter(told, param_hint=STROKES) from error
        except PhotoError as error:
            raise BadParameter(str(error), param_hint=STROKES) from error
        if files.setdefault(file.sha256, file) != file:
            told = f"Two files in “{path}” hold strokes for “{file.photo}”: take one away."
            raise BadParameter(told, param_hint=STROKES)
    return Drawn(tuple(files.values()))


def parse_strokes(text: str) -> Drawn:
    """What one such file tells. Raises BadParameter."""
    try:
        return Drawn((StrokesFile.read(text.encode(), STROKES.strip("-")),))
    except PhotoError as error:
        raise BadParameter(str(error), param_hint=STROKES) from error
