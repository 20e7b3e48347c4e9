"""What all downloads do on the disk: one at a time, with room for it, whole or not there."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from models.hub.errors import readable
from models.hub.transfer import RemoteFile, Transfer, receive
from models.interface import LoadFailed

MARGIN = 256_000_000
"""Bytes that a download leaves free on the disk."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Only one thread of one process downloads into `root` at a time."""
    from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

    lock = root.parent / ".locks" / root.name / "download.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(lock):
        yield


def start(transfer: Transfer, files: Mapping[Path, RemoteFile], root: Path) -> None:
    """Count what is here already of `files`, by where each goes below `root`, and see that the disk
    has room for the rest. Raises LoadFailed when it hasn't."""
    for path, file in files.items():
        part = _part(path)
        transfer.total += file.size
        transfer.done += file.size if path.exists() else part.stat().st_size if part.exists() else 0
    root.mkdir(parents=True, exist_ok=True)
    needed = transfer.total - transfer.done
    free = shutil.disk_usage(root).free
    if needed + MARGIN > free:
        raise LoadFailed(
            f"The download needs {readable(needed)} and the disk of {root.parent} has only "
            f"{readable(free)} free. Make room there, or set HF_HOME to a folder on another disk."
        )


def bring(file: RemoteFile, path: Path, transfer: Transfer) -> None:
    """See that `path` is there, with all of `file`. Raises what `receive` raises."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        receive(file, _part(path), transfer)
        _part(path).replace(path)


def _part(path: Path) -> Path:
    """What has come of `path`, under a name that huggingface_hub's own clean-up knows."""
    return path.with_name(f"{path.name}.resumable.incomplete")
