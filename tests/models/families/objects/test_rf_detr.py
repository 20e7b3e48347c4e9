import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from models.catalog.objects import OBJECTS
from models.families.objects.rf_detr import Instances, labels_of, load
from models.families.objects.segmenter import ObjectSegmenter
from models.interface import LoadFailed, Prompt, PromptMissing
from models.running.devices import Device
from tests.tiny_objects import patches, save_rf_detr
from tests.tolerances import SUMS

(SPEC,) = (spec for spec in OBJECTS if spec.family == "objects.rf_detr")
PERSON, NOTHING = 1, None

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rf-detr")
    save_rf_detr(made, PERSON)
    return made


@pytest.fixture
def segmenter(folder: Path) -> ObjectSegmenter:
    return load(SPEC, folder, Device())


@pytest.mark.parametrize("size", [(48, 64), (301, 77), (3, 200), (1, 1)])
def test_people_are_found_one_by_one_in_photos_of_any_size(
    size: tuple[int, int], segmenter: ObjectSegmenter
) -> None:
    matte = segmenter.segment(patches(*size), Prompt())
    names = [each.name for each in matte.objects]
    assert len(names) >= 2
    assert names == [f"person {number}" for number in range(1, len(names) + 1)]
    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert not matte.soft
    assert not matte.empty
    assert all(each.mask.shape == (48, 48) for each in matte.objects)


def test_picking_another_gives_what_a_full_run_gives(segmenter: ObjectSegmenter) -> None:
    photo = patches(50, 70)
    encoded = segmenter.encode(photo)
    first, second = (Prompt(objects=(f"person {number}",)) for number in (1, 2))
    for prompt in (Prompt(), first, second):
        matte = segmenter.decode(encoded, prompt)
        np.testing.assert_array_equal(matte.alpha, segmenter.segment(photo, prompt).alpha)
    alphas = [segmenter.decode(encoded, prompt).alpha for prompt in (first, second)]
    assert np.abs(alphas[0] - alphas[1]).max() > 0.5


def test_nothing_found(tmp_path: Path) -> None:
    save_rf_detr(tmp_path, NOTHING)
    matte = load(SPEC, tmp_path, Device()).segment(patches(50, 70), Prompt())
    assert matte.empty
    assert matte.alpha.shape == (50, 70)
    assert matte.objects == ()


def test_what_is_not_there_is_refused_with_what_is(segmenter: ObjectSegmenter) -> None:
    with pytest.raises(PromptMissing, match=r"RF-DETR found no “dog 1” .* of: person 1, person 2"):
        segmenter.segment(patches(50, 70), Prompt(objects=("dog 1",)))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision(dtype: str, folder: Path, segmenter: ObjectSegmenter) -> None:
    photo, prompt = patches(50, 70), Prompt(objects=("person",))
    half = load(SPEC, folder, Device("cpu", dtype)).segment(photo, prompt)
    assert half.alpha.dtype == np.float32
    assert len(half.objects) == len(segmenter.segment(photo, prompt).objects)


def test_a_query_counts_once_for_its_likeliest_class() -> None:
    logits = torch.tensor([[[-3.0, 2, 1], [1, -3, -3], [-1, -2, -3]]])
    masks = torch.tensor([-9.0, 9, 9])[None, :, None, None].expand(1, 3, 2, 2)
    config = SimpleNamespace(backbone_config=SimpleNamespace(image_size=4))

    class Network:
        def __init__(self) -> None:
            self.config = config

        def __call__(self, pixels: torch.Tensor) -> SimpleNamespace:
            assert pixels.shape == (1, 3, 4, 4)
            return SimpleNamespace(logits=logits, pred_masks=masks)

    labels = {0: "cat", 1: "dog", 2: "cow"}
    found = Instances(Network(), Device(), labels, certain=0.5).find(patches(5, 9))
    assert [(each.label, int(each.mask.max())) for each in found] == [("dog", 0), ("cat", 255)]
    likely = [1 / (1 + math.exp(-logit)) for logit in (2, 1)]
    assert [each.score for each in found] == pytest.approx(likely, abs=SUMS)


@pytest.mark.parametrize(
    ("given", "number", "expected"),
    [
        ({0: "cat", 1: "LABEL_1"}, 0, "cat"),
        ({number: f"LABEL_{number}" for number in range(91)}, 1, "person"),
        ({number: f"LABEL_{number}" for number in range(91)}, 90, "toothbrush"),
    ],
)
def test_numbered_classes_are_coco_s(given: dict[int, str], number: int, expected: str) -> None:
    assert labels_of(given)[number] == expected


def test_other_numbered_classes_can_not_be_named(tmp_path: Path) -> None:
    save_rf_detr(tmp_path, num_labels=3)
    with pytest.raises(LoadFailed, match="have no names"):
        load(SPEC, tmp_path, Device())
