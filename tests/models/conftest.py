"""A repository with a small checkpoint, and a hub that serves it."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from safetensors.numpy import save_file

from models.catalog import ModelSpec
from models.hub import retries, weights
from models.running import loading
from tests.cutter import CHECKPOINT, REPO, SPEC, TENSORS, at_an_address
from tests.hub import Hub


@pytest.fixture(autouse=True)
def cpu_format(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """In which format the CPU runs rows that may run in half precision, whatever this machine's own
    knows: float32, or each of those that a test asks for by `tests.formats.EACH`."""
    chosen: str = getattr(request, "param", "float32")
    monkeypatch.setattr(loading, "cpu_knows_bfloat16", lambda: chosen == "bfloat16")
    return chosen


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    save_file(TENSORS, folder / CHECKPOINT)
    (folder / "config.json").write_text('{"size": 2}')
    (folder / "run_me.py").write_text("raise SystemExit('executed')")
    return folder


@pytest.fixture
def hub(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(retries, "PAUSE", 0.0)
    monkeypatch.setattr(weights, "TICK", 0.01)
    with Hub({REPO: repository}) as hub, hub.adopted(tmp_path / "home"):
        yield hub


@pytest.fixture
def plain(hub: Hub, repository: Path) -> ModelSpec:
    return at_an_address(hub, repository)


@pytest.fixture(params=["hub", "plain"])
def spec(request: pytest.FixtureRequest) -> ModelSpec:
    """A row of each kind in turn."""
    if request.param == "hub":
        return SPEC
    row: ModelSpec = request.getfixturevalue("plain")
    return row


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
