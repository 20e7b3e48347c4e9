"""DETR, Mask2Former and EoMT, from folders as the hub has them. Random masks overlap at random, so
here no segment is dropped for owning too little of its mask."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from models.catalog.objects import OBJECTS
from models.catalog.row import ModelSpec
from models.families.objects import panoptic
from models.families.objects.panoptic import native_name, queries, segments
from models.families.objects.segmenter import ObjectSegmenter
from models.interface import LoadFailed, Prompt, PromptMissing
from models.running.devices import Device
from tests.tiny_objects import patches, save_detr, save_detr_of_2021, save_eomt, save_mask2former
from tests.tolerances import HALF_PRECISION, NETWORK, SUMS

SMALL = {"shorter": 64, "longer": 96, "certain": 0.5, "things": 2}
SAVERS: dict[str, Callable[[Path, int | None], None]] = {
    "detr-panoptic": save_detr,
    "eomt-small": save_eomt,
    "mask2former-panoptic": save_mask2former,
}
ROWS = {
    spec.name: replace(spec, options={name: SMALL[name] for name in spec.options})
    for spec in OBJECTS
    if spec.name in SAVERS
}
PERSON, DOG, SKY = range(3)

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int | None], Path]:
    """By model and by what it sees."""
    made = {}
    for name, save in SAVERS.items():
        for sees in (PERSON, DOG, SKY, None):
            made[name, sees] = tmp_path_factory.mktemp(name)
            save(made[name, sees], sees)
    return made


@pytest.fixture(autouse=True)
def overlapping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panoptic, "VISIBLE", 0)


@pytest.fixture(params=sorted(ROWS))
def spec(request: pytest.FixtureRequest) -> ModelSpec:
    return ROWS[request.param]


Folders = dict[tuple[str, int | None], Path]


def loaded(spec: ModelSpec, folders: Folders, sees: int | None = PERSON) -> ObjectSegmenter:
    return panoptic.load(spec, folders[spec.name, sees], Device())


@pytest.mark.parametrize("size", [(48, 64), (301, 77), (3, 200), (1, 1)])
def test_people_are_found_one_by_one_in_photos_of_any_size(
    size: tuple[int, int], spec: ModelSpec, folders: Folders
) -> None:
    segmenter = loaded(spec, folders)
    matte = segmenter.segment(patches(*size), Prompt())
    names = [each.name for each in matte.objects]
    assert names == [f"person {number}" for number in range(1, len(names) + 1)]
    # In a photo of one pixel only the last bits tell a query from the next.
    assert len(names) >= (2 if max(size) > 1 else 1)
    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert not matte.soft
    assert matte.alpha.flags.writeable
    assert not matte.empty
    for each in matte.objects:
        assert 0.5 < each.score <= 1
        assert 0 < each.share < 1
        assert each.alpha.shape == size
        assert 0 <= each.box.x0 < each.box.x1 <= size[1]
        assert 0 <= each.box.y0 < each.box.y1 <= size[0]


def test_picking_another_gives_what_a_full_run_gives(spec: ModelSpec, folders: Folders) -> None:
    segmenter, photo = loaded(spec, folders), patches(50, 70)
    encoded = segmenter.encode(photo)
    first, second = (Prompt(objects=(f"person {number}",)) for number in (1, 2))
    for prompt in (Prompt(), first, second):
        matte = segmenter.decode(encoded, prompt)
        np.testing.assert_array_equal(matte.alpha, segmenter.segment(photo, prompt).alpha)
    alphas = [segmenter.decode(encoded, prompt).alpha for prompt in (first, second)]
    assert np.abs(alphas[0] - alphas[1]).max() > 0.5


def test_no_pixel_belongs_to_two(spec: ModelSpec, folders: Folders) -> None:
    objects = loaded(spec, folders).segment(patches(50, 70), Prompt()).objects
    pairs = [(a, b) for a in objects for b in objects if a is not b]
    for one, other in pairs:
        assert (one.mask.astype(int) + other.mask).max() <= 256


def test_stuff_is_one_thing_and_only_subject_when_picked(spec: ModelSpec, folders: Folders) -> None:
    segmenter, photo = loaded(spec, folders, SKY), patches(50, 70)
    matte = segmenter.segment(photo, Prompt())
    assert [each.name for each in matte.objects] == ["sky"]
    assert matte.empty
    assert not segmenter.segment(photo, Prompt(objects=("sky",))).empty


def test_nothing_found(spec: ModelSpec, folders: Folders) -> None:
    segmenter = loaded(spec, folders, None)
    matte = segmenter.segment(patches(50, 70), Prompt())
    assert matte.empty
    assert matte.alpha.shape == (50, 70)
    assert matte.objects == ()


def test_what_is_not_there_is_refused_with_what_is(spec: ModelSpec, folders: Folders) -> None:
    with pytest.raises(
        PromptMissing, match=f"{re.escape(spec.label)} found no “person 1” .* dog 1, "
    ):
        loaded(spec, folders, DOG).segment(patches(50, 70), Prompt(objects=("person 1",)))


def test_half_precision(spec: ModelSpec, folders: Folders) -> None:
    folder = folders[spec.name, PERSON]
    photo, prompt = patches(50, 70), Prompt(objects=("person",))
    full = panoptic.load(spec, folder, Device()).segment(photo, prompt).alpha
    half = panoptic.load(spec, folder, Device("cpu", "bfloat16")).segment(photo, prompt).alpha
    assert np.abs(full - half).mean() < HALF_PRECISION


def test_the_backbone_of_2021_is_read_without_timm(tmp_path: Path) -> None:
    from torchvision.models import resnet50
    from torchvision.models.feature_extraction import create_feature_extractor

    save_detr_of_2021(tmp_path)
    segmenter = panoptic.load(ROWS["detr-panoptic"], tmp_path, Device())
    assert segmenter.segment(patches(50, 70), Prompt()).alpha.shape == (50, 70)

    found: panoptic.Panoptic = segmenter.find.__self__  # type: ignore[attr-defined]
    backbone = found.network.detr.model.backbone.model
    published = torch.load(tmp_path / "pytorch_model.bin", weights_only=True)
    start = next(name for name in published if name.endswith("layer1.0.conv1.weight"))
    start = start.removesuffix("layer1.0.conv1.weight")
    reference = resnet50(weights=None).eval()
    reference.load_state_dict(
        {name.removeprefix(start): tensor
         for name, tensor in published.items() if name.startswith(start)},
        strict=False,
    )  # fmt: skip
    layers = ["layer1", "layer2", "layer3", "layer4"]
    pixels = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        ours = backbone(pixels).feature_maps
        theirs = create_feature_extractor(reference, layers)(pixels)
    for map_, layer in zip(ours, layers, strict=True):
        torch.testing.assert_close(map_, theirs[layer], rtol=NETWORK, atol=NETWORK)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.backbone.model.conv1.weight", "a.backbone.model.embedder.embedder.convolution.weight"),
        ("backbone.model.layer1.0.conv3.weight",
         "backbone.model.encoder.stages.0.layers.0.layer.2.convolution.weight"),
        ("backbone.model.layer4.2.bn1.running_var",
         "backbone.model.encoder.stages.3.layers.2.layer.0.normalization.running_var"),
        ("backbone.model.layer2.0.downsample.1.bias",
         "backbone.model.encoder.stages.1.layers.0.shortcut.normalization.bias"),
        ("model.encoder.layers.0.fc1.weight", "model.encoder.layers.0.fc1.weight"),
    ],
)  # fmt: skip
def test_names_in_a_backbone(name: str, expected: str) -> None:
    assert native_name(name) == expected


def test_weights_that_lack_something_are_refused(
    spec: ModelSpec, folders: Folders, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    folder = folders[spec.name, PERSON]
    tensors = load_file(folder / "model.safetensors")
    tensors.pop(sorted(tensors)[-1])
    save_file(tensors, tmp_path / "model.safetensors", {"format": "pt"})
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    with pytest.raises(LoadFailed, match="1 of its tensors are missing"):
        panoptic.load(spec, tmp_path, Device())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"model_type": "bert"}, "holds no DETR, Mask2Former or EoMT"),
        ({"model_type": "detr", "backbone": "resnet101"}, "only resnet50 is known"),
    ],
)
def test_other_folders_are_refused(settings: dict[str, str], expected: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(settings))
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(LoadFailed, match=expected):
        panoptic.load(ROWS["detr-panoptic"], tmp_path, Device())


@pytest.mark.parametrize(
    ("scores", "masks", "kept", "expected"),
    [
        # The less likely one keeps the rest at a pixel of the other.
        ([0.9, 0.9], [[0.9, 0.6, 0.1], [0.3, 0.55, 0.8]], [0, 1],
         [[0.9, 0.6, 0.1], [0.1, 0.4, 0.8]]),
        # Scores weigh: the surer one takes the pixel at the seam.
        ([0.5, 1.0], [[0.9, 0.7], [0.1, 0.6]], [0, 1], [[0.9, 0.4], [0.1, 0.6]]),
        # A shadow of another, and one that covers nothing.
        ([0.9, 0.8, 0.9], [[0.9, 0.9, 0.9], [0.8, 0.8, 0.0], [0.4, 0.4, 0.4]], [0],
         [[0.9, 0.9, 0.9]]),
        ([], np.zeros((0, 3)), [], np.zeros((0, 3))),
    ],
)  # fmt: skip
def test_segments_share_no_pixel(
    scores: list[float],
    masks: NDArray[np.float64],
    kept: list[int],
    expected: NDArray[np.float64],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panoptic, "VISIBLE", 0.5)
    given = torch.tensor(np.asarray(masks), dtype=torch.float32)[:, None, :]
    numbers = torch.arange(len(given))
    left, classes, rest = segments(torch.tensor(scores), numbers, given)
    assert classes.tolist() == kept
    torch.testing.assert_close(left, torch.tensor(scores)[kept])
    np.testing.assert_allclose(rest[:, 0], np.asarray(expected), rtol=0, atol=SUMS)


@pytest.mark.parametrize("names", [("logits", "pred_masks"),
                                   ("class_queries_logits", "masks_queries_logits")])  # fmt: skip
def test_queries_that_see_nothing_or_are_not_sure_are_dropped(names: tuple[str, str]) -> None:
    logits = torch.tensor([[[0.0, 9, 0], [0, 0, 9], [1, 0, 0], [9, 0, 0]]])
    masks = torch.arange(4.0)[None, :, None, None]
    scores, classes, kept = queries(dict(zip(names, (logits, masks), strict=True)), 0.9)
    assert classes.tolist() == [1, 0]
    assert kept.flatten().tolist() == [0, 3]
    assert (scores > 0.99).all()
