"""What the cache holds after a download and after a removal."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from models.hub import weights
from models.interface import LoadFailed
from tests.cutter import CHECKPOINT, REPO, SPEC, size
from tests.hub import COMMIT, Hub


def test_the_cache_is_the_one_that_huggingface_hub_reads(hub: Hub) -> None:
    from huggingface_hub import snapshot_download

    folder = weights.fetch(SPEC)
    hub.requests.clear()
    theirs = snapshot_download(REPO, allow_patterns=list(SPEC.files), local_files_only=True)
    assert Path(theirs) == folder
    assert hub.requests == []


def test_size_and_removal_agree(hub: Hub, repository: Path, tmp_path: Path) -> None:
    assert weights.size_on_disk(SPEC) == 0
    assert weights.remove(SPEC) == 0
    weights.fetch(SPEC)
    assert weights.size_on_disk(SPEC) == size(repository)
    assert weights.remove(SPEC) == size(repository)
    assert weights.size_on_disk(SPEC) == 0
    assert not weights.cached(SPEC)
    assert not (tmp_path / "home/hub/models--studio--cutter").exists()


def test_copies_of_a_repository_stay(hub: Hub, repository: Path) -> None:
    """Their commits have the same names; by which of them the library goes is chance."""
    copies = [replace(SPEC, name=f"copy-{n}", repo=f"studio/copy-{n}") for n in range(8)]
    for each in copies:
        hub.repos[each.repo or ""] = repository
        weights.fetch(each)
    weights.fetch(SPEC)
    weights.remove(SPEC)
    assert not weights.cached(SPEC)
    assert all(weights.cached(each) for each in copies)


def test_removal_drops_what_a_stopped_download_left(hub: Hub) -> None:
    hub.cuts = [1_500_000] + [0] * 100
    with pytest.raises(LoadFailed):
        weights.fetch(SPEC)
    assert weights.remove(SPEC) > 1_000_000


def test_systems_without_links_get_the_files_themselves(
    hub: Hub, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    checkpoint = weights.fetch(SPEC) / CHECKPOINT
    assert not checkpoint.is_symlink()
    assert checkpoint.read_bytes() == (repository / CHECKPOINT).read_bytes()
    assert weights.remove(SPEC) == size(repository)


def test_a_cache_that_is_only_read_still_serves(hub: Hub, tmp_path: Path) -> None:
    weights.fetch(SPEC)
    locks = tmp_path / "home/hub/.locks"
    shutil.rmtree(locks)
    weights.fetch(SPEC)
    assert not locks.exists()


def test_all_files_are_of_one_commit(hub: Hub) -> None:
    weights.fetch(SPEC)
    first, *others = hub.asked_for("HEAD")
    assert f"/resolve/{SPEC.revision}/" in first
    assert others
    assert all(f"/resolve/{COMMIT}/" in path for path in others)
