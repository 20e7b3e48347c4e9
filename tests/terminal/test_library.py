import re
import types
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from models import catalog, weights
from models.catalog import GRABCUT
from models.weights import cached
from tests.cutter import CHECKPOINT, REPO, SPEC, TENSORS, at_an_address
from tests.halves import HALVES
from tests.hub import Hub
from tests.shell import plain, run


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
    assert "Downloading Cutter: 0 MB, CC BY-NC 4.0, non-commercial." in result.stderr
    assert cached(SPEC)
    assert row() == ["cutter", "yes", "2", "MB"]
    assert run("models", "remove", "cutter").stdout == "cutter: 2 MB freed\n"
    assert not cached(SPEC)
    assert run("models", "remove", "cutter").stdout == "cutter: nothing was cached\n"


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


def test_a_model_that_cannot_be_brought_is_told_and_the_next_one_tried(hub: Hub) -> None:
    hub.gated[REPO] = "secret"
    result = run("models", "pull", "cutter", "grabcut")
    assert result.exit_code == 1
    assert result.stdout == "grabcut: built in\n"
    assert "Cutter is only for those who accept its licence" in result.stderr


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
