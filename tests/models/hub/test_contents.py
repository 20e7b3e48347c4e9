"""Files that aren't what their names say are told as what they are."""

import gzip
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.hub import weights
from models.hub.contents import fault
from models.interface import LoadFailed
from tests.cutter import CHECKPOINT, SPEC
from tests.hub import Hub

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 885000000\n"
PAGE = b"\n<!DOCTYPE html>\n<html class=''><head><title>studio/cutter</title></head></html>"
REFUSAL = b'{"error":"Access to model studio/cutter is restricted."}'


def pickled(old: bool) -> bytes:
    file = io.BytesIO()
    torch.save({"a": torch.zeros(2)}, file, _use_new_zipfile_serialization=not old)
    return file.getvalue()


@pytest.mark.parametrize("suffix", [".safetensors", ".pth", ".bin"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (LFS, "is a Git LFS pointer"),
        (PAGE, "is a web page"),
        (REFUSAL, "holds words, not weights (“{\"error\":\"Access to model studio/cutter"),
        (b"Invalid username or password.", "holds words, not weights (“Invalid username"),
        (b"", "is empty"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_told_as_what_it_is(
    content: bytes, told: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(content)
    assert (fault(path) or "").startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (pickled(old=False), "is a checkpoint of torch.save or a ZIP archive"),
        (pickled(old=True), "is a checkpoint of torch.save"),
        (gzip.compress(b"weights", mtime=0), "is compressed"),
        (b"\x10\0\0\0\0\0\0\0{}", "is damaged"),
    ],
)
def test_other_kinds_that_are_called_safetensors(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / CHECKPOINT
    path.write_bytes(content)
    assert (fault(path) or "").startswith(told)


def test_what_is_right_has_no_fault(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "old.pth").write_bytes(pickled(old=True))
    (tmp_path / "new.bin").write_bytes(pickled(old=False))
    (tmp_path / "merges.txt").touch()
    (tmp_path / "config.json").write_text("{}")
    shutil.copy(repository / CHECKPOINT, tmp_path)
    for path in tmp_path.glob("*.*"):
        assert fault(path) is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("config.json", PAGE, "config.json of Cutter is a web page"),
        ("config.json", LFS, "config.json of Cutter is a Git LFS pointer"),
        ("config.json", b"", "config.json of Cutter is empty"),
        (CHECKPOINT, LFS, "model.safetensors of Cutter is a Git LFS pointer"),
        (CHECKPOINT, None, "model.safetensors of Cutter is a folder"),
    ],
)
def test_a_folder_s_files_are_looked_into(
    name: str,
    content: bytes | None,
    told: str,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    path = repository / name
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={repository}")
    with pytest.raises(LoadFailed) as caught:
        weights.fetch(SPEC)
    assert str(caught.value).startswith(told)
    assert "CUTOUT_WEIGHTS" in str(caught.value)


@pytest.mark.parametrize("ending", [".crdownload", ".part", ".incomplete"])
@pytest.mark.parametrize("alone", [True, False])
def test_an_unfinished_download_is_seen(
    ending: str,
    alone: bool,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    left = (repository / CHECKPOINT).rename(repository / f"{CHECKPOINT}{ending}")
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={left if alone else repository}")
    with pytest.raises(LoadFailed, match=f"{left.name} is an unfinished download"):
        weights.fetch(replace(SPEC, files=(CHECKPOINT,)))


def test_what_a_mirror_s_cache_holds_instead_is_told_with_the_remedy(hub: Hub) -> None:
    (weights.fetch(SPEC) / CHECKPOINT).write_bytes(LFS)
    with pytest.raises(LoadFailed, match=r"is a Git LFS .*cli\.py models remove cutter"):
        weights.fetch(SPEC)


@pytest.mark.parametrize("gone", [CHECKPOINT, None])
def test_no_download_is_expected_for_files_of_the_person_s_own(
    gone: str | None, hub: Hub, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert weights.awaits_download(SPEC)
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={repository}")
    if gone:
        (repository / gone).unlink()
    assert weights.cached(SPEC) == (gone is None)
    assert not weights.awaits_download(SPEC)
