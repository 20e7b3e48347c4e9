"""Depth Anything: loaded by the real code from a tiny checkpoint, compared with its library."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import interpolate

from models.catalog import DEPTHS, ModelSpec
from models.families.common.tensors import DEVIATION, MEAN
from models.families.depth_anything import load, size_of
from models.interface import LoadFailed
from models.running.devices import Device
from models.running.pool import Pool
from photos.samples import SAMPLES
from tests.tiny_depth import save_depth_anything

SIDE = 70


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("depth") / DEPTHS[0].name
    save_depth_anything(folder)
    return folder


@pytest.fixture
def spec(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModelSpec:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(folder.parent))
    return replace(DEPTHS[0], options=MappingProxyType({"side": SIDE}))


@pytest.mark.parametrize("size", [(120, 200), (200, 120), (50, 64)])
def test_it_tells_what_its_library_s_pipeline_tells(
    spec: ModelSpec, folder: Path, size: tuple[int, int]
) -> None:
    from transformers import DepthAnythingForDepthEstimation, DPTImageProcessor, pipeline

    photo = np.asarray(Image.fromarray(SAMPLES[0].open().pixels()).resize(size[::-1]))
    processor = DPTImageProcessor(
        size={"height": SIDE, "width": SIDE},
        ensure_multiple_of=14,
        keep_aspect_ratio=True,
        image_mean=MEAN,
        image_std=DEVIATION,
    )  # as the publisher's preprocessor_config.json has it
    network = DepthAnythingForDepthEstimation.from_pretrained(folder)
    theirs: Any = pipeline("depth-estimation", model=network, image_processor=processor)
    expected = theirs(Image.fromarray(photo))["predicted_depth"].numpy()
    found = load(spec, folder, Device()).depth(photo)
    assert found.dtype == np.float32
    assert found.shape == size_of(*size, SIDE)
    enlarged = interpolate(
        torch.from_numpy(found)[None, None], expected.shape, mode="bicubic", align_corners=False
    )[0, 0].numpy()
    assert expected.std() > 0.005
    assert np.abs(enlarged - expected).max() < 0.05 * expected.std()


def test_sizes_are_the_publisher_s() -> None:
    assert size_of(3000, 4000, 518) == (518, 686)
    assert size_of(4000, 3000, 518) == (686, 518)
    assert size_of(518, 518, 518) == (518, 518)
    assert size_of(10, 4000, 518)[0] % 14 == 0


def test_the_pool_keeps_a_photo_s_depth(
    spec: ModelSpec, no_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.families.depth_anything import DepthAnything

    runs = []
    run = DepthAnything.run

    def counted(model: DepthAnything, values: Any) -> Any:
        runs.append(values.shape)
        return run(model, values)

    monkeypatch.setattr(DepthAnything, "run", counted)
    pool, photo = Pool(), SAMPLES[0].open().pixels()
    first = pool.depth(spec, photo, "cpu")
    again = pool.depth(spec, photo, "cpu")
    assert len(runs) == 1
    assert np.array_equal(first.made, again.made)
    assert not first.made.flags.writeable
    pool.depth(spec, photo[::-1], "cpu")
    assert len(runs) == 2


def test_another_network_s_file_is_refused(spec: ModelSpec, tmp_path: Path, folder: Path) -> None:
    from safetensors.torch import save_file

    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    save_file({"other": torch.zeros(2)}, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(LoadFailed, match="are not DepthAnythingForDepthEstimation's"):
        load(spec, tmp_path, Device())
