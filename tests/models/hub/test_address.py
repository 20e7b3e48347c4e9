"""Rows whose one file has an address of its own: where it's kept, what is asked for it and told."""

import errno
import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from models.catalog import ModelSpec
from models.catalog.objects import OBJECTS
from models.hub import disk, given, transfer, weights
from models.hub.address import Address
from models.interface import LoadFailed
from tests.cutter import CHECKPOINT, SPEC
from tests.hub import Hub


def test_it_comes_into_a_folder_beside_the_hub_s_cache(
    plain: ModelSpec, hub: Hub, repository: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    folder = weights.fetch(plain, progress=lambda done, total: seen.append((done, total)))
    content = (repository / CHECKPOINT).read_bytes()
    assert folder == tmp_path / "home/cutout/cutter"
    assert [path.name for path in folder.iterdir()] == [*plain.files]
    assert (folder / plain.files[0]).read_bytes() == content
    assert seen[-1] == (len(content), len(content))


def test_it_is_used_from_there_without_a_request(
    plain: ModelSpec, hub: Hub, request: pytest.FixtureRequest
) -> None:
    assert not weights.cached(plain)
    folder = weights.fetch(plain)
    hub.requests.clear()
    request.getfixturevalue("no_network")
    assert weights.cached(plain)
    assert weights.fetch(plain) == folder
    assert hub.requests == []


def test_size_and_removal_agree(plain: ModelSpec, hub: Hub, repository: Path) -> None:
    assert weights.size_on_disk(plain) == 0
    assert weights.remove(plain) == 0
    folder = weights.fetch(plain)
    assert isinstance(folder, Path)
    size = (repository / CHECKPOINT).stat().st_size
    assert weights.size_on_disk(plain) == size
    assert weights.remove(plain) == size
    assert weights.size_on_disk(plain) == 0
    assert not weights.cached(plain)
    assert not folder.exists()


def test_removal_drops_what_a_stopped_download_left(plain: ModelSpec, hub: Hub) -> None:
    hub.cuts = [1_500_000] + [0] * 100
    with pytest.raises(LoadFailed):
        weights.fetch(plain)
    assert weights.size_on_disk(plain) == 0
    assert weights.remove(plain) > 1_000_000


def test_the_hub_s_cache_stays_as_it_was(plain: ModelSpec, hub: Hub, tmp_path: Path) -> None:
    from huggingface_hub import scan_cache_dir

    weights.fetch(SPEC)
    weights.fetch(plain)
    found = scan_cache_dir(tmp_path / "home/hub")
    assert not found.warnings
    assert len(found.repos) == 1
    assert weights.remove(plain) > 0
    assert weights.cached(SPEC)


@pytest.mark.parametrize("place", ["environment", "file"])
def test_the_access_token_is_not_sent(
    place: str, plain: ModelSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import get_token

    if place == "environment":
        monkeypatch.setenv("HF_TOKEN", "secret")
    else:
        (tmp_path / "home").mkdir(exist_ok=True)
        (tmp_path / "home/token").write_text("secret")
    assert get_token() == "secret"
    hub.cuts = [100_000]
    weights.fetch(plain)
    asked = [(each.method, each.token) for each in hub.requests]
    assert asked == [("HEAD", None), ("GET", None), ("GET", None)]


def test_the_revision_is_the_digits_in_the_name(plain: ModelSpec, hub: Hub) -> None:
    digits = plain.files[0].removeprefix("cutter-").removesuffix(".pth")
    assert weights.resolved_revision(plain) == digits
    weights.fetch(plain)
    assert weights.resolved_revision(plain) == digits


def test_a_name_without_digits_is_a_fault_of_the_row(plain: ModelSpec, hub: Hub) -> None:
    with pytest.raises(ValueError, match=r"model\.pth can't be checked"):
        weights.fetch(replace(plain, files=("model.pth",)))
    assert hub.requests == []


@pytest.mark.parametrize("row", [row for row in OBJECTS if row.url], ids=lambda row: str(row.name))
def test_rows_of_the_catalogue_can_be_checked(row: ModelSpec) -> None:
    assert row.url is not None
    assert row.repo is None
    assert row.url.startswith("https://")
    assert row.files == (row.url.rpartition("/")[2],)
    assert Address(row, row.url).revision() in row.files[0]


def test_a_file_of_the_person_s_own(
    plain: ModelSpec,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    file = Path(shutil.copy(repository / CHECKPOINT, tmp_path / "mine.pth"))
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={file}")
    assert given.local("cutter") == file
    assert weights.cached(plain)
    assert weights.fetch(plain) == file
    assert weights.size_on_disk(plain) == file.stat().st_size
    assert weights.resolved_revision(plain) == "local"
    assert weights.remove(plain) == 0
    assert file.exists()


def test_another_kind_of_file_will_not_do(
    plain: ModelSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.onnx"
    file.touch()
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={file}")
    with pytest.raises(LoadFailed, match=f"give a .pth file or a folder with {plain.files[0]}"):
        weights.fetch(plain)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 404}, r"\.pth can't be had \(404 Not Found\)\. See https://hub\.example"),
        ({"status": 401}, r"\.pth can't be had \(401 Unauthorized\)"),
        ({"status": 503}, "localhost:.* answered “503 Service Unavailable”"),
        ({"sized": False}, "doesn't answer with a file"),
    ],
)
def test_a_refusal_is_told_in_a_sentence(
    fault: dict[str, Any], expected: str, plain: ModelSpec, hub: Hub
) -> None:
    for name, value in fault.items():
        setattr(hub, name, value)
    with pytest.raises(LoadFailed, match=expected) as caught:
        weights.fetch(plain)
    assert "HF_TOKEN" not in str(caught.value)
    assert hub.asked_for("GET") == []
    assert not weights.cached(plain)


def test_no_network(plain: ModelSpec) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gone = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(LoadFailed, match=rf"^{gone} can't be reached .*Check the network"):
            weights.fetch(replace(plain, url=f"http://{gone}/{plain.files[0]}"))


def test_offline(plain: ModelSpec, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(LoadFailed, match="HF_HUB_OFFLINE forbids"):
        weights.fetch(plain)
    assert hub.requests == []


def test_a_full_disk_is_seen_before_anything_is_downloaded(
    plain: ModelSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=disk.MARGIN + 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    expected = f"needs 2 MB and the disk of {tmp_path}/home/cutout has only 257 MB free"
    with pytest.raises(LoadFailed, match=expected):
        weights.fetch(plain)
    assert hub.asked_for("GET") == []


def test_a_disk_that_fills_up_midway(
    plain: ModelSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(transfer, "_append", refuse)
    with pytest.raises(LoadFailed, match=f"The disk of {tmp_path}/home/cutout is full"):
        weights.fetch(plain)
