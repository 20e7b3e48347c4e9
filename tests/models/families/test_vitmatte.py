from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from compositing.alpha import trimap_of
from models.catalog import find
from models.families.vitmatte import ViTMatte, load, window_around
from models.interface import Box, Prompt
from models.running.devices import Device
from tests.tiny import tiny_row


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ViTMatte:
    folder = tmp_path_factory.mktemp("vitmatte")
    spec = tiny_row(find("vitmatte-small"), folder)
    return load(spec, folder / spec.name, Device())


def disc(height: int, width: int) -> Any:
    rows, columns = np.mgrid[:height, :width]
    return (rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (min(height, width) / 4) ** 2


def photo_of(mask: Any) -> Any:
    return np.where(mask[..., None], (220, 60, 40), (30, 90, 160)).astype(np.uint8)


def test_the_trimap_is_open_along_the_edge_alone() -> None:
    mask = np.zeros((40, 60), np.float32)
    mask[:, 30:] = 1
    trimap = trimap_of(mask, 4)
    assert trimap[:, :26].max() == 0
    assert (trimap[:, 26:34] == 0.5).all()
    assert trimap[:, 34:].min() == 1
    assert set(np.unique(trimap_of(np.ones((5, 7), np.float32), 2))) == {1}


def test_the_network_sees_the_subject_and_a_margin() -> None:
    mask = np.zeros((1000, 2000), np.float32)
    mask[300:600, 0:400] = 1
    part, band = window_around(mask)
    assert band == 9
    assert part == np.s_[282:618, 0:418]


@pytest.mark.parametrize("size", [(90, 120), (64, 64), (333, 200)])
def test_only_the_band_is_drawn_anew(tiny: ViTMatte, size: tuple[int, int]) -> None:
    mask = disc(*size)
    box = Box(0.1 * size[1], 0.1 * size[0], 0.9 * size[1], 0.9 * size[0])
    matte = tiny.segment(photo_of(mask), Prompt(boxes=(box,)))
    assert matte.soft
    assert matte.alpha.shape == size
    middle = size[0] // 2, size[1] // 2
    assert matte.alpha[middle] == 1
    assert matte.alpha[:3].max() == 0
    assert len(np.unique(matte.alpha)) > 20  # random weights draw something in between


def test_sizes_are_padded_and_cut_back(tiny: ViTMatte) -> None:
    drawn = tiny.run(torch.zeros(1, 4, 33, 70))
    assert drawn.shape == (1, 1, 33, 70)
    assert drawn.dtype == torch.float32


def test_nothing_found_stays_nothing(tiny: ViTMatte) -> None:
    matte = tiny.segment(np.full((50, 70, 3), 128, np.uint8), Prompt(boxes=(Box(5, 5, 40, 40),)))
    assert matte.empty


def test_other_weights_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    from models.interface import LoadFailed

    spec = tiny_row(find("vitmatte-small"), tmp_path)
    path = tmp_path / spec.name / "model.safetensors"
    tensors = load_file(path)
    tensors.pop(next(iter(tensors)))
    save_file(tensors, path)
    with pytest.raises(LoadFailed, match="missing or of another shape"):
        load(spec, tmp_path / spec.name, Device())
