"""The cache, its disk, and the weights that are here."""

import os
import shutil
import tempfile
import types
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from models import catalog
from models.catalog import U2NETP
from models.hub import weights
from models.interface import Cancelled
from terminal.doctor import places
from tests.cutter import CHECKPOINT, REPO, SPEC, at_an_address
from tests.hub import Hub


def test_the_built_in_network_is_here() -> None:
    (finding,) = places.built_in()
    assert (finding.state, U2NETP.label in finding.told) == ("ok", True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"distribution": "not-installed"}, "which isn't installed as it should be. Run `uv sync`"),
        ({"sha256": "0" * 64}, "its SHA-256 differs. Run `uv sync --reinstall-package rembg-"),
    ],
)
def test_a_package_s_file_that_is_missing_or_another_is_a_problem(
    change: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert U2NETP.packaged is not None
    row = replace(U2NETP, packaged=replace(U2NETP.packaged, **change))
    monkeypatch.setattr(catalog, "MODELS", (row,))
    (finding,) = places.built_in()
    assert (finding.state, told in finding.told) == ("problem", True)


@pytest.mark.parametrize(
    ("free", "state"), [(100_000_000, "problem"), (1_000_000_000, "warning"), (10**11, "ok")]
)
def test_room_on_the_disk(
    free: int, state: str, hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The cache need not be there yet: what counts is the disk that it will be on."""
    monkeypatch.setattr(catalog, "MODELS", (replace(SPEC, download_bytes=3_000_000_000),))
    asked = []

    def usage(place: Path) -> types.SimpleNamespace:
        asked.append(place)
        return types.SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    (finding,) = places.disk()
    assert finding.state == state
    assert asked == [tmp_path]


def test_a_cache_tells_its_models(hub: Hub) -> None:
    (before,) = places.cache()
    assert (before.state, "0 downloaded models" in before.told) == ("ok", True)
    weights.fetch(SPEC)
    (after,) = places.cache()
    assert (after.state, "1 downloaded model, 2 MB" in after.told) == ("ok", True)


def test_a_cache_that_is_a_file_or_may_not_be_written_is_a_problem(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.write_text("no folder")
    (finding,) = places.cache()
    assert (finding.state, f"{home} is a file" in finding.told) == ("problem", True)
    home.unlink()
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    (finding,) = places.cache()  # it isn't there and couldn't be made
    assert (finding.state, f"{tmp_path} can't be written" in finding.told) == ("problem", True)
    (home / "hub").mkdir(parents=True)

    def refuse(**_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    (finding,) = places.cache()
    assert (finding.state, "Permission denied" in finding.told) == ("problem", True)
    assert "set HF_HOME" in finding.told


@pytest.mark.parametrize("kind", ["hub", "address"])
def test_what_a_stopped_download_left_is_a_warning(
    kind: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = SPEC if kind == "hub" else at_an_address(hub, hub.repos[REPO])
    monkeypatch.setattr(catalog, "MODELS", (spec,))
    hub.pause = 0.01

    def stop(done: int, total: int) -> None:
        if done > 200_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(spec, progress=stop)
    _, half = places.cache()
    assert half.state == "warning"
    assert "`cli.py models pull cutter` carries on" in half.told
    weights.remove(spec)
    assert [each.state for each in places.cache()] == ["ok"]


def test_damaged_weights_are_a_problem(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.damaged() == []
    weights.fetch(SPEC)
    assert places.damaged() == []
    file = weights.folder_of(SPEC) / CHECKPOINT
    file.write_bytes(file.read_bytes()[:-1000])
    (finding,) = places.damaged()
    assert finding.state == "problem"
    assert "Run `cli.py models remove cutter`" in finding.told
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={hub.repos[REPO] / 'config.json'}")
    (own,) = places.damaged()
    assert (own.state, "Cutter can't be read from" in own.told) == ("problem", True)
    monkeypatch.setenv("CUTOUT_WEIGHTS", "cutter=/nowhere")
    assert places.damaged() == []  # told among the settings
