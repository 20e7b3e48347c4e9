"""Where a model's weights come from: the hub's cache, a download, or what the person gave instead.

CUTOUT_WEIGHTS names local weights, entries separated as in PATH: `NAME=PATH` gives one model a
folder with its files, or the file if it has only one; a lone folder may hold one sub-folder per
model name. HF_HOME, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE mean what they mean to
huggingface_hub; what comes from elsewhere is kept in HF_HOME/cutout, and HF_TOKEN isn't sent there.

What is cached is used without asking the hub, so a model stays the same until it's removed.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path

from models.catalog import ModelSpec
from models.hub.address import Address
from models.hub.cache import Repository
from models.hub.disk import holds
from models.hub.transfer import Transfer
from models.interface import Check, LoadFailed, unwanted

TICK = 0.1
"""Seconds between two looks at a download."""


type Progress = Callable[[int, int], None]
"""Called with the bytes done and in all while a model is downloaded."""


def ignore(done: int, total: int) -> None:
    """The Progress that nobody watches."""


def fetch(spec: ModelSpec, *, progress: Progress = ignore, check: Check = unwanted) -> Path:
    """The folder with the row's files, or the single file that the person gave in its place.

    While it downloads, `progress` and `check` are called on this thread about ten times a second.
    Raises Cancelled when `check` does: what has come is kept and the next call goes on from there.
    Raises LoadFailed with a sentence that says what to do.
    """
    if given := _accepted(spec):
        _verify(spec, given, "Give another copy in CUTOUT_WEIGHTS.")
        return given
    source = _source(spec)
    folder = source.complete() or _download(source, progress, check)
    _verify(spec, folder, f"Run `cli.py models remove {spec.name}`, then download it again.")
    return folder


def cached(spec: ModelSpec) -> bool:
    """Whether `fetch` needs no network. Quick: a look at each file's name."""
    if spec.built_in:
        return True
    if given := local(spec.name):
        return given.is_file() or holds(given, _layout(spec, given))
    return _source(spec).complete() is not None


def size_on_disk(spec: ModelSpec) -> int:
    """Bytes of those of the row's files that are here."""
    if spec.built_in:
        return 0
    files = _files(spec, local(spec.name) or _source(spec).folder())
    return sum(path.stat().st_size for path in files if path.is_file())


def remove(spec: ModelSpec) -> int:
    """Drop all that was cached for the row, with all revisions of its repository and what a stopped
    download left. Returns the bytes freed. Files that the person gave stay."""
    return 0 if spec.built_in else _source(spec).remove()


def local(name: str) -> Path | None:
    """The file or folder that CUTOUT_WEIGHTS gives for the model called `name`."""
    for label, path in _given():
        if label == name:
            return path
        if label is None and (path / name).is_dir():
            return path / name
    return None


def resolved_revision(spec: ModelSpec) -> str:
    """What tells the row's weights from others: the commit in the cache when it's known, else the
    row's revision; of a file at an address of its own, the digits in its name; "local" for local
    files. Raises ValueError for what is built in."""
    return "local" if local(spec.name) else _source(spec).revision()


def _given() -> Iterator[tuple[str | None, Path]]:
    """The entries of CUTOUT_WEIGHTS: a model's name (None: a folder for many) and the path."""
    for entry in filter(None, os.environ.get("CUTOUT_WEIGHTS", "").split(os.pathsep)):
        label, equals, path = entry.partition("=")
        yield (label, Path(path).expanduser()) if equals else (None, Path(entry).expanduser())


def _source(spec: ModelSpec) -> Repository | Address:
    if spec.repo:
        return Repository(spec, spec.repo)
    if spec.url:
        return Address(spec, spec.url)
    raise ValueError(f"{spec.label} is built in: it has no weights to fetch.")


def _files(spec: ModelSpec, given: Path) -> list[Path]:
    return [given] if given.is_file() else [given / name for name in _layout(spec, given)]


def _layout(spec: ModelSpec, folder: Path) -> tuple[str, ...]:
    """The files that the row is read from, if it's from this folder."""
    return spec.instead if spec.instead and holds(folder, spec.instead) else spec.files


def _accepted(spec: ModelSpec) -> Path | None:
    """What CUTOUT_WEIGHTS gives for the row, once it's seen to hold what the row needs."""
    for label, folder in _given():
        if label is None and not folder.is_dir():
            raise LoadFailed(f"CUTOUT_WEIGHTS names {folder}, which isn't a folder. Correct it.")
    given = local(spec.name)
    if given is None:
        return None
    wanted = " or ".join(", ".join(names) for names in (spec.files, spec.instead) if names)
    if not given.exists():
        raise LoadFailed(f"CUTOUT_WEIGHTS gives {given} for {spec.name}, and that isn't there.")
    kinds = [Path(name).suffix for name in spec.files]
    if given.is_file() and kinds != [given.suffix]:
        file = f"a {kinds[0]} file or " if len(kinds) == 1 else ""
        raise LoadFailed(
            f"{spec.label} can't be read from {given}: give {file}a folder with {wanted}."
        )
    missing = ", ".join(path.name for path in _files(spec, given) if not path.is_file())
    if missing:
        raise LoadFailed(f"{given} lacks {missing}: {spec.label} is read from {wanted}.")
    return given


def _verify(spec: ModelSpec, folder: Path, remedy: str) -> None:
    """Raise LoadFailed if a checkpoint's header and length disagree, as after a copy cut short."""
    from safetensors import SafetensorError, safe_open

    for path in _files(spec, folder):
        if path.suffix != ".safetensors":
            continue
        try:
            with safe_open(path, framework="numpy"):
                pass
        except (SafetensorError, OSError) as error:
            raise LoadFailed(f"{path.name} of {spec.label} is damaged. {remedy}") from error


def _download(source: Repository | Address, progress: Progress, check: Check) -> Path:
    """Wait for a download that runs on a thread of its own, so that `check` is heard even while
    the network hangs."""
    transfer = Transfer()
    result = _in_background(lambda: source.download(transfer))
    try:
        while not result.done():
            wait([result], timeout=TICK)
            check()
            progress(transfer.done, transfer.total)
    except BaseException:
        transfer.stop.set()
        raise
    return result.result()


def _in_background(work: Callable[[], Path]) -> Future[Path]:
    result: Future[Path] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=run, name="download", daemon=True).start()
    return result
