"""Whether files are what their names say, as their first bytes tell; if not, what they are."""

from contextlib import suppress
from pathlib import Path

from models.catalog import ModelSpec
from models.hub.folder import Folder
from models.hub.presence import holds, is_file, is_folder

_LFS = b"version https://git-lfs.github.com/spec/"
_PAGE = (b"<!doctype", b"<html", b"<?xml")
_OTHER_KINDS = {
    b"PK\x03\x04": "is a checkpoint of torch.save or a ZIP archive, not safetensors",
    b"\x80": "is a checkpoint of torch.save, not safetensors",
    b"\x1f\x8b": "is compressed (gzip): unpack it",
}
_BINARY = (".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".onnx")
_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".incomplete", ".aria2")


def paths(spec: ModelSpec, given: Folder) -> list[Path]:
    """The files that the row is read from: `given` itself, or those in it if it's a folder."""
    if isinstance(given, Path) and is_file(given):
        return [given]
    names = spec.instead if spec.instead and holds(given, spec.instead) else spec.files
    return [given / name for name in names]


def unfinished(given: Path) -> str:
    """A sentence about what a stopped download left at `given` or in it, after a space; or none."""
    inside = [given]
    if is_folder(given):
        with suppress(OSError):  # it may not be looked into, which isn't the question here
            inside = sorted(given.iterdir())
    left = [path.name for path in inside if path.suffix in _UNFINISHED]
    return f" {left[0]} is an unfinished download: download the file again." if left else ""


def fault(path: Path) -> str | None:
    """What is wrong with the file, to be said after its name; None if nothing is.

    The checkpoint's header and length must agree, which they don't after a copy cut short.
    """
    if is_folder(path):
        return "is a folder and should be a file"
    try:
        with path.open("rb") as file:
            head = file.read(256)
    except OSError as error:
        return f"can't be read ({error.strerror})"
    if path.suffix == ".safetensors":
        return None if _opens(path) else _told(path, head) or _other_kind(head) or "is damaged"
    return _told(path, head)


def _told(path: Path, head: bytes) -> str | None:
    """What is saved in the file's place, where the first bytes tell."""
    if head.startswith(_LFS):
        return "is a Git LFS pointer, which only stands for the file: `git lfs pull` brings it"
    if path.suffix not in (*_BINARY, ".json"):
        return None
    if not head.strip():
        return "is empty"
    if head.lstrip().lower().startswith(_PAGE):
        return "is a web page that was saved in place of the file"
    words = head.decode("ascii", "replace").split()
    if path.suffix in _BINARY and head.isascii() and all(map(str.isprintable, words)):
        return f"holds words, not weights (“{' '.join(words)[:60]}”)"
    return None


def _other_kind(head: bytes) -> str | None:
    return next((kind for start, kind in _OTHER_KINDS.items() if head.startswith(start)), None)


def _opens(path: Path) -> bool:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"):
            return True
    except (SafetensorError, OSError):
        return False
