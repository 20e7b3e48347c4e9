"""Which photos are meant."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from photos.names import is_result, natural
from photos.reading import RAW_SUFFIXES, SUFFIXES

_NAMED = 3
"""How many files a sentence names before it only counts them."""


def gather(paths: Iterable[Path], tell: Callable[[str], object]) -> list[Path]:
    """Files as they're given, folders as the photos directly in them, in natural order (p2 before
    p10); each file once. tell: called with a sentence for what is skipped in a folder.

    A folder that yields no photo stays in the list, for whoever reads it to complain.
    """
    found = [file for path in paths for file in (_inside(path, tell) if path.is_dir() else [path])]
    return list({file.resolve(): file for file in found}.values())


def named(names: Sequence[str]) -> str:
    """The first few of many: "a, b, c and 4 more"."""
    told, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return f"{told} and {more} more" if more > 0 else told


def _inside(folder: Path, tell: Callable[[str], object]) -> list[Path]:
    try:
        entries = [path for path in folder.iterdir() if path.name[0] != "."]
        entries.sort(key=lambda path: natural(path.name))
    except OSError:
        return [folder]
    stems = {path.stem for path in entries if _may_be_photo(path)}
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in entries:
        kinds[_kind(path, stems)].append(path)
    photos = kinds.pop("", [])
    for why, skipped in kinds.items():
        names = named([path.name for path in skipped])
        tell(f"“{folder}”: {len(skipped)} skipped: {names} – {why}.")
    return photos or [folder]


def _kind(path: Path, stems: set[str]) -> str:
    """Why a folder's entry is skipped; nothing for photos. stems: of all that may be photos."""
    if path.is_dir():
        return "only what lies directly in a folder is taken"
    if path.suffix[1:].lower() in RAW_SUFFIXES:
        return "cameras' raw files: export them as JPEG or TIFF"
    if not _may_be_photo(path):
        return "not photos"
    return "results of an earlier run" if is_result(path.stem, stems) else ""


def _may_be_photo(path: Path) -> bool:
    """By its ending. A link whose target is gone counts, so that reading it complains."""
    return path.suffix[1:].lower() in SUFFIXES and (path.is_file() or path.is_symlink())
