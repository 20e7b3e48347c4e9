import hashlib
import json
import os
import re
import socket
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import save_file

from models import catalog
from models.catalog import GRABCUT, find
from models.hub import weights
from models.hub.weights import cached
from tests.cutter import (
    CHECKPOINT,
    FINDER,
    JOINT,
    REPO,
    SPEC,
    TENSORS,
    at_an_address,
    save_finder,
)
from tests.families import pretend
from tests.halves import HALVES, Halves
from tests.hub import COMMIT, Hub
from tests.shell import listing, pixels, plain, run
from tests.tiny_sam import save_sam3
from tests.tiny_sam3_published import save_mirror


def test_the_catalogue_as_a_table(hub: Hub) -> None:
    result = run("models")
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    grabcut = next(number for number, line in enumerate(lines) if line.startswith("grabcut"))
    assert re.split("  +", lines[grabcut]) == ["grabcut", "Apache-2.0", "built in", "boxes, points"]
    assert lines[grabcut + 1] == GRABCUT.summary
    assert "CC BY-NC 4.0" in lines[grabcut + 2]
    assert "non-commercial" in lines[grabcut + 3]


def test_conditions_of_other_kinds_do_not_forbid_commerce(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "MODELS", (replace(SPEC, licence="AGPL-3.0"),))
    told = run("models").stdout + run("models", "pull", "cutter").stderr
    assert told.count("conditions apply") == 2
    assert "non-commercial" not in told


def test_models_are_brought_listed_and_removed(hub: Hub) -> None:
    def row() -> list[str]:
        result = run("models", "list")
        assert result.exit_code == 0
        return next(line for line in result.stdout.splitlines() if "cutter" in line).split()

    assert row() == ["cutter", "no", "–"]
    result = run("models", "pull", "cutter", "grabcut")
    assert result.exit_code == 0, result.output
    assert result.stdout == "cutter: 2 MB\ngrabcut: built in\n"
    assert "Downloading Cutter: size unknown, CC BY-NC 4.0, non-commercial." in result.stderr
    assert cached(SPEC)
    assert row() == ["cutter", "yes", "2", "MB"]
    assert run("models", "remove", "cutter").stdout == "cutter: 2 MB freed\n"
    assert not cached(SPEC)
    assert run("models", "remove", "cutter", "grabcut").stdout == (
        "cutter: nothing was cached\ngrabcut: built in, so there is nothing to remove\n"
    )


