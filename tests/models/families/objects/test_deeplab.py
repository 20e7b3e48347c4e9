from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.catalog.objects import OBJECTS
from models.families.objects.deeplab import DeepLab, load
from models.families.objects.segmenter import ObjectSegmenter
from models.interface import LoadFailed, Prompt, PromptMissing
from models.running.devices import Device
from tests.tiny_objects import patches, save_deeplab
from tests.tolerances import HALF_PRECISION

SMALL = {"shorter": 64, "longer": 128}
ROWS = {
    spec.name: replace(spec, options={**spec.options, **SMALL})
    for spec in OBJECTS
    if spec.family == "objects.deeplab"
}
MOBILENET = ROWS["deeplabv3-mobilenet"]
BACKGROUND, DOG, PERSON = 0, 12, 15

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("deeplab")
    save_deeplab(MOBILENET, made, PERSON, DOG)
    return made


@pytest.mark.parametrize("name", sorted(ROWS))
def test_published_layouts_load_strictly_from_a_file(name: str, tmp_path: Path) -> None:
    path = save_deeplab(ROWS[name], tmp_path, PERSON)
    published = torch.load(path, weights_only=True, mmap=True)
    assert any(key.startswith("aux_classifier.") for key in published)
    matte = load(ROWS[name], path, Device()).segment(patches(40, 60), Prompt())
    assert [each.name for each in matte.objects] == ["person"]


def test_weights_that_lack_something_are_refused(folder: Path, tmp_path: Path) -> None:
    tensors = torch.load(folder / MOBILENET.files[0], weights_only=True)
    tensors.pop("classifier.4.bias")
    torch.save(tensors, tmp_path / MOBILENET.files[0])
    with pytest.raises(LoadFailed, match=r"1 missing \(classifier\.4\.bias\)"):
        load(MOBILENET, tmp_path, Device())


@pytest.mark.parametrize("size", [(48, 64), (301, 77), (3, 200), (1, 1)])
def test_all_people_are_the_subject_in_photos_of_any_size(
    size: tuple[int, int], folder: Path
) -> None:
    matte = load(MOBILENET, folder, Device()).segment(patches(*size), Prompt())
    assert {each.name for each in matte.objects} <= {"person", "dog"}
    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert not matte.soft


def test_a_class_is_picked_by_its_name(folder: Path) -> None:
    segmenter, photo = load(MOBILENET, folder, Device()), patches(50, 70)
    encoded = segmenter.encode(photo)
    alphas = {}
    for name in ("person", "dog"):
        matte = segmenter.decode(encoded, Prompt(objects=(name,)))
        np.testing.assert_array_equal(
            matte.alpha, segmenter.segment(photo, Prompt(objects=(name,))).alpha
        )
        alphas[name] = matte.alpha
    assert np.abs(alphas["person"] - alphas["dog"]).max() > 0.5
    np.testing.assert_array_equal(segmenter.decode(encoded, Prompt()).alpha, alphas["person"])
    with pytest.raises(PromptMissing, match=r"found no “cat” .* of: "):
        segmenter.decode(encoded, Prompt(objects=("cat",)))


def test_nothing_found(tmp_path: Path) -> None:
    save_deeplab(MOBILENET, tmp_path, BACKGROUND)
    matte = load(MOBILENET, tmp_path, Device()).segment(patches(50, 70), Prompt())
    assert matte.empty
    assert matte.objects == ()


def test_half_precision(folder: Path) -> None:
    photo, prompt = patches(50, 70), Prompt(objects=("person",))
    full, half = (
        load(MOBILENET, folder, Device("cpu", dtype)).segment(photo, prompt).alpha
        for dtype in ("float32", "bfloat16")
    )
    assert np.abs(full - half).mean() < HALF_PRECISION


class Known(nn.Module):
    """A network that answers with logits `(3, 2, 4)`: background, cat, person."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__()
        self.logits = logits

    def backbone(self, pixels: Tensor) -> dict[str, Any]:
        return {"out": self.logits[None]}

    def classifier(self, features: Tensor) -> Tensor:
        return features


def test_probabilities_are_the_softmax_of_enlarged_logits() -> None:
    logits = torch.zeros(3, 2, 4)
    logits[2, :, :2] = 4  # a person on the left
    logits[0, :, 2:] = 4
    find = DeepLab(Known(logits), Device(), ["-", "cat", "person"], 16, 32).find
    (person,) = find(patches(16, 32))
    assert (person.label, person.counted, person.stuff) == ("person", False, False)
    assert person.mask.shape == (16, 32)
    sure = 1 / (1 + 2 * np.exp(-4))
    assert person.mask[0, 0] == round(255 * sure)
    assert person.mask[0, -1] == round(255 * np.exp(-4) * sure)
    matte = ObjectSegmenter("Known", find).segment(patches(16, 32), Prompt())
    np.testing.assert_array_equal(matte.alpha > 0.5, np.arange(32)[None].repeat(16, 0) < 16)
