from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from compositing.alpha import trimap_of
from models.catalog import find
from models.families.grabcut.segmenter import GrabCut
from models.families.onnx.segmenter import Onnx
from models.families.vitmatte import ViTMatte, load, window_around
from models.hub import packaged
from models.interface import Box, Matte, Prompt
from models.running.devices import Device
from tests.tiny import tiny_row


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ViTMatte:
    folder = tmp_path_factory.mktemp("vitmatte")
    spec = tiny_row(find("vitmatte-small"), folder)
    return load(spec, folder / spec.name, Device())


@dataclass(frozen=True)
class Found:
    """A finder that has found this, `(H, W)` in [0, 1]."""

    alpha: Any

    def segment(self, photo: Any, prompt: Prompt) -> Matte:
        return Matte(np.asarray(self.alpha, np.float32), soft=True)


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
    mask = np.zeros((1000, 2000), bool)
    mask[300:600, 0:400] = True
    part, band = window_around(mask)
    assert band == 9
    assert part == np.s_[282:618, 0:418]


@pytest.mark.parametrize("size", [(90, 120), (64, 64), (333, 200)])
def test_only_the_band_is_drawn_anew(tiny: ViTMatte, size: tuple[int, int]) -> None:
    mask = disc(*size)
    matte = replace(tiny, finder=Found(mask)).segment(photo_of(mask), Prompt())
    assert matte.soft
    assert matte.alpha.shape == size
    middle = size[0] // 2, size[1] // 2
    assert matte.alpha[middle] == 1
    assert matte.alpha[:3].max() == 0
    assert len(np.unique(matte.alpha)) > 20  # random weights draw something in between


def test_where_the_finder_is_unsure_it_is_drawn_anew(tiny: ViTMatte) -> None:
    mask = disc(200, 300).astype(np.float32)
    unsure = np.s_[85:115, 135:165]  # far from the edge
    mask[unsure] = 0.7
    matte = replace(tiny, finder=Found(mask)).segment(photo_of(mask > 0), Prompt())
    drawn = matte.alpha[90:110, 140:160]
    assert drawn.max() < 1
    assert np.abs(drawn - 0.7).max() > 0.01
    assert matte.alpha[62, 150] == 1  # sure, and not near the edge


def test_the_default_model_finds_the_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_row(find("vitmatte-small"), tmp_path)
    usual = load(spec, tmp_path / spec.name, Device())
    assert isinstance(usual.finder, Onnx)
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    other = load(spec, tmp_path / spec.name, Device())
    assert isinstance(other.finder, GrabCut)
    photo, prompt = photo_of(disc(64, 96)), Prompt(boxes=(Box(10, 5, 90, 60),))
    assert usual.segment(photo, prompt).notes == ()
    (note,) = other.segment(photo, prompt).notes
    assert note.endswith("Until then GrabCut takes its place.")


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
