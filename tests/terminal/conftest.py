import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from models import catalog
from models.catalog import GRABCUT, ModelSpec
from models.running.devices import Device
from photos.samples import SAMPLES
from tests.cutter import CHECKPOINT, REPO, SPEC, TENSORS
from tests.families import pretend
from tests.halves import HALVES, SHY, Halves
from tests.hub import Hub
from tests.painting import BRUSH, PEN, install


@pytest.fixture
def halves(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Two models beside GrabCut that answer at once; what they were told, and what they answer."""
    told = types.SimpleNamespace(
        prompts=[], opacity=1.0, notes=(), loads=0, load_error=None, run_error=None
    )

    def load(spec: ModelSpec, folder: Path | None, device: Device) -> Halves:
        told.loads += 1
        told.folder = folder
        if told.load_error:
            raise told.load_error
        return Halves(told)

    pretend(monkeypatch, HALVES.family, load)
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, HALVES, SHY))
    return told


@pytest.fixture
def brush(halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Two painters that paint at once; what they were told, and what they answer."""
    monkeypatch.setattr(catalog, "PAINTERS", (BRUSH, PEN))
    monkeypatch.setattr(catalog, "DEPTHS", ())
    return install(monkeypatch)


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """451 × 300 pixels."""
    path = tmp_path / "cat.png"
    path.write_bytes(SAMPLES[1].open().data)
    return path


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that serves the catalogue's only row that has weights."""
    repository = tmp_path / "repository"
    repository.mkdir()
    save_file(TENSORS, repository / CHECKPOINT)
    (repository / "config.json").write_text("{}")
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, SPEC))
    monkeypatch.setattr(catalog, "PAINTERS", ())
    monkeypatch.setattr(catalog, "DEPTHS", ())
    with Hub({REPO: repository}) as hub, hub.adopted(tmp_path / "home"):
        yield hub
