"""A row whose files come from two repositories, one of which is another row's own."""

import os
import shutil
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from models import catalog
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.parts import sharing
from models.interface import Cancelled, LoadFailed
from tests.cutter import CHECKPOINT, FINDER, JOINT, REPO, SPEC, save_finder
from tests.hub import COMMIT, Hub


@pytest.fixture
def finder(tmp_path: Path) -> Path:
    folder = tmp_path / "finder"
    save_finder(folder)
    return folder


@pytest.fixture(autouse=True)
def both(hub: Hub, finder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub has both repositories, and the catalogue the rows of this file alone."""
    hub.repos[FINDER] = finder
    monkeypatch.setattr(catalog, "MODELS", (SPEC, JOINT))


def bytes_in(*folders: Path) -> int:
    return sum((folder / name).stat().st_size for folder in folders for name in SPEC.files)


def cut_short(spec: ModelSpec, name: str) -> None:
    with (weights.fetch(spec) / name).open("r+b") as file:
        file.truncate(5000)


def test_both_come_and_are_used_without_a_request(
    hub: Hub, repository: Path, finder: Path, request: pytest.FixtureRequest
) -> None:
    assert weights.awaits_download(JOINT)
    folder = weights.fetch(JOINT)
    for name, published in (("finder", finder), ("cutter", repository)):
        for file in SPEC.files:
            assert (folder / f"{name}/{file}").read_bytes() == (published / file).read_bytes()
    hub.requests.clear()
    request.getfixturevalue("no_network")
    assert weights.cached(JOINT)
    assert weights.fetch(JOINT) == folder
    assert weights.size_on_disk(JOINT) == bytes_in(repository, finder)
    assert hub.requests == []


def test_progress_counts_both_from_the_first_byte(hub: Hub, repository: Path, finder: Path) -> None:
    hub.pause = 0.01
    seen: list[tuple[int, int]] = []
    weights.fetch(JOINT, progress=lambda done, total: seen.append((done, total)))
    assert {total for done, total in seen if done} == {bytes_in(repository, finder)}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == bytes_in(repository, finder)


def test_a_stop_between_the_parts_keeps_the_first(hub: Hub) -> None:
    hub.pause = 0.02
    first = replace(SPEC, name="finder", repo=FINDER)

    def stop_after_the_first() -> None:
        if weights.cached(first):
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(JOINT, check=stop_after_the_first)
    assert not weights.cached(JOINT)
    assert weights.awaits_download(JOINT)
    assert weights.size_on_disk(JOINT) > 0

    hub.requests.clear()
    weights.fetch(JOINT)
    assert not any(FINDER in request.path for request in hub.requests)
    assert weights.cached(JOINT)


def test_what_another_row_has_brought_is_not_brought_again(hub: Hub) -> None:
    weights.fetch(SPEC)
    hub.requests.clear()
    weights.fetch(JOINT)
    assert not any(REPO in request.path for request in hub.requests)


def test_two_rows_at_once_share_one_download(hub: Hub) -> None:
    hub.pause = 0.005
    with ThreadPoolExecutor(3) as three:
        list(three.map(weights.fetch, [JOINT, SPEC, JOINT]))
    large = [path for path in hub.asked_for("GET") if path.startswith("/large/")]
    assert sorted(large) == sorted(f"/large/{repo}/{CHECKPOINT}" for repo in (REPO, FINDER))


@pytest.mark.parametrize("gone", [REPO, FINDER])
def test_a_part_that_is_gone_is_named_before_anything_is_brought(gone: str, hub: Hub) -> None:
    del hub.repos[gone]
    with pytest.raises(LoadFailed, match=f"There is no public repository {gone} at "):
        weights.fetch(JOINT)
    assert not any(path.startswith("/large/") for path in hub.asked_for("GET"))
    assert not weights.cached(JOINT)


def test_a_file_that_is_gone_is_named_with_its_own_page(hub: Hub, finder: Path) -> None:
    (finder / CHECKPOINT).unlink()
    with pytest.raises(LoadFailed, match=rf"^{FINDER} has no file {CHECKPOINT}\. See .*/{FINDER} "):
        weights.fetch(JOINT)


def test_there_must_be_room_for_both(
    hub: Hub, repository: Path, finder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 256_000_000 + bytes_in(repository, finder) - 1
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(free))
    with pytest.raises(LoadFailed, match="The download needs"):
        weights.fetch(JOINT)
    assert not any(path.startswith("/large/") for path in hub.asked_for("GET"))


def test_removing_it_leaves_the_other_row_s_own(hub: Hub, finder: Path) -> None:
    weights.fetch(JOINT)
    assert weights.remove(JOINT) == bytes_in(finder)
    assert weights.cached(SPEC)
    assert not weights.cached(JOINT)
    assert weights.remove(JOINT) == 0


def test_removing_the_other_row_takes_its_own_from_it(
    hub: Hub, repository: Path, finder: Path
) -> None:
    weights.fetch(JOINT)
    assert weights.remove(SPEC) == bytes_in(repository)
    assert weights.awaits_download(JOINT)
    assert weights.size_on_disk(JOINT) == bytes_in(finder)
    weights.fetch(JOINT)
    assert weights.cached(SPEC)


def test_who_shares_is_known() -> None:
    assert sharing(SPEC) == [JOINT]
    assert sharing(JOINT) == [SPEC]
    assert sharing(replace(SPEC, name="other", repo="studio/other")) == []


@pytest.mark.parametrize(("part", "remover"), [("finder", JOINT), ("cutter", SPEC)])
def test_the_remedy_for_a_damaged_part_helps(part: str, remover: ModelSpec, hub: Hub) -> None:
    cut_short(JOINT, f"{part}/{CHECKPOINT}")
    with pytest.raises(LoadFailed, match=rf"of Joint .*`cli\.py models remove {remover.name}`"):
        weights.fetch(JOINT)
    weights.remove(remover)
    weights.fetch(JOINT)


def test_the_revision_is_each_part_s(hub: Hub) -> None:
    assert weights.resolved_revision(JOINT) == "main + main"
    weights.fetch(JOINT)
    assert weights.resolved_revision(JOINT) == f"{COMMIT} + {COMMIT}"
    assert JOINT.source == f"{FINDER} + {REPO}"


def test_one_folder_of_one_s_own_has_a_folder_for_each(
    repository: Path,
    finder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    own = tmp_path / "own" / JOINT.name
    shutil.copytree(finder, own / "finder")
    shutil.copytree(repository, own / "cutter")
    monkeypatch.setenv("CUTOUT_WEIGHTS", os.fspath(own.parent))
    assert weights.fetch(JOINT) == own
    assert weights.cached(JOINT)
    assert weights.size_on_disk(JOINT) == bytes_in(repository, finder)
    assert weights.resolved_revision(JOINT) == "local"
    assert weights.remove(JOINT) == 0

    cut_short(JOINT, f"cutter/{CHECKPOINT}")
    with pytest.raises(LoadFailed, match=r"^cutter/model\.safetensors of Joint is damaged\. Give"):
        weights.fetch(JOINT)
    (own / "cutter" / "config.json").unlink()
    with pytest.raises(LoadFailed, match=r"own/joint lacks cutter/config\.json: Joint is read"):
        weights.fetch(JOINT)