def test_a_model_with_an_address_of_its_own(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(at_an_address(hub, hub.repos[REPO]), download_bytes=2_000_000)
    monkeypatch.setattr(catalog, "MODELS", (row,))
    assert "2 MB" in run("models").stdout
    assert run("models", "list").stdout.split()[-3:] == ["cutter", "no", "–"]
    result = run("models", "pull", "cutter")
    assert result.stdout == "cutter: 2 MB\n"
    assert "Downloading Cutter: 2 MB, CC BY-NC 4.0" in result.stderr
    assert run("models", "list").stdout.split()[-4:] == ["cutter", "yes", "2", "MB"]
    assert run("models", "remove", "cutter").stdout == "cutter: 2 MB freed\n"


def test_what_rows_share_is_told_when_one_is_removed(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_finder(tmp_path / "finder")
    hub.repos[FINDER] = tmp_path / "finder"
    monkeypatch.setattr(catalog, "MODELS", (SPEC, JOINT))
    assert run("models", "pull", "joint").stdout == "joint: 3 MB\n"
    told = run("models", "remove", "joint").stdout
    assert told == "joint: 1 MB freed; what belongs to cutter stays\n"
    assert [line.split()[:2] for line in run("models", "list").stdout.splitlines()[-3:-1]] == [
        ["cutter", "yes"],
        ["joint", "in"],
    ]
    assert run("models", "remove", "cutter").stdout == "cutter: 2 MB freed\n"
    run("models", "pull", "joint")
    told = run("models", "remove", "cutter").stdout
    assert told == "cutter: 2 MB freed; joint will download it again\n"
    assert run("models", "remove", "joint").stdout == "joint: 1 MB freed\n"


def test_a_model_that_cannot_be_brought_is_told_and_the_next_one_tried(hub: Hub) -> None:
    hub.gated[REPO] = "secret"
    result = run("models", "pull", "cutter", "grabcut")
    assert result.exit_code == 1
    assert result.stdout == "grabcut: built in\n"
    assert "Cutter is only for those who accept its licence" in result.stderr


def test_a_proxy_that_is_not_there_ends_no_batch(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"socks5://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("ALL_PROXY", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        result = run("models", "pull", "cutter", "grabcut")
    assert result.exit_code == 1
    assert result.stdout == "grabcut: built in\n"
    assert f"through the proxy {proxy} (ALL_PROXY): Connection refused." in result.stderr


def test_a_removal_that_fails_is_told_and_the_next_one_done(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("models", "pull", "cutter")
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    result = run("models", "remove", "cutter", "grabcut")
    assert result.exit_code == 1
    assert result.stdout == "grabcut: built in, so there is nothing to remove\n"
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Cutter can't be removed from ")
    assert cached(SPEC)


def test_your_own_weights(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = replace(HALVES, repo="studio/halves", files=(CHECKPOINT,))
    monkeypatch.setattr(catalog, "MODELS", (row,))
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")
    own = cat.with_name("own.safetensors")
    save_file(TENSORS, own)
    result = run("blur", cat, "-m", "halves", "--weights", f"halves={own}")
    assert result.exit_code == 0, result.output
    assert halves.folder == own
    assert weights.resolved_revision(row) == "local"
    result = run("blur", cat, "-m", "halves", "--weights", f"halves={cat.with_name('gone')}")
    assert result.exit_code == 2
    assert "There is no" in plain(result.stderr)


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a mirror of SAM 3 offers, and no other weights."""
    original, mirror = tmp_path / "original", tmp_path / "mirror"
    original.mkdir()
    mirror.mkdir()
    save_sam3(original)
    save_mirror(mirror, original)
    row = replace(find("sam3"), options={"threshold": 0.0}, parameters=1000)
    monkeypatch.setattr(catalog, "MODELS", (row,))
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")
    return mirror


def test_a_mirror_s_folder_for_sam_3(cat: Path, mirror: Path) -> None:
    words = ("-m", "sam3", "--text", "dog", "--weights", f"sam3={mirror}")
    result = run("blur", cat, *words, "--list-objects", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)["objects"]
    assert [each["name"] for each in found] == [f"dog {number}" for number in range(1, 9)]
    result = run("cutout", cat, *words, "--object", "dog 1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert pixels(cat.with_name("cat_cutout.png")).shape == (300, 451, 4)
    listed = [line.split()[:4] for line in run("models", "list").stdout.splitlines()]
    assert ["sam3", "your", "own", "files"] in listed


def test_what_a_mirror_s_folder_lacks_is_named(cat: Path, mirror: Path) -> None:
    (mirror / "tokenizer.json").unlink()
    result = run("cutout", cat, "-m", "sam3", "--weights", f"sam3={mirror}")
    assert result.exit_code == 1
    assert "lacks model.safetensors, tokenizer.json: SAM 3 is read from config.json, " in (
        result.stderr
    )
    assert result.stderr.endswith(" or sam3.safetensors, tokenizer.json.\n")
    assert "cat_cutout.png" not in listing(cat.parent)


def test_the_list_for_programs(hub: Hub) -> None:
    def row() -> dict[str, Any]:
        result = run("models", "list", "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        grabcut, cutter = json.loads(result.stdout)["models"]
        assert (grabcut["name"], grabcut["commercial"], grabcut["weights"]) == ("grabcut", True, [])
        assert grabcut["prompts"] == ["boxes", "points"]
        told: dict[str, Any] = cutter
        return told

    before = row()
    assert (before["licence"], before["commercial"]) == ("CC BY-NC 4.0", False)
    assert before["conditions"] == "non-commercial"
    assert (before["here"], before["bytes_here"]) == (False, 0)
    run("models", "pull", "cutter")
    after = row()
    assert after["here"]
    assert after["bytes_here"] == sum(file["bytes"] for file in after["weights"][0]["files"]) > 0
    assert after["weights"][0]["commit"] == COMMIT
    digest = hashlib.sha256((hub.repos[REPO] / CHECKPOINT).read_bytes()).hexdigest()
    assert after["weights"][0]["files"][1]["sha256"] == digest


def test_the_list_for_programs_holds_every_row() -> None:
    rows = json.loads(run("models", "list", "--json").stdout)["models"]
    assert [row["name"] for row in rows] == [spec.name for spec in catalog.everything()]
    assert {row["name"] for row in rows if row["paints"]} == {s.name for s in catalog.PAINTERS}


def test_results_tell_the_weights_that_a_model_was_loaded_from(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are told as they were then, even if they were exchanged since."""
    row = replace(HALVES, repo="studio/halves", files=(CHECKPOINT,))
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, row))
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")
    own, out = cat.with_name("own.safetensors"), cat.parent / "out"
    save_file(TENSORS, own)
    words = ("--models", "halves,grabcut", "--weights", f"halves={own}", "-o", out)
    assert run("compare", cat, *words).exit_code == 0
    mine, grabcut = json.loads((out / "results.json").read_text())["results"]
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    file = {"name": own.name, "bytes": own.stat().st_size, "sha256": digest}
    assert mine["revision"] == "local"
    assert mine["weights"] == [{"from": "local", "revision": None, "commit": None, "files": [file]}]
    assert grabcut["weights"] == []
    assert (mine["licence"], mine["conditions"]) == ("MIT", None)

    def exchange(*_: object) -> Halves:
        own.write_bytes(b"another")
        return Halves(halves)

    pretend(monkeypatch, HALVES.family, exchange)
    assert run("compare", cat, *words).exit_code == 0
    mine, _ = json.loads((out / "results.json").read_text())["results"]
    assert mine["weights"][0]["files"][0] == file
