"""BiRefNet, RMBG 2.0 and BEN2 as the program runs them, with tiny weights in place of the real."""

import copy
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.catalog.matting import MATTING
from models.families.matting import birefnet
from models.families.matting.segmenter import Matting, ready
from models.interface import LoadFailed, Matte, Prompt
from models.networks.optimise import optimise
from models.networks.patch_order import TELLTALE
from models.networks.swin import Swin, SwinConfig
from models.running import loading
from models.running.devices import Device
from models.running.pool import Pool
from tests.formats import EACH
from tests.tiny import scene, tiny_row
from tests.tolerances import MATTE

CPU = Device("cpu", "float32")
NAMES = [spec.name for spec in MATTING]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module")
def rows(weights: Path) -> dict[str, ModelSpec]:
    return {spec.name: tiny_row(spec, weights) for spec in MATTING}


@pytest.fixture
def run(
    rows: dict[str, ModelSpec], weights: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Photo], Matte]:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(weights))
    pool = Pool()
    return lambda name, photo: pool.run(rows[name], photo, Prompt(), "cpu").made


@EACH
@pytest.mark.parametrize("name", NAMES)
def test_every_row_gives_a_soft_matte_of_the_photos_size(
    name: str, run: Callable[[str, Photo], Matte]
) -> None:
    for height, width in ((1, 1), (33, 47), (480, 640), (640, 480)):
        matte = run(name, scene(height, width))
        assert matte.soft
        assert matte.alpha.shape == (height, width)
        assert matte.alpha.dtype == np.float32
        assert np.isfinite(matte.alpha).all()
        assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1


@pytest.mark.parametrize("name", ["birefnet-lite", "birefnet-hr-matting", "ben2"])
def test_a_file_as_training_tools_leave_it_loads(
    name: str, rows: dict[str, ModelSpec], weights: Path, tmp_path: Path
) -> None:
    """Also where the weights are asked for something before they are loaded."""
    adapter = import_module(f"models.families.{rows[name].family}")
    tensors = load_file(weights / name / "model.safetensors")
    wrapped = {f"module.{key}": tensor for key, tensor in tensors.items()}
    torch.save({"model_state_dict": wrapped, "epoch": 9}, tmp_path / "last.pth")
    photo = scene(64, 64)
    mattes = [
        adapter.load(rows[name], path, CPU).segment(photo, Prompt())
        for path in (weights / name, tmp_path / "last.pth")
    ]
    # Where in memory the weights lie decides how sums are rounded.
    np.testing.assert_allclose(mattes[0].alpha, mattes[1].alpha, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["birefnet-lite", "birefnet-dynamic", "ben2"])
def test_the_same_photo_gives_the_same_matte_in_any_thread_and_touches_no_random_state(
    name: str, rows: dict[str, ModelSpec], weights: Path
) -> None:
    adapter = import_module(f"models.families.{rows[name].family}")
    matting: Matting = adapter.load(rows[name], weights / name, CPU)
    photo, found = scene(90, 120), dict[int, Matte]()
    before = random.getstate(), torch.get_rng_state(), np.random.get_state()[1]  # noqa: NPY002

    def segment(i: int) -> None:
        found[i] = matting.segment(photo, Prompt())

    threads = [threading.Thread(target=segment, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    segment(2)
    for other in (0, 1):
        np.testing.assert_allclose(found[other].alpha, found[2].alpha, rtol=0, atol=MATTE)
    assert random.getstate() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])
    assert (np.random.get_state()[1] == before[2]).all()  # noqa: NPY002


def test_a_photo_without_a_subject_stays_empty(rows: dict[str, ModelSpec], weights: Path) -> None:
    matting = birefnet.load(rows["birefnet-lite"], weights / "birefnet-lite", CPU)
    unsure = replace(matting, activate=lambda logits: (logits - 9).sigmoid())
    matte = unsure.segment(scene(60, 80), Prompt())
    assert matte.empty
    assert matte.alpha.max() < 0.01


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1, 1), 2304, (256, 256)),
        ((100, 200), 2304, (256, 512)),
        ((480, 640), 2304, (480, 640)),
        ((1000, 700), 2304, (992, 672)),
        ((3000, 4000), 1536, (1152, 1536)),
        ((3, 3000), 1536, (32, 1536)),
    ],
)
def test_dynamic_networks_see_the_photos_own_proportions(
    size: tuple[int, int], longest: int, expected: tuple[int, int]
) -> None:
    assert birefnet._own_proportions(longest)(*size) == expected


