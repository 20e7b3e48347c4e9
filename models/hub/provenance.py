"""Which files a model's weights are and where they come from: what tells them from all others.

The SHA-256 of a large file isn't computed where somebody has compared it already: the hub's cache
calls large files by it, once they have arrived undamaged. Others are read, and each only once.
"""

import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.catalog import ModelSpec
from models.hub import given, packaged, weights
from models.hub.contents import paths
from models.hub.folder import Folder
from models.hub.parts import rows
from models.hub.presence import is_folder

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LITTLE = 10_000_000
"""Bytes. Up to here git keeps files itself, without a SHA-256; to read one takes no time."""


@dataclass(frozen=True)
class WeightFile:
    """name: within its source. path: where it is on this machine, None if it isn't; size in bytes
    and changed, in nanoseconds, are those that it had then. sha256: as it's known without reading
    the file, empty if it isn't; begins: as much of it as its publisher tells; md5: what the
    publisher tells instead."""

    name: str
    path: Path | None = None
    size: int = 0
    changed: int = 0
    sha256: str = ""
    begins: str = ""
    md5: str = ""


@dataclass(frozen=True)
class Source:
    """Where files of weights come from. place: the repository, address or package; empty for the
    person's own files. revision: what the row asks for; commit: what that stood for when it was
    downloaded, empty if it isn't known."""

    kind: Literal["repository", "address", "package", "local"]
    place: str
    files: tuple[WeightFile, ...]
    revision: str = ""
    commit: str = ""


def sources_of(spec: ModelSpec) -> tuple[Source, ...]:
    """Where the row's weights come from, as this machine has them now; nothing for a model that has
    none. Quick: a look at each file's name, size and date."""
    if spec.packaged:
        name = Path(spec.packaged.file).name
        file = _file(name, packaged.find(spec), published=spec.packaged.sha256)
        return (Source("package", spec.packaged.distribution, (file,)),)
    if spec.built_in:
        return ()
    if own := given.own(spec):
        within = own if is_folder(own) else own.parent
        names = [str(path.relative_to(within)) for path in paths(spec, own)]
        return (Source("local", "", tuple(_file(name, within / name) for name in names)),)
    if spec.parts:
        joined = weights.folder_of(spec)
        return tuple(
            _repository(row, joined / name, revision)
            for (name, row), revision in zip(
                rows(spec).items(), weights.resolved_revision(spec).split(" + "), strict=True
            )
        )
    folder, known = weights.folder_of(spec), weights.resolved_revision(spec)
    if spec.url:
        kind, _, digits = known.rpartition(":")
        begins, md5 = ("", digits) if kind == "md5" else (digits, "")
        files = tuple(_file(name, folder / name, begins=begins, md5=md5) for name in spec.files)
        return (Source("address", spec.url, files),)
    return (_repository(spec, folder, known),)


def _repository(spec: ModelSpec, folder: Folder, known: str) -> Source:
    """The one that the row's files are from, kept in that folder. known: its resolved revision."""
    files = tuple(_file(name, folder / name) for name in spec.files)
    commit = known if re.fullmatch(r"[0-9a-f]{40}", known) else ""
    return Source("repository", spec.repo or "", files, spec.revision, commit)


def told(sources: Iterable[Source], *, reading: bool) -> list[dict[str, Any]]:
    """What is known of them, ready for JSON. sha256 is null for a file that isn't here, that was
    changed since it was looked at, or that is large and nobody has read; reading: those are read
    now, at a second or two a gigabyte, the first time that this process is asked."""
    return [
        {
            "from": source.kind,
            **({source.kind: source.place} if source.place else {}),
            "revision": source.revision or None,
            "commit": source.commit or None,
            "files": [_told(file, reading=reading) for file in source.files],
        }
        for source in sources
    ]


def _file(
    name: str, path: Path | None, *, published: str = "", begins: str = "", md5: str = ""
) -> WeightFile:
    """The file at `path`, if it's there."""
    try:
        found = path.stat() if path else None
    except OSError:
        found = None
    if path is None or found is None:
        return WeightFile(name, sha256=published, begins=begins, md5=md5)
    blob = path.resolve().name if path.is_symlink() else ""
    sha256 = blob if _SHA256.fullmatch(blob) else ""
    return WeightFile(name, path, found.st_size, found.st_mtime_ns, sha256, begins, md5)


def _told(file: WeightFile, *, reading: bool) -> dict[str, Any]:
    sha256 = file.sha256
    if not sha256 and file.path and (reading or file.size <= _LITTLE):
        sha256 = _read(file.path, file.size, file.changed)
    about: dict[str, Any] = {"name": file.name, "bytes": file.size if file.path else None}
    about["sha256"] = sha256 or None
    if file.begins and not sha256:
        about["sha256_begins"] = file.begins
    return about | ({"md5": file.md5} if file.md5 else {})


@functools.cache
def _read(path: Path, size: int, changed: int) -> str:
    """The file's SHA-256, or nothing if it isn't as it was."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        now = path.stat()
    except OSError:
        return ""
    return digest if (now.st_size, now.st_mtime_ns) == (size, changed) else ""
