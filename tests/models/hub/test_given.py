"""CUTOUT_WEIGHTS: how entries are told apart, and what is said of those that can't be meant."""

import os
from pathlib import Path

import pytest

from models.catalog import GRABCUT
from models.hub import given, weights
from models.interface import LoadFailed
from tests.cutter import SPEC


def give(monkeypatch: pytest.MonkeyPatch, *entries: object) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", os.pathsep.join(map(str, entries)))


@pytest.mark.parametrize(
    "place", ["run=3/ben2", "a:b;c/ben2", "ben2=old", "ben2=x/=y/ben2", "with space/ben2", "~tilde"]
)
@pytest.mark.parametrize("also", [(), ("", "birefnet-lite=sub")])
def test_a_path_may_hold_what_separates(
    place: str, also: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    give(monkeypatch, *also, f"ben2={folder}")
    assert given.local("ben2") == folder
    assert given.problems() == []
    give(monkeypatch, f"ben2={folder}", *also)
    assert given.local("ben2") == folder
    assert given.problems() == []


@pytest.mark.parametrize("place", ["run=3", "a:b", "ben2=old", "plain"])
def test_a_folder_for_many_may_too(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tmp_path / place
    (many / "ben2").mkdir(parents=True)
    give(monkeypatch, many, "")
    assert given.local("ben2") == many / "ben2"
    assert given.local("birefnet-lite") is None
    assert given.problems() == []


def test_the_first_entry_that_has_a_model_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("one", "many/ben2", "many/birefnet-lite"):
        (tmp_path / place).mkdir(parents=True)
    give(monkeypatch, f" ben2 = {tmp_path / 'one'} ", tmp_path / "many")
    assert given.local("ben2") == tmp_path / "one"
    assert given.local("birefnet-lite") == tmp_path / "many/birefnet-lite"


@pytest.mark.parametrize("entry", ["ben2=~/mine", "ben2=mine", "ben2=./mine", "ben2=../home/mine"])
def test_paths_may_be_of_the_home_or_relative(
    entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "mine").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(home)
    give(monkeypatch, entry)
    found = given.local("ben2")
    assert found is not None
    assert found.is_absolute()
    assert found.samefile(home / "mine")
    assert given.problems() == []


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("brefnet-lite=x", "There is no model called “brefnet-lite”. Did you mean birefnet-lite?"),
        ("BEN2=folder", "Did you mean ben2?"),
        ("ben2 folder=folder", "There is no model called “ben2 folder”."),
        ("ben2=", "“ben2=” names no path. Write ben2=PATH."),
        ("=folder", "There is no model called “”."),
        ("ben2=gone", "gone for ben2, and that isn't there"),
        ("ben2=~nobody-called-so/x", "for ben2, and that isn't there"),
        (f"{GRABCUT.name}=folder", "grabcut is built in"),
        ("gone", "gone isn't a folder"),
        ("gone/run=3", "gone/run=3 isn't a folder"),
        ("file.safetensors", "file.safetensors isn't a folder. Correct it, or write NAME="),
        ("folder", "folder holds no folder that is called as a model is"),
        ("misspelt", "holds a folder birefnet_lite, and no model is called that. Did you mean bi"),
    ],
)
def test_what_can_not_be_meant_is_told_and_nothing_downloaded(
    entry: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
) -> None:
    for place in ("folder", "misspelt/birefnet_lite", "misspelt/ben2"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "file.safetensors").touch()
    monkeypatch.chdir(tmp_path)
    give(monkeypatch, entry)
    (sentence,) = given.problems()
    assert sentence.startswith("CUTOUT_WEIGHTS")
    assert expected in sentence
    if "for ben2" not in expected:  # which is nobody else's
        with pytest.raises(LoadFailed) as told:
            weights.fetch(SPEC)
        assert str(told.value) == sentence


def test_a_folder_for_many_may_hold_other_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("birefnet-lite", "birefnet-lite-old", "notes", "ben2"):
        (tmp_path / place).mkdir()
    give(monkeypatch, tmp_path)
    assert given.problems() == []


def test_every_wrong_entry_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ben2").mkdir()
    give(monkeypatch, "brefnet-lite=/x", tmp_path, "/gone", "ben2=/gone")
    assert len(given.problems()) == 3
    assert given.local("ben2") == tmp_path / "ben2"
