"""Weights from the hub's stand-in, from the cache and from the person's own disk."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from models.catalog import GRABCUT, ModelSpec
from models.hub import given, weights
from models.interface import LoadFailed
from tests.cutter import CHECKPOINT, PINNED, REPO, SPEC, TENSORS, size
from tests.hub import COMMIT, Hub


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_checkpoint_comes_down_as_it_was_saved(dtype: type, hub: Hub, repository: Path) -> None:
    saved: dict[str, NDArray[Any]] = {
        name: tensor.astype(dtype) for name, tensor in TENSORS.items()
    }
    save_file(saved, repository / CHECKPOINT)

    loaded = load_file(weights.fetch(SPEC) / CHECKPOINT)

    assert loaded.keys() == saved.keys()
    for name, tensor in saved.items():
        assert loaded[name].dtype == dtype
        np.testing.assert_array_equal(loaded[name], tensor)


def test_only_the_files_of_the_row_are_brought(hub: Hub) -> None:
    folder = weights.fetch(SPEC)
    assert isinstance(folder, Path)
    assert sorted(path.name for path in folder.iterdir()) == sorted(SPEC.files)


def test_progress_counts_bytes_up_to_all_of_them(hub: Hub, repository: Path) -> None:
    hub.pause = 0.01
    seen: list[tuple[int, int]] = []
    weights.fetch(SPEC, progress=lambda done, total: seen.append((done, total)))
    dones = [done for done, _ in seen]
    assert dones == sorted(dones)
    assert len(set(dones)) > 2
    assert seen[-1] == (size(repository), size(repository))


@pytest.mark.parametrize("spec", [SPEC, PINNED])
def test_what_is_cached_is_used_without_a_request(
    spec: ModelSpec, hub: Hub, request: pytest.FixtureRequest
) -> None:
    assert not weights.cached(spec)
    folder = weights.fetch(spec)
    hub.requests.clear()
    request.getfixturevalue("no_network")
    assert weights.cached(spec)
    assert weights.fetch(spec) == folder
    assert hub.requests == []


def test_the_revision_is_the_commit_once_it_is_known(hub: Hub) -> None:
    assert weights.resolved_revision(SPEC) == "main"
    weights.fetch(SPEC)
    assert weights.resolved_revision(SPEC) == COMMIT
    assert weights.resolved_revision(PINNED) == COMMIT


@pytest.mark.parametrize("left", [0, 4, 100, -1])
def test_a_truncated_checkpoint_is_named_with_the_remedy(left: int, hub: Hub) -> None:
    checkpoint = weights.fetch(SPEC) / CHECKPOINT
    with checkpoint.open("r+b") as file:
        file.truncate(left if left >= 0 else checkpoint.stat().st_size + left)
    with pytest.raises(LoadFailed, match=r"model\.safetensors .*cli\.py models remove cutter"):
        weights.fetch(SPEC)
    weights.remove(SPEC)
    weights.fetch(SPEC)


@pytest.mark.parametrize(
    "setting", ["cutter={folder}", "{parent}", "ben2=/none{sep}cutter={folder}"]
)
def test_a_local_folder_replaces_the_repository(
    setting: str,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    folder = shutil.copytree(repository, tmp_path / "mine" / "cutter")
    value = setting.format(folder=folder, parent=folder.parent, sep=os.pathsep)
    monkeypatch.setenv("CUTOUT_WEIGHTS", value)
    assert given.local("cutter") == folder
    assert weights.fetch(SPEC) == folder
    assert weights.cached(SPEC)
    assert weights.size_on_disk(SPEC) == size(repository)
    assert weights.resolved_revision(SPEC) == "local"
    assert given.local("cut") is None


def test_a_local_file_replaces_a_row_of_one_file(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    file = shutil.copy(repository / CHECKPOINT, tmp_path / "mine.safetensors")
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={file}")
    assert weights.fetch(replace(SPEC, files=(CHECKPOINT,))) == file


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        ("absent", SPEC.files, "that isn't there"),
        ("folder", SPEC.files, r"lacks model\.safetensors"),
        ("whole.safetensors", SPEC.files, r"give a folder with config\.json, model\.safetensors"),
        ("pickled.pth", (CHECKPOINT,), "can't be read from"),
        ("short.safetensors", (CHECKPOINT,), r"short\.safetensors of Cutter is damaged"),
    ],
)
def test_local_weights_that_will_not_do(
    name: str,
    files: tuple[str, ...],
    expected: str,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "config.json").touch()
    (tmp_path / "pickled.pth").touch()
    content = (repository / CHECKPOINT).read_bytes()
    (tmp_path / "whole.safetensors").write_bytes(content)
    (tmp_path / "short.safetensors").write_bytes(content[:5000])
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={tmp_path / name}")
    with pytest.raises(LoadFailed, match=expected):
        weights.fetch(replace(SPEC, files=files))


@pytest.mark.parametrize("extra", [(), SPEC.files])
def test_a_folder_may_hold_another_layout_instead(
    extra: tuple[str, ...],
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    mirrored = tmp_path / "mirrored"
    mirrored.mkdir()
    for name in extra:
        shutil.copy(repository / name, mirrored)
    file = mirrored / "original.safetensors"
    shutil.copy(repository / CHECKPOINT, file)
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={mirrored}")
    spec = replace(SPEC, instead=("original.safetensors",))
    assert weights.fetch(spec) == mirrored
    assert weights.cached(spec)
    assert weights.size_on_disk(spec) == file.stat().st_size
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(LoadFailed, match=r"original\.safetensors of Cutter is damaged"):
        weights.fetch(spec)
    for path in mirrored.iterdir():
        path.unlink()
    with pytest.raises(LoadFailed, match=r"config\.json, model\.safetensors or original\.saf"):
        weights.fetch(spec)


def test_a_built_in_model_has_nothing_to_fetch() -> None:
    assert weights.cached(GRABCUT)
    assert weights.size_on_disk(GRABCUT) == 0
    assert weights.remove(GRABCUT) == 0
    with pytest.raises(ValueError, match="built in"):
        weights.fetch(GRABCUT)


def test_a_misspelt_folder_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path / "wieghts"))
    with pytest.raises(LoadFailed, match="wieghts isn't a folder"):
        weights.fetch(SPEC)


FRESH = """
import sys
from models.hub import given, weights
assert "huggingface_hub" not in sys.modules
from tests.cutter import SPEC
assert not weights.cached(SPEC)
assert not {"httpx2", "torch", "safetensors"} & set(sys.modules)
print(weights.fetch(SPEC))
"""


def test_settings_of_a_fresh_process(hub: Hub, tmp_path: Path) -> None:
    """HF_ENDPOINT, HF_HOME and HF_TOKEN are heeded, the hub is asked for nothing but the files, and
    a look at the cache imports nothing heavy."""
    hub.gated = {REPO: "secret"}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH],
        env=os.environ | hub.environment(tmp_path) | {"HF_TOKEN": "secret"},
        cwd=Path(weights.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert Path(run.stdout.strip()).is_relative_to(tmp_path / "hub")
    assert {each.path.split("/")[1] for each in hub.requests} == {"studio", "large"}
