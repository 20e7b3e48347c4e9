"""What the cache holds of a row's repository; bringing what it lacks; dropping it.

The layout is huggingface_hub's: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from models.catalog import ModelSpec
from models.hub.disk import alone, bring, start
from models.hub.errors import plain_words, removing
from models.hub.presence import holds, is_folder
from models.hub.transfer import RemoteFile, Transfer, ask

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"\w[\w.-]*")


class Remote(NamedTuple):
    """What the hub has of a repository. files: each with where the cache keeps its content, which
    several may share."""

    commit: str
    files: list[tuple[Path, RemoteFile]]


@dataclass(frozen=True)
class Repository:
    """The files of `spec` in the hub's repository `repo`, and what the cache has of them."""

    spec: ModelSpec
    repo: str

    def revision(self) -> str:
        """The commit that the row's revision stood for when it was downloaded; before, itself."""
        revision = self.spec.revision
        if _COMMIT.fullmatch(revision):
            return revision
        try:
            return (self.root() / "refs" / revision).read_text().strip()
        except (OSError, UnicodeDecodeError):  # not there, or not readable
            return revision

    def folder(self) -> Path:
        """Where the cache keeps the row's revision, complete or not there at all."""
        return self.root() / "snapshots" / self.revision()

    def complete(self) -> Path | None:
        """The cached folder once it holds all the row's files, or None."""
        folder = self.folder()
        return folder if holds(folder, self.spec.files) else None

    def download(self, transfer: Transfer) -> Path:
        """Bring what the cache lacks of the row's files; what an earlier stop left is carried on
        with.

        Raises LoadFailed with a sentence that says what to do, or Cancelled once `transfer` is
        stopped.
        """
        together([self], transfer)
        return self.folder()

    def unfinished(self) -> int:
        """Bytes that stopped downloads left."""
        return sum(part.stat().st_size for part in self.root().glob("blobs/*.incomplete"))

    def remove(self) -> int:
        """Drop all revisions and what stopped downloads left. Returns the bytes freed.

        Raises LoadFailed when the cache can't be written to.
        """

        root, freed = self.root(), 0
        with removing(self.spec, root):
            if is_folder(root):
                freed = self.unfinished()
                freed += self._remove_revisions(root)
            if is_folder(root):
                shutil.rmtree(root)
        return freed

    def _remove_revisions(self, root: Path) -> int:
        """By the library, which knows what of their contents other repositories share."""
        from huggingface_hub import scan_cache_dir

        freed, cache = 0, scan_cache_dir(root.parent)
        for found in cache.repos:
            if found.repo_path == root.resolve():
                # Of this one alone: a copy of a repository has commits of the same names.
                own = replace(cache, repos=frozenset({found}))
                deletion = own.delete_revisions(*(each.commit_hash for each in found.revisions))
                freed += deletion.expected_freed_size
                deletion.execute()
        return freed

    def root(self) -> Path:
        """Where the cache keeps the repository, whether or not it's there."""
        from huggingface_hub import constants  # quick, unlike the rest of the library

        return Path(constants.HF_HUB_CACHE) / f"models--{self.repo.replace('/', '--')}"

    def telling(self) -> AbstractContextManager[None]:
        """Errors inside become LoadFailed, with this repository's name where it matters."""
        return plain_words(self.spec, self.root().parent)

    def bring(self, remote: Remote, transfer: Transfer) -> None:
        """Bring what the cache lacks of `remote`, and note it as what the row's revision is."""
        commit, root = remote.commit, self.root()
        for blob, file in remote.files:
            bring(file, blob, transfer)
            _link(root / "snapshots" / commit / file.name, blob)
        if self.spec.revision != commit:
            _write_ref(root / "refs" / self.spec.revision, commit)

    def look_up(self, transfer: Transfer) -> Remote:
        """Ask for each file's checksum and size; all at the commit that the first is found at."""
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        from models.hub import session  # noqa: F401 (its client is the one that they use)

        revision = self.spec.revision
        files: list[tuple[Path, RemoteFile]] = []
        for name in self.spec.files:
            url = hf_hub_url(self.repo, name, revision=revision)
            found = ask(partial(get_hf_file_metadata, url), transfer)
            commit, etag, size = found.commit_hash or "", found.etag or "", found.size
            # Commit and checksum become names on this disk.
            if not (_COMMIT.fullmatch(commit) and _FILE_NAME.fullmatch(etag)) or size is None:
                raise ValueError(f"{url} was answered without a commit, a checksum and a size.")
            # Large files are called by their SHA-256, small ones by git's object id; a mirror may
            # name content in a way of its own.
            told = f"sha256:{etag}" if _SHA256.fullmatch(etag) else ""
            known = tuple(filter(None, (told, self.spec.checksum)))
            file = RemoteFile(name, url, size, known, with_token=True)
            files.append((self.root() / "blobs" / etag, file))
            revision = commit
        return Remote(revision, files)


def together(repositories: Sequence[Repository], transfer: Transfer) -> None:
    """Bring what the cache lacks of all of them, once it's seen that the disk has room for it.

    Raises what `Repository.download` raises.
    """
    with ExitStack() as held:
        # All processes take them in one order, so that no two wait for each other.
        for each in sorted(repositories, key=lambda each: each.repo):
            with each.telling():
                held.enter_context(alone(each.root()))
        transfer.check()
        remotes = []
        for each in repositories:
            # Another thread or process may have brought its files while this one waited.
            if not each.complete():
                with each.telling():
                    remotes.append((each, each.look_up(transfer)))
        for each, remote in remotes:
            with each.telling():
                start(transfer, dict(remote.files), each.root())
        for each, remote in remotes:
            with each.telling():
                each.bring(remote, transfer)


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
