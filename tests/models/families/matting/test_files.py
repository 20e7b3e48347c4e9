"""What matting networks are read from: safetensors, or what training leaves behind."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from models.catalog import ModelSpec, find
from models.catalog.matting import MATTING
from models.families.matting.segmenter import oblong, square
from models.hub import weights
from models.interface import LoadFailed, Prompt
from models.running.devices import Device
from tests.stranger import Stranger
from tests.tiny import scene, tiny_row
from tests.tolerances import MATTE

CPU = Device()

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matting")


def adapter(spec: ModelSpec) -> Any:
    return import_module(f"models.families.{spec.family}")


@pytest.mark.parametrize("given", ["file", "folder"])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod."])
@pytest.mark.parametrize("name", ["birefnet-lite", "ben2"])
def test_a_checkpoint_of_one_s_own_is_taken_in_place_of_safetensors(
    name: str, prefix: str, given: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_row(find(name), home)
    tensors = load_file(home / name / "model.safetensors")
    file = tmp_path / "model.pth"
    torch.save({f"{prefix}{key}": tensor for key, tensor in tensors.items()}, file)
    own = file if given == "file" else tmp_path
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"{name}={own}")
    assert weights.cached(spec)
    mattes = [
        adapter(spec).load(spec, folder, CPU).segment(scene(64, 64), Prompt()).alpha
        for folder in (home / name, weights.fetch(spec))
    ]
    np.testing.assert_allclose(mattes[0], mattes[1], rtol=0, atol=MATTE)


def test_what_is_published_by_torch_alone_is_read_with_its_prefixes(home: Path) -> None:
    spec = tiny_row(find("toonout"), home)
    (file,) = (home / "toonout").iterdir()
    assert file.suffix == ".pth"
    assert all(name.startswith("module._orig_mod.") for name in torch.load(file, weights_only=True))
    matte = adapter(spec).load(spec, home / "toonout", CPU).segment(scene(9, 9), Prompt())
    assert not matte.empty


@pytest.mark.parametrize("name", ["birefnet", "toonout", "ben2"])
def test_other_files_are_refused_with_what_to_give(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "weights.onnx"
    own.write_bytes(b"\x08\x07")
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"{name}={own}")
    with pytest.raises(LoadFailed, match=r"give a \.\w+ or \.\w+ file or a folder with \S+ or "):
        weights.fetch(find(name))


def test_a_strangers_pickle_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = find("toonout")
    torch.save({"decoder": Stranger()}, tmp_path / spec.files[0])
    with pytest.raises(LoadFailed, match="can't be read as weights"):
        adapter(spec).load(spec, tmp_path, CPU)
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "other", "told"),
    [
        ("birefnet-lite", "ben2", r"they lack decoder\.ipt_blk2\."),
        ("ben2", "birefnet-lite", r"\d+ missing \(backbone\..*; \d+ unknown \(bb\."),
    ],
)
def test_a_check_holds_all_tensors_against_the_network(
    name: str, other: str, told: str, home: Path
) -> None:
    spec = tiny_row(find(name), home)
    tiny_row(find(other), home)
    assert "ames and shapes of all tensors fit." in adapter(spec).check(spec, home / name)
    with pytest.raises(LoadFailed, match=rf"These weights are not .*{told}"):
        adapter(spec).check(spec, home / other)


@pytest.mark.parametrize("name", ["birefnet-lite", "ben2"])
def test_a_check_names_a_tensor_of_another_shape(name: str, home: Path, tmp_path: Path) -> None:
    spec = tiny_row(find(name), home)
    tensors = load_file(home / name / "model.safetensors")
    last = sorted(key for key in tensors if key.endswith("norm0.bias"))[-1]
    save_file(tensors | {last: torch.zeros(5)}, tmp_path / "model.safetensors")
    with pytest.raises(LoadFailed, match=rf"1 of another shape \({last}: 5 in place of 8\)\."):
        adapter(spec).check(spec, tmp_path)


@pytest.mark.parametrize(
    ("fit", "photo", "seen"),
    [
        (square(1024), (300, 400), (1024, 1024)),
        (oblong(1440, 2560), (300, 400), (1440, 2560)),
        (oblong(1440, 2560), (400, 400), (1440, 2560)),
        (oblong(1440, 2560), (401, 400), (2560, 1440)),
    ],
)
def test_sides_that_a_network_sees(fit: Any, photo: tuple[int, int], seen: tuple[int, int]) -> None:
    assert fit(*photo) == seen


@pytest.mark.parametrize("spec", MATTING, ids=lambda spec: spec.name)
def test_sides_in_the_catalogue_suit_the_networks(spec: ModelSpec) -> None:
    step = 128 if spec.family == "matting.ben2" else 32
    sides = spec.options.get("side", 1024)
    for side in sides if isinstance(sides, tuple) else [sides or step]:
        assert side % step == 0
