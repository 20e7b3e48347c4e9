"""Which photos are meant, and where their results go."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from typer import BadParameter

from photos.encoding import SUFFIX, Format
from photos.reading import SUFFIXES

ENDINGS = ("blurred", "replaced", "cutout", "generated")
_FORMAT: dict[str, Format] = {suffix: name for name, suffix in SUFFIX.items()} | {".jpeg": "JPEG"}


def gather(paths: Iterable[Path]) -> list[Path]:
    """Files as they're given, folders as the photos directly in them, by name; each file once.

    A folder that yields no photo stays in the list, for whoever reads it to complain.
    """
    found = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    return list({file.resolve(): file for file in found}.values())


def _inside(folder: Path) -> list[Path]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return [folder]
    photos = [path for path in files if path.suffix[1:].lower() in SUFFIXES and path.name[0] != "."]
    stems = {path.stem for path in photos}
    return [path for path in photos if not _is_result(path.stem, stems)] or [folder]


def _is_result(stem: str, stems: set[str]) -> bool:
    """Whether it's what an earlier run put beside a photo."""
    match = re.fullmatch(rf"(.+)_({'|'.join(ENDINGS)})(-\d+)?", stem)
    return match is not None and match[1] in stems


@dataclass(frozen=True)
class Target:
    """Where results go. output: a file, a folder, or None for beside each photo. spared: a file
    that is no photo of the list and must not be overwritten either."""

    output: Path | None
    format: Format
    single: bool
    spared: Path | None = None

    def of(self, photos: Sequence[Path], ending: str) -> list[Path]:
        """A path for each photo's result: no two alike, none of them a photo of the list or what
        is spared."""
        taken = {_key(path) for path in (*photos, self.spared) if path}
        if self.single and self.output is not None:
            if _key(self.output) in taken:
                told = "That would overwrite what it is made of."
                raise BadParameter(told, param_hint="--output")
            return [self.output]
        results = []
        for photo in photos:
            stem = (self.output or photo.parent) / f"{photo.stem}_{ending}"
            names = (f"{stem}{'' if n == 1 else f'-{n}'}{SUFFIX[self.format]}" for n in count(1))
            results.append(next(path for path in map(Path, names) if _key(path) not in taken))
            taken.add(_key(results[-1]))
        return results


def aim(
    paths: Sequence[Path],
    output: Path | None,
    wanted: str | None,
    *,
    transparent: bool,
    spared: Path | None = None,
) -> Target:
    """Where the results of `paths` go and in which format. Raises BadParameter."""
    named = None
    if output is not None and not output.is_dir():
        named = _named_format(output)
        if named is None:
            check_folder(output)
        elif len(paths) > 1 or paths[0].is_dir():
            raise BadParameter("For several photos, name a folder.", param_hint="--output")
    chosen = next((name for name in SUFFIX if name.lower() == wanted), None)
    if chosen and named and chosen != named:
        raise BadParameter(f"“{output}” is not a name for --format {wanted}.")
    format_: Format = chosen or named or ("PNG" if transparent else "JPEG")
    if transparent and format_ == "JPEG":
        raise BadParameter("JPEG can't be transparent: choose png or webp.")
    return Target(output, format_, named is not None, spared)


def check_folder(output: Path) -> None:
    """Raises BadParameter if results can't go into a folder of this name."""
    if output.exists() and not output.is_dir():
        raise BadParameter(f"“{output}” is a file, not a folder.", param_hint="--output")


def _named_format(output: Path) -> Format | None:
    """The format that a file's name ends in; None for a folder's."""
    suffix = output.suffix.lower()
    if suffix not in _FORMAT and suffix[1:] in SUFFIXES:
        raise BadParameter(
            f"Files are written as {', '.join(_FORMAT)}, not as {suffix}.", param_hint="--output"
        )
    return _FORMAT.get(suffix)


class WriteFailed(Exception):
    """A result that the disk didn't take, in one sentence."""


def write(path: Path, data: bytes) -> None:
    """All of it or nothing: a file that was there stays until the new one is complete.

    Raises WriteFailed.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise WriteFailed(f"“{path}” can't be written: {error.strerror}.") from error


def _key(path: Path) -> str:
    """The same for all names of a file; many people's disks don't tell upper from lower case."""
    return str(path.resolve()).casefold()
