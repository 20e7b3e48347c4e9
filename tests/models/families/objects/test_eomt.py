"""EoMT against the library's own image processor and panoptic post-processing; what it does as the
other panoptic models do is tested in test_panoptic.py."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import EomtForUniversalSegmentation, EomtImageProcessor

from models.catalog import find
from models.families.objects import panoptic
from models.families.objects.panoptic import Panoptic, in_a_square
from models.interface import LoadFailed, Prompt
from models.running.devices import Device
from tests.tiny_objects import LABELS, patches, save_eomt
from tests.tolerances import HALF_A_LEVEL, NETWORK, ONE_LEVEL, SUMS

SIDE = 64
SQUARE = {"shortest_edge": SIDE, "longest_edge": SIDE}
ROW = replace(find("eomt-small"), options={"certain": 0.5, "things": 2})
SIZES = [(48, 64), (64, 40), (64, 64), (301, 77), (100, 333), (2000, 1999), (20, 11)]

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module", params=[True, False], ids=["masked", "free"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """masked: as while it's trained, what a query looks at is restricted to its mask."""
    folder = tmp_path_factory.mktemp("eomt")
    save_eomt(folder, masked=request.param)
    return folder


def processor() -> Any:
    return EomtImageProcessor(size=SQUARE, do_pad=True)


@pytest.mark.parametrize("size", SIZES)
def test_a_photo_is_seen_as_the_library_s_processor_shows_it(size: tuple[int, int]) -> None:
    photo = patches(*size)
    expected = processor()(photo, return_tensors="pt")["pixel_values"]

    pixels, (rows, columns) = in_a_square(photo, SIDE, Device())

    torch.testing.assert_close(pixels, expected, rtol=0, atol=ONE_LEVEL)
    assert max(rows, columns) in (SIDE - 1, SIDE)
    assert (pixels[..., rows:, :] < -1.8).all()  # black, by all three channels
    assert (pixels[..., columns:] < -1.8).all()


@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (1, 1)])
def test_of_the_thinnest_photo_a_line_is_seen(size: tuple[int, int]) -> None:
    pixels, inner = in_a_square(patches(*size), SIDE, Device())
    assert pixels.shape == (1, 3, SIDE, SIDE)
    assert min(inner) >= 1


@pytest.mark.parametrize("size", SIZES)
def test_what_is_found_is_what_the_library_finds(
    size: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its segments are whole pixels; ours are probabilities, more than half where its own are.
    Random masks own little of themselves, so neither side asks for a share."""
    monkeypatch.setattr(panoptic, "VISIBLE", 0)
    photo = patches(*size)
    pixels, inner = in_a_square(photo, SIDE, Device())
    seen = processor()(photo, return_tensors="pt")
    if not torch.allclose(pixels, seen["pixel_values"], rtol=0, atol=SUMS):
        pytest.skip("these kernels round resized bytes otherwise: the networks see other pixels")
    network = EomtForUniversalSegmentation.from_pretrained(folder).eval()
    with torch.inference_mode():
        told = network(**seen)
    (expected,) = processor().post_process_panoptic_segmentation(
        told, [inner], threshold=0.5, overlap_mask_area_threshold=0
    )

    findings = found(folder).find(photo)

    infos = expected["segments_info"]
    assert [each.label for each in findings] == [LABELS[info["label_id"]] for info in infos]
    np.testing.assert_allclose(
        [each.score for each in findings], [info["score"] for info in infos], rtol=0, atol=NETWORK
    )
    assert len(findings) > 1
    for finding, info in zip(findings, infos, strict=True):
        assert finding.mask.shape == inner
        its_own = (expected["segmentation"] == info["id"]).numpy()
        assert its_own.any()
        assert (finding.mask[its_own] / 255 >= 0.5 - HALF_A_LEVEL).all()
        assert ((finding.mask > 128) <= its_own).all()


def found(folder: Path) -> Panoptic:
    loaded: Panoptic = panoptic.load(ROW, folder, Device()).find.__self__  # type: ignore[attr-defined]
    return loaded


def test_the_square_beside_the_photo_belongs_to_nobody(folder: Path) -> None:
    matte = panoptic.load(ROW, folder, Device()).segment(patches(20, 80), Prompt())
    assert matte.alpha.shape == (20, 80)
    for each in matte.objects:
        assert each.mask.shape == (16, 64)
        assert each.box.x1 <= 80
        assert each.box.y1 <= 20


@pytest.mark.parametrize("names", ["absent", "numbers"])
def test_settings_without_names_mean_coco_s(
    names: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panoptic, "VISIBLE", 0)
    numbers = {number: f"LABEL_{number}" for number in range(133)}
    save_eomt(tmp_path, sees=16, id2label=numbers, label2id={})
    settings = json.loads((tmp_path / "config.json").read_text())
    if names == "absent":
        del settings["id2label"], settings["label2id"]
    (tmp_path / "config.json").write_text(json.dumps(settings))
    assert {each.label for each in found(tmp_path).find(patches(48, 64))} == {"dog"}
    assert found(tmp_path).network.config.id2label[119] == "sky-other-merged"


def test_a_network_of_another_size_is_refused_by_its_first_tensors(
    folder: Path, tmp_path: Path
) -> None:
    settings = json.loads((folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(settings | {"num_hidden_layers": 4}))
    (tmp_path / "model.safetensors").symlink_to(folder / "model.safetensors")
    with pytest.raises(LoadFailed, match=r"tensors are missing .* \(layers\.3\.\S+, layers\.3\."):
        panoptic.load(ROW, tmp_path, Device())