@pytest.mark.parametrize(
    ("told", "device", "expected"),
    [(None, CPU, 1536), (None, Device("cuda", "float16"), 2304), ("3072", CPU, 3072)],
)
def test_the_longest_side_can_be_raised(
    told: str | None, device: Device, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUTOUT_LONGEST_SIDE", raising=False)
    if told:
        monkeypatch.setenv("CUTOUT_LONGEST_SIDE", told)
    assert birefnet._longest(device) == expected


def alike_colours(order: str, filters: int) -> torch.Tensor:
    """Filters of 16 tiles whose three colours are nearly the same, in the channels' given order."""
    tiles = torch.randn(16, 1, filters, 3, 3, generator=torch.Generator().manual_seed(1))
    noise = torch.randn(16, 3, filters, 3, 3, generator=torch.Generator().manual_seed(2))
    colours = tiles + 0.1 * noise
    channels = colours.flatten(0, 1) if order == "column" else colours.transpose(0, 1).flatten(0, 1)
    return channels.transpose(0, 1).contiguous()


@pytest.mark.parametrize("order", ["column", "channel"])
def test_rows_that_ask_take_the_order_that_the_weights_show(
    order: str,
    rows: dict[str, ModelSpec],
    weights: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tensors = load_file(weights / "birefnet-lite" / "model.safetensors")
    tensors[TELLTALE] = alike_colours(order, len(tensors[TELLTALE]))
    save_file(tensors, tmp_path / "model.safetensors")
    caplog.set_level("INFO", "models.families.matting.birefnet")
    matting = birefnet.load(rows["birefnet-lite"], tmp_path, CPU)
    assert matting.network.decoder.patch_order == order  # type: ignore[union-attr]
    assert f"patch order {order}" in caplog.text
    told = birefnet.check(rows["rmbg-2.0"], tmp_path)
    assert f"look {order}-major" in told
    assert "column-major is used" in told


@pytest.mark.parametrize("kind", [torch.float32, torch.float16])
def test_half_precision_files_run_in_the_devices_own_format(
    kind: torch.dtype, rows: dict[str, ModelSpec], weights: Path, tmp_path: Path
) -> None:
    tensors = load_file(weights / "ben2" / "model.safetensors")
    halves = {n: t.to(kind) if t.is_floating_point() else t for n, t in tensors.items()}
    file = tmp_path / "model.safetensors"
    save_file(halves, file)
    from models.families.matting import ben2

    exact = ben2.load(rows["ben2"], weights / "ben2", CPU).segment(scene(50, 50), Prompt())
    matting = ben2.load(rows["ben2"], file, CPU)
    assert {p.dtype for p in matting.network.parameters()} == {torch.float32}
    assert np.abs(matting.segment(scene(50, 50), Prompt()).alpha - exact.alpha).max() < 0.02


def test_a_cpu_that_knows_bfloat16_runs_in_it_and_the_matte_stays(
    rows: dict[str, ModelSpec], weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(weights))
    photo, results = scene(60, 80), {}
    for knows in (False, True):
        monkeypatch.setattr(loading, "cpu_knows_bfloat16", lambda knows=knows: knows)
        results[knows] = Pool().run(rows["birefnet-lite"], photo, Prompt(), "cpu")
    assert results[False].device.dtype == "float32"
    assert results[True].device.dtype == "bfloat16"
    changed = np.abs(results[True].made.alpha - results[False].made.alpha)
    assert changed.mean() < 1 / 255


def test_a_server_may_have_its_networks_compiled(
    rows: dict[str, ModelSpec], weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(torch.nn.Module, "compile", lambda self, **told: asked.append(told))
    birefnet.load(rows["birefnet-lite"], weights / "birefnet-lite", CPU)
    assert asked == []
    monkeypatch.setenv("CUTOUT_COMPILE", "1")
    birefnet.load(rows["birefnet-lite"], weights / "birefnet-lite", CPU)
    assert asked == [{"dynamic": False}]


@pytest.mark.filterwarnings("ignore:Guards may run slower")
def test_the_compiler_gets_a_backbone_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it does but to generate code, which takes minutes."""
    compile_ = torch.nn.Module.compile

    def traced(network: torch.nn.Module, **told: Any) -> None:
        compile_(network, backend="aot_eager", fullgraph=True, **told)

    monkeypatch.setattr(torch.nn.Module, "compile", traced)
    monkeypatch.setenv("CUTOUT_COMPILE", "1")
    torch.manual_seed(0)
    backbone = Swin(SwinConfig(width=8, depths=(2, 1), heads=(1, 2), window=4))
    image = torch.randn(1, 3, 40, 56)  # the windows don't fit the map, so that all cases are there
    with torch.inference_mode():
        expected = optimise(copy.deepcopy(backbone))(image)
        torch.testing.assert_close(ready(backbone, CPU)(image), expected)


def test_weights_of_another_network_are_refused(rows: dict[str, ModelSpec], weights: Path) -> None:
    with pytest.raises(LoadFailed, match="These weights are not BiRefNet's"):
        birefnet.load(rows["birefnet-lite"], weights / "ben2", CPU)
