"""A cache that can't be written, read or made is told in a sentence; of both kinds of row."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest

from models.catalog import ModelSpec
from models.hub import weights
from models.interface import LoadFailed
from tests.hub import Hub


def refuse(code: int) -> Any:
    def refused(path: object, *_: object, **__: object) -> NoReturn:
        raise OSError(code, os.strerror(code), str(path))

    return refused


def test_removal_from_a_cache_that_may_not_be_written_begins_nothing(
    spec: ModelSpec, hub: Hub, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = weights.fetch(spec)
    monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != folder)
    with pytest.raises(LoadFailed) as told:
        weights.remove(spec)
    assert str(told.value) == (
        f"Cutter can't be removed from {folder} (Permission denied). Make the folder writable, or "
        "remove it by hand."
    )
    assert weights.cached(spec)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO, errno.EBUSY])
def test_removal_that_the_disk_refuses(
    code: int, spec: ModelSpec, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.fetch(spec)
    monkeypatch.setattr(shutil, "rmtree", refuse(code))
    with pytest.raises(LoadFailed, match=rf"^Cutter can't be .* \({os.strerror(code)}\)\. Make"):
        weights.remove(spec)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_downloads_into_a_cache_that_may_not_be_written(
    code: int, spec: ModelSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", refuse(code))
    with pytest.raises(LoadFailed, match=rf"{tmp_path}/home.* can't be written to.*HF_HOME"):
        weights.fetch(spec)
    assert hub.requests == []


def test_nothing_is_there_that_may_not_be_looked_at(
    spec: ModelSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.fetch(spec)
    stat, home = os.stat, str(tmp_path / "home")

    def forbidden(path: Any, *rest: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(home):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, *rest, **named)

    monkeypatch.setattr(os, "stat", forbidden)
    assert not weights.cached(spec)
    assert weights.size_on_disk(spec) == 0
    weights.resolved_revision(spec)
    with pytest.raises(LoadFailed, match=r"can't be written to|Permission denied"):
        weights.fetch(spec)


@pytest.mark.parametrize("place", ["", "hub", "cutout"])
def test_a_file_where_the_cache_should_be_is_named(
    place: str, spec: ModelSpec, hub: Hub, tmp_path: Path
) -> None:
    """HF_HOME itself, or the folders in it: each kind of row has its own."""
    file = tmp_path / "home" / place
    file.parent.mkdir(exist_ok=True)
    file.write_text("not a folder")
    if place == ("cutout" if spec.repo else "hub"):
        weights.fetch(spec)
        return
    assert not weights.cached(spec)
    assert weights.remove(spec) == 0
    with pytest.raises(LoadFailed, match=rf"can't be made: {file} is a file\. Set HF_HOME to a"):
        weights.fetch(spec)
    assert file.read_text() == "not a folder"
