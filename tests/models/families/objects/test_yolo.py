"""What needs the package ultralytics itself is marked `extra`."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.catalog.objects import OBJECTS
from models.families.objects.segmenter import ObjectSegmenter
from models.families.objects.yolo import detections, inside, load
from models.interface import LoadFailed, Prompt
from models.running.devices import Device
from tests.stranger import Stranger
from tests.tiny_objects import patches, save_yolo

(SPEC,) = (spec for spec in OBJECTS if spec.family == "objects.yolo")

pytestmark = pytest.mark.usefixtures("no_network")


def test_one_thing_is_detected_once() -> None:
    told = torch.zeros(4 + 80 + 2, 4)
    told[:4, 0] = torch.tensor([10.0, 20, 8, 4])
    told[:4, 1] = torch.tensor([10.0, 20, 8, 4.2])  # the same, less sure
    told[:4, 2] = torch.tensor([10.0, 20, 8, 4])  # there too, another class
    told[:4, 3] = torch.tensor([50.0, 20, 8, 4])  # not sure enough
    told[4, 0], told[4, 1], told[4 + 16, 2], told[4, 3] = 0.9, 0.8, 0.7, 0.2
    told[-2:, 2] = torch.tensor([5.0, 6])
    boxes, scores, classes, weights = detections(told, 0.4)
    assert boxes.tolist() == [[6, 18, 14, 22], [6, 18, 14, 22]]
    assert classes.tolist() == [0, 16]
    assert weights.tolist() == [[0, 0], [5, 6]]
    torch.testing.assert_close(scores, torch.tensor([0.9, 0.7]))


def test_nothing_detected() -> None:
    boxes, *_ = detections(torch.zeros(4 + 80 + 2, 4), 0.4)
    assert boxes.shape == (0, 4)
    assert inside(boxes, torch.zeros(1, 3, 5, 6)).shape == (0, 5, 6)


def test_pixels_whose_centre_is_in_the_box() -> None:
    mask = inside(torch.tensor([[1.0, 0, 3, 1.4]]), torch.zeros(1, 3, 3, 4))
    assert mask.int().tolist() == [[[0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]]


@pytest.fixture
def segmenter(tmp_path: Path) -> ObjectSegmenter:
    save_yolo(SPEC, tmp_path)
    small = replace(SPEC, options={**SPEC.options, "longer": 96})
    return load(small, tmp_path, Device())


@pytest.mark.extra
@pytest.mark.parametrize("size", [(48, 64), (301, 77), (3, 200), (1, 1)])
def test_people_are_found_in_photos_of_any_size(
    size: tuple[int, int], segmenter: ObjectSegmenter
) -> None:
    matte = segmenter.segment(patches(*size), Prompt())
    assert matte.alpha.shape == size
    assert matte.objects
    assert {each.label for each in matte.objects} == {"person"}


@pytest.mark.extra
def test_a_strangers_pickle_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"model": Stranger()}, tmp_path / SPEC.files[0])
    with pytest.raises(LoadFailed, match=r"isn't yolo11s-seg\.yaml's weights"):
        load(SPEC, tmp_path, Device())
    assert "executed" not in capsys.readouterr().out
