"""Where results go."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from typer import BadParameter

from photos.encoding import FORMAT_OF, SUFFIX, Format
from photos.reading import SUFFIXES
from photos.saving import WriteFailed, write
from terminal.streams import STDIN, STDOUT, pipe_out


@dataclass(frozen=True)
class Target:
    """Where results go. output: a file, a folder, STDOUT, or None for beside each photo. spared:
    files that are no photos of the list, and must not be overwritten either. pipe: what STDOUT
    is."""

    output: Path | None
    format: Format
    single: bool
    spared: Sequence[Path] = ()
    pipe: BinaryIO | None = None

    def of(self, photos: Sequence[Path], ending: str) -> list[Path]:
        """A path for each photo's result: no two alike, none of them a photo of the list or what
        is spared. Raises BadParameter where there can be none."""
        if self.output == STDOUT and self.pipe is None:
            told = "A terminal can't show a picture: add “> picture.png”, or name a file."
            raise BadParameter(told, param_hint="--output")
        taken = {key_of(path) for path in (*photos, *self.spared)}
        if self.single and self.output is not None:
            if self.output != STDOUT and key_of(self.output) in taken:
                told = "That would overwrite what it is made of."
                raise BadParameter(told, param_hint="--output")
            return [self.output]
        results = []
        for photo in photos:
            stem = (self.output or photo.parent) / f"{photo.stem}_{ending}"
            names = (f"{stem}{'' if n == 1 else f'-{n}'}{SUFFIX[self.format]}" for n in count(1))
            results.append(next(path for path in map(Path, names) if key_of(path) not in taken))
            taken.add(key_of(results[-1]))
        return results

    def deliver(self, path: Path, data: bytes) -> None:
        """Write a result and print its path, or pipe it out. Raises WriteFailed."""
        if self.pipe is None:
            write(path, data)
            print(path, flush=True)
            return
        try:
            self.pipe.write(data)
            self.pipe.flush()
        except BrokenPipeError:
            raise  # nobody reads on
        except OSError as error:
            raise WriteFailed(f"The picture can't be piped out: {error.strerror}.") from error


def aim(
    paths: Sequence[Path],
    output: Path | None,
    wanted: str | None,
    *,
    transparent: bool,
    spared: Sequence[Path] = (),
    usual: Format = "JPEG",
) -> Target:
    """Where the results of `paths` go and in which format; usual: of opaque ones. Raises
    BadParameter."""
    named = None
    if output is None and STDIN in paths:
        output = STDOUT
    if output is not None and output != STDOUT and not output.is_dir():
        named = _named_format(output)
        if named is None:
            check_folder(output)
    single = named is not None or output == STDOUT
    if single and (len(paths) > 1 or paths[0].is_dir()):
        raise BadParameter("For several photos, name a folder.", param_hint="--output")
    format_ = chosen_format(wanted, named, transparent=transparent, usual=usual)
    if wanted and named and format_ != named:
        raise BadParameter(f"“{output}” is not a name for --format {wanted}.")
    return Target(output, format_, single, spared, pipe_out() if output == STDOUT else None)


def chosen_format(
    wanted: str | None, named: Format | None, *, transparent: bool, usual: Format = "JPEG"
) -> Format:
    """wanted: in small letters, as --format has it. named: by a file's name. Raises BadParameter
    for a transparent JPEG."""
    chosen = next((name for name in SUFFIX if name.lower() == wanted), None)
    format_: Format = chosen or named or ("PNG" if transparent else usual)
    if transparent and format_ == "JPEG":
        raise BadParameter("JPEG can't be transparent: choose png, webp or tiff.")
    return format_


def check_folder(output: Path, option: str = "--output") -> None:
    """Raises BadParameter if results can't go into a folder of this name."""
    if output == STDOUT:
        raise BadParameter("Several files can't be piped out: name a folder.", param_hint=option)
    if output.exists() and not output.is_dir():
        raise BadParameter(f"“{output}” is a file, not a folder.", param_hint=option)


def _named_format(output: Path) -> Format | None:
    """The format that a file's name ends in; None for a folder's."""
    suffix = output.suffix.lower()
    if suffix not in FORMAT_OF and suffix[1:] in SUFFIXES:
        raise BadParameter(
            f"Files are written as {', '.join(FORMAT_OF)}, not as {suffix}.", param_hint="--output"
        )
    return FORMAT_OF.get(suffix)


def key_of(path: Path) -> str:
    """The same for all names of a file; many people's disks don't tell upper from lower case."""
    return str(path.resolve()).casefold()
