from dataclasses import replace
from pathlib import Path

import pytest

from models import catalog
from models.catalog.matting import MATTING
from tests.shell import run
from tests.tiny import tiny_row


@pytest.fixture
def tiny_birefnet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row.name: row for row in MATTING}
    row = tiny_row(rows["birefnet-lite"], tmp_path)
    monkeypatch.setattr(catalog, "MODELS", (row, rows["birefnet-portrait"]))
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"{row.name}={tmp_path / row.name}")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def test_weights_tell_the_order_of_their_tiles(tiny_birefnet: None) -> None:
    result = run("models", "check", "birefnet-lite")
    assert result.exit_code == 0, result.output
    assert "birefnet-lite: the weights look c" in result.stdout
    assert "-major is used. Names and shapes of all tensors fit.\n" in result.stdout


def test_what_is_not_verified_says_so(tiny_birefnet: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sure, other = catalog.MODELS
    monkeypatch.setattr(catalog, "MODELS", (replace(sure, verified=False), other))
    monkeypatch.setattr(catalog, "PAINTERS", ())
    monkeypatch.setattr(catalog, "DEPTHS", ())
    checked = run("models", "check", "birefnet-lite").stdout
    assert "tensors fit. The model itself is not verified against the published file.\n" in checked
    lines = run("models", "list").stdout.splitlines()
    listed = {line.split()[0]: line for line in lines if line.strip()}
    assert listed["birefnet-lite"].rstrip().endswith("  not verified against the published file")
    assert "verified" not in listed["birefnet-portrait"]
    assert run("models").stdout.count("It is not verified against the published file.") == 1


def test_what_is_not_here_can_not_be_asked(tiny_birefnet: None) -> None:
    result = run("models", "check", "birefnet-portrait")
    assert result.exit_code == 1
    assert "isn't on this machine: `cli.py models pull birefnet-portrait`" in result.stderr
