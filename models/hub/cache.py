"""What the cache holds of a row's repository; bringing what it lacks; dropping it.

The layout is huggingface_hub's: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.catalog import ModelSpec
from models.hub.errors import plain_words, readable
from models.hub.transfer import RemoteFile, Transfer, receive
from models.interface import LoadFailed

MARGIN = 256_000_000
"""Bytes that a download leaves free on the disk."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
_FILE_NAME = re.compile(r"\w[\w.-]*")


def repo_folder(repo: str) -> Path:
    """Where the cache keeps `repo`, whether or not it's there."""
    from huggingface_hub import constants  # quick, unlike the rest of the library

    return Path(constants.HF_HUB_CACHE) / f"models--{repo.replace('/', '--')}"


def commit_of(repo: str, revision: str) -> str | None:
    """The commit that `revision` stood for when it was downloaded, if it was."""
    if _COMMIT.fullmatch(revision):
        return revision
    ref = repo_folder(repo) / "refs" / revision
    return ref.read_text().strip() if ref.is_file() else None


def snapshot(repo: str, revision: str) -> Path | None:
    """The folder with what the cache has of `revision`, complete or not."""
    commit = commit_of(repo, revision)
    return repo_folder(repo) / "snapshots" / commit if commit else None


def complete(repo: str, revision: str, names: tuple[str, ...]) -> Path | None:
    """The cached folder that holds all the files called `names`, or None."""
    folder = snapshot(repo, revision)
    return folder if folder and all((folder / name).is_file() for name in names) else None


def download(spec: ModelSpec, repo: str, transfer: Transfer) -> Path:
    """Bring what the cache lacks of the row's files; what an earlier stop left is carried on with.

    Raises LoadFailed with a sentence that says what to do, or Cancelled once `transfer` is stopped.
    """
    root = repo_folder(repo)
    with plain_words(spec, repo), _alone(root):
        transfer.check()
        # Another thread or process may have brought them while this one waited.
        if folder := complete(repo, spec.revision, spec.files):
            return folder
        files = _look_up(spec, repo)
        _start(transfer, files, root)
        for file in files:
            blob = root / "blobs" / file.etag
            if not blob.exists():
                receive(file, _part(blob), transfer)
                _part(blob).replace(blob)
            _link(root / "snapshots" / file.commit / file.name, blob)
        commit = files[0].commit
        if spec.revision != commit:
            _write_ref(root / "refs" / spec.revision, commit)
        return root / "snapshots" / commit


def remove(spec: ModelSpec, repo: str) -> int:
    """Drop all revisions of `repo` and what stopped downloads left. Returns the bytes freed.

    Raises LoadFailed when the cache can't be written to.
    """
    from huggingface_hub import scan_cache_dir

    root = repo_folder(repo)
    if not root.is_dir():
        return 0
    freed = sum(part.stat().st_size for part in root.glob("blobs/*.incomplete"))
    cache = scan_cache_dir(root.parent)
    with plain_words(spec, repo):
        for found in cache.repos:
            if found.repo_path == root.resolve():
                # The library knows which of the contents other repositories share.
                deletion = cache.delete_revisions(*(each.commit_hash for each in found.revisions))
                freed += deletion.expected_freed_size
                deletion.execute()
        if root.is_dir():
            shutil.rmtree(root)
    return freed


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Only one thread of one process downloads a repository at a time."""
    from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

    lock = root.parent / ".locks" / root.name / "download.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(lock):
        yield


def _look_up(spec: ModelSpec, repo: str) -> list[RemoteFile]:
    """Ask for each file's checksum and size; all at the commit that the first one is found at."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    files: list[RemoteFile] = []
    for name in spec.files:
        revision = files[0].commit if files else spec.revision
        url = hf_hub_url(repo, name, revision=revision)
        found = get_hf_file_metadata(url)
        commit, etag, size = found.commit_hash or "", found.etag or "", found.size
        # Commit and checksum become names on this disk.
        if not (_COMMIT.fullmatch(commit) and _FILE_NAME.fullmatch(etag)) or size is None:
            raise ValueError(f"{url} was answered without a commit, a checksum and a size.")
        files.append(RemoteFile(name, url, commit, etag, size))
    return files


def _start(transfer: Transfer, files: list[RemoteFile], root: Path) -> None:
    """Count what is here already and see that the disk has room for the rest."""
    for file in files:
        blob = root / "blobs" / file.etag
        part = _part(blob)
        transfer.total += file.size
        transfer.done += file.size if blob.exists() else part.stat().st_size if part.exists() else 0
    (root / "blobs").mkdir(parents=True, exist_ok=True)
    needed = transfer.total - transfer.done
    free = shutil.disk_usage(root).free
    if needed + MARGIN > free:
        raise LoadFailed(
            f"The download needs {readable(needed)} and the disk of {root.parent} has only "
            f"{readable(free)} free. Make room there, or set HF_HOME to a folder on another disk."
        )


def _part(blob: Path) -> Path:
    """What has come of `blob`, under a name that the library's own clean-up knows."""
    return blob.with_name(f"{blob.name}.resumable.incomplete")


def _link(pointer: Path, blob: Path) -> None:
    if pointer.is_file():
        return
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.unlink(missing_ok=True)  # a link whose content is gone
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:
        blob.replace(pointer)  # Windows without the right to make links


def _write_ref(ref: Path, commit: str) -> None:
    """In one step: other programs read it meanwhile."""
    ref.parent.mkdir(parents=True, exist_ok=True)
    new = ref.with_name(f"{ref.name}.new")
    new.write_text(commit)
    new.replace(ref)
