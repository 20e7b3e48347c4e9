"""Where a model's weights come from: the hub's cache, a download, or what the person gave instead.

CUTOUT_WEIGHTS names local weights (`models.hub.given`). HF_HOME, HF_TOKEN, HF_ENDPOINT and
HF_HUB_OFFLINE mean what they mean to huggingface_hub; what comes from elsewhere is kept in
HF_HOME/cutout, and HF_TOKEN isn't sent there.

What is cached is used without asking the hub, so a model stays the same until it's removed.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

from models.catalog import ModelSpec
from models.hub import given
from models.hub.address import Address
from models.hub.cache import Repository
from models.hub.checksums import agrees
from models.hub.contents import fault, paths, unfinished
from models.hub.folder import Folder
from models.hub.parts import Parts, rows
from models.hub.presence import exists, is_file
from models.hub.transfer import Transfer
from models.interface import Check, LoadFailed, unwanted

TICK = 0.1
"""Seconds between two looks at a download."""


type Progress = Callable[[int, int], None]
"""Called with the bytes done and in all while a model is downloaded."""


def ignore(done: int, total: int) -> None:
    """The Progress that nobody watches."""


def fetch(spec: ModelSpec, *, progress: Progress = ignore, check: Check = unwanted) -> Folder:
    """The folder with the row's files, or the single file that the person gave in its place.

    While it downloads, `progress` and `check` are called on this thread about ten times a second.
    Raises Cancelled when `check` does: what has come is kept and the next call goes on from there.
    Raises LoadFailed with a sentence that says what to do.
    """
    if own := _accepted(spec):
        where = given.SETTING if given.local(spec.name) else "its row"
        _verify(spec, own, f"Give another copy in {where}.")
        return own
    source = _source(spec)
    folder = source.complete() or _download(source, progress, check)
    for name, row in rows(spec).items():
        remedy = f"Run `cli.py models remove {row.name}`, then download it again."
        _verify(row, folder / name, remedy)
    return folder


def cached(spec: ModelSpec) -> bool:
    """Whether `fetch` has all it needs here. Quick: a look at each file's name."""
    if spec.built_in:
        return True
    if own := given.own(spec):
        return all(is_file(path) for path in paths(spec, own))
    return _source(spec).complete() is not None


def awaits_download(spec: ModelSpec) -> bool:
    """Whether `fetch` will download. Quick."""
    return not cached(spec) and given.own(spec) is None


def size_on_disk(spec: ModelSpec) -> int:
    """Bytes of those of the row's files that are here."""
    if spec.built_in:
        return 0
    files = paths(spec, given.own(spec) or folder_of(spec))
    return sum(path.stat().st_size for path in files if is_file(path))


def unfinished_bytes(spec: ModelSpec) -> int:
    """Bytes of a stopped download, which the next one carries on with."""
    return _source(spec).unfinished() if spec.source else 0


def folder_of(spec: ModelSpec) -> Folder:
    """Where the cache keeps the row's files, whether or not they are there. Raises ValueError for
    what is built in."""
    return _source(spec).folder()


def remove(spec: ModelSpec) -> int:
    """Drop all that was cached for the row, with all revisions of its repository and what a stopped
    download left. Returns the bytes freed. Files that the person gave stay, and so does a part that
    is another row's own (`parts.sharing`).

    Raises LoadFailed with a sentence when they can't be removed.
    """
    return _source(spec).remove() if spec.source else 0


def resolved_revision(spec: ModelSpec) -> str:
    """What tells the row's weights from others: the commit in the cache when it's known, else the
    row's revision, of each part; of a file at an address of its own, its checksum's digits; "local"
    for local files. Raises ValueError for what is built in."""
    return "local" if given.own(spec) else _source(spec).revision()


def _source(spec: ModelSpec) -> Repository | Address | Parts:
    if spec.parts:
        return Parts(spec)
    if spec.repo:
        return Repository(spec, spec.repo)
    if spec.url:
        return Address(spec, spec.url)
    raise ValueError(f"{spec.label} is built in: it has no weights to fetch.")


def _accepted(spec: ModelSpec) -> Path | None:
    """What the person gives for the row, once it's seen to hold what the row needs."""
    if wrong := given.misread(spec.name):
        raise LoadFailed(" ".join(wrong))
    own = given.own(spec)
    if own is None:
        return None
    if not exists(own):
        raise LoadFailed(given.absent(spec.name, own, given.local(spec.name) is None))
    wanted = " or ".join(", ".join(names) for names in (spec.files, spec.instead) if names)
    alone = [names[0] for names in (spec.files, spec.instead) if len(names) == 1]
    kinds = list(dict.fromkeys(Path(name).suffix for name in alone))
    if is_file(own) and own.suffix not in kinds:
        file = f"a {' or '.join(kinds)} file or " if kinds else ""
        raise LoadFailed(
            f"{spec.label} can't be read from {own}: give {file}a folder with {wanted}."
            f"{unfinished(own)}"
        )
    absent = (path for path in paths(spec, own) if not exists(path))
    missing = ", ".join(path.relative_to(own).as_posix() for path in absent)
    if missing:
        raise LoadFailed(
            f"{own} lacks {missing}: {spec.label} is read from {wanted}.{unfinished(own)}"
        )
    return own


def _verify(spec: ModelSpec, folder: Path, remedy: str) -> None:
    """Raise LoadFailed for a file that can't be what its name says, such as one cut short, or that
    isn't what the row's checksum is of. What CUTOUT_WEIGHTS gives instead may be another file."""
    for path in paths(spec, folder):
        if found := fault(path):
            name = path.name if path == folder else path.relative_to(folder).as_posix()
            raise LoadFailed(f"{name} of {spec.label} {found}. {remedy}")
        if spec.checksum and given.local(spec.name) is None and not agrees(path, spec.checksum):
            told = "is another file than its checksum is of"
            raise LoadFailed(f"{path.name} of {spec.label} {told}. {remedy}")


def _download(source: Repository | Address | Parts, progress: Progress, check: Check) -> Folder:
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


def _in_background(work: Callable[[], Folder]) -> Future[Folder]:
    result: Future[Folder] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=run, name="download", daemon=True).start()
    return result
