"""Mattes that other tools made: the files that are named, and which photo each of them is for."""

import glob
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import BadParameter, Option

from models.catalog import ModelSpec, other_tool
from photos.elsewhere import added_to, belongs_to
from photos.mattes import MatteFile
from photos.names import natural
from photos.photo import PhotoError
from photos.reading import SUFFIXES
from terminal.gathering import named

ALSO, MATTE = "--also", "--matte"

Matte = Annotated[
    str | None,
    Option(
        MATTE,
        metavar="FILE",
        help="A matte of another tool, used instead of a model: a mask or a cutout, of 8 or 16 "
        "bits. For several photos, a folder of them or a pattern in quotes: files that are called "
        "as the photos are, whatever is added behind.",
        show_default=False,
        rich_help_panel="What the subject is",
    ),
]
Also = Annotated[
    list[str] | None,
    Option(
        ALSO,
        metavar="[NAME=]FILES",
        help="Mattes of another tool, one more column: a folder, or a pattern in quotes, such as "
        "'other-tool/*.png', with masks or cutouts that are called as the photos are. NAME is what "
        "the tool is called, by default as the folder. Repeatable.",
        show_default=False,
    ),
]


@dataclass(frozen=True, eq=False)
class Tool:
    """Another tool and its files. alone: whether one file was named, which is for a lone photo
    whatever it's called."""

    spec: ModelSpec
    files: tuple[Path, ...]
    alone: bool

    def matched(self, photos: Sequence[Path]) -> tuple[dict[Path, Path], list[str]]:
        """The file of each photo that has one, and a sentence for each kind of file that is left
        out."""
        if self.alone and len(photos) == 1:
            return {photos[0]: self.files[0]}, []
        called: dict[str, list[Path]] = defaultdict(list)
        for photo in photos:
            called[photo.stem.casefold()].append(photo)
        names, found = [photo.name for photo in photos], dict[Path, Path]()
        told, lost = [], []
        exact = sorted(self.files, key=lambda file: file.stem.casefold() not in called)
        for file in exact:  # those that are called just as a photo come first
            name = belongs_to(file.name, names)
            mine = called[Path(name).stem.casefold()] if name else []
            if len(mine) > 1:
                told.append(
                    f"{len(mine)} photos are called as “{file.name}” is: rename all but one."
                )
            elif not mine:
                lost.append(file.name)
            elif mine[0] in found:
                both = f"“{found[mine[0]].name}” and “{file.name}” are both for “{mine[0].name}”"
                told.append(f"{both}: the former is used.")
            else:
                found[mine[0]] = file
        if lost:
            told.append(f"{self.spec.label}: no photo for {named(lost)}, left out.")
        return found, told

    def nothing_for(self, photo: Path) -> str:
        """What to tell of a photo that has no file."""
        return f"“{photo}”: {self.spec.label} has no file that is called as this photo is."


def tools(entries: Iterable[str], photos: Sequence[Path], option: str) -> tuple[Tool, ...]:
    """The tools that are named by an option. photos: as the person named them, which are no mattes.
    Raises BadParameter where there are no files."""
    found: list[Tool] = []
    given = {photo.resolve() for photo in photos}
    for entry in entries:
        label, files, alone = _named(entry, option)
        files = [file for file in files if file.resolve() not in given]
        if not files:
            raise BadParameter(f"“{entry}” names no pictures.", param_hint=option)
        if alone:
            _check_quoted(files[0], photos, option)
        if not label and alone and len(photos) == 1:
            label = added_to(photos[0].name, files[0].name) or files[0].stem
        label = label or (files[0].stem if alone else files[0].absolute().parent.name)
        spec = other_tool(label, [tool.spec for tool in found])
        found.append(Tool(spec, tuple(files), alone))
    return tuple(found)


def tool(entry: str | None, photos: Sequence[Path]) -> Tool | None:
    """That of `--matte`, if it's given. Raises BadParameter as `tools` does."""
    return tools([entry], photos, MATTE)[0] if entry else None


def files_of(given: Tool | None) -> tuple[Path, ...]:
    """Mattes that must not be overwritten."""
    return given.files if given else ()


def read_matte(path: Path) -> MatteFile:
    """Raises PhotoError."""
    try:
        return MatteFile(path.name, path.read_bytes())
    except OSError as error:
        raise PhotoError(f"“{path}” can't be read: {error.strerror}. Check the path.") from error


def match_all(
    given: Sequence[Tool], photos: Sequence[Path], tell: Callable[[str], object]
) -> Mapping[Tool, Mapping[Path, Path]]:
    """Of each tool, the file of each photo; what is left out is told."""
    found = {}
    for each in given:
        found[each], told = each.matched(photos)
        for sentence in told:
            tell(sentence)
    return found


def split(entry: str) -> tuple[str, str]:
    """(what the tool is called if that was said, the words for its files) of [NAME=]FILES."""
    label, _, words = entry.partition("=")
    return ("", entry) if not words or Path(entry).exists() else (label.strip(), words)


def _named(entry: str, option: str) -> tuple[str, list[Path], bool]:
    """(what the tool is called if that was said, its files in natural order, whether one file was
    named). Raises BadParameter."""
    label, words = split(entry)
    path = Path(words).expanduser()
    if path.is_file():
        return label, [path], True
    inside = (
        path.iterdir()
        if path.is_dir()
        else Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    )
    files = [each for each in inside if each.suffix[1:].lower() in SUFFIXES and each.is_file()]
    if not files and not path.is_dir() and not glob.has_magic(words):
        raise BadParameter(f"There is no “{words}”.", param_hint=option)
    shown = [file for file in files if file.name[0] != "."]
    return label, sorted(shown, key=lambda file: natural(file.name)), False


def _check_quoted(file: Path, photos: Sequence[Path], option: str) -> None:
    """A shell makes several words of a pattern, of which all but the first count as photos."""
    folder = file.absolute().parent
    others = [photo.name for photo in photos if photo.absolute().parent != folder]
    for photo in photos:
        if photo.absolute().parent == folder and belongs_to(photo.name, others):
            raise BadParameter(
                f"“{photo}” was taken for a photo, as shells do with patterns: put the pattern in "
                f"quotes, {option} '{file.parent / '*'}{file.suffix}', or name the folder.",
                param_hint=option,
            )
