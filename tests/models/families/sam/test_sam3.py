import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    CLIPTokenizer,
    Sam3ImageProcessor,
    Sam3Model,
    Sam3Processor,
    Sam3TrackerModel,
    Sam3TrackerProcessor,
    Sam3VideoConfig,
)

from models.catalog.prompted import PROMPTED
from models.families.sam import sam3
from models.families.sam.sam3_keys import detector_weights, tracker_weights
from models.interface import Box, Encoder, LoadFailed, Point, Prompt, PromptMissing
from models.running.devices import Device
from models.running.pool import Pool
from models.running.stages import recording
from tests.tiny_sam import save_sam3
from tests.tiny_sam3_published import published, save_mirror
from tests.tolerances import MATTE, SUMS

SPEC = next(spec for spec in PROMPTED if spec.name == "sam3")
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
BOX = Box(10, 10, 50, 55)
DOG = Prompt(text=("dog",))
SIDE = {"height": 56, "width": 56}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sam3")
    save_sam3(folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Encoder:
    """Finds some of its eight queries."""
    return load(folder, 0.25)


@pytest.fixture(scope="module")
def doubter(folder: Path) -> Encoder:
    """Finds nothing."""
    return load(folder, 1.01)


def load(folder: Path, threshold: float) -> Encoder:
    spec = replace(SPEC, options=MappingProxyType({"threshold": threshold}))
    return sam3.load(spec, folder, Device())


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (1, 900), (900, 1), (301, 203)])
def test_alpha_has_the_photo_s_size(model: Encoder, size: tuple[int, int]) -> None:
    height, width = size
    photo = np.full((*size, 3), 77, np.uint8)
    photo.flags.writeable = False

    matte = model.segment(photo, Prompt((Box(0, 0, width, height),), text=("dog",)))

    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1
    assert not matte.soft
    for thing in matte.objects:
        assert thing.alpha.shape == size
        assert 0 <= thing.box.x0 < thing.box.x1 <= width
        assert 0 <= thing.box.y0 < thing.box.y1 <= height


def test_words_follow_the_library_s_whole_path(folder: Path, model: Encoder) -> None:
    network = Sam3Model.from_pretrained(folder).eval()
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    processor = Sam3Processor(Sam3ImageProcessor(size=SIDE), tokenizer)
    inputs = processor(images=PHOTO, text="dog", return_tensors="pt")
    with torch.inference_mode():
        out = network(**inputs)
    expected = processor.post_process_instance_segmentation(out, 0.25, 0.5, [PHOTO.shape[:2]])[0]
    order = expected["scores"].argsort(descending=True)

    found = model.segment(PHOTO, DOG).objects

    assert [thing.name for thing in found] == [f"dog {n + 1}" for n in range(len(order))]
    assert {thing.label for thing in found} == {"dog"}
    torch.testing.assert_close(
        torch.tensor([thing.score for thing in found]), expected["scores"][order]
    )
    for thing, mask in zip(found, expected["masks"][order], strict=True):
        # Log-odds and probabilities are 0 and a half at nearly the same places between cells.
        assert ((thing.alpha > 0.5) == mask.bool().numpy()).mean() > 0.9


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt((BOX,)),
        Prompt((BOX,), (Point(20, 20), Point(40, 50, False))),
        Prompt(points=(Point(70, 30),)),
    ],
    ids=["box", "box and points", "point"],
)
def test_boxes_and_points_follow_the_tracker(folder: Path, model: Encoder, prompt: Prompt) -> None:
    """The library adds "no memory" to a level that is not used, so here it's added by hand."""
    network = Sam3TrackerModel.from_pretrained(folder).eval()
    processor = Sam3TrackerProcessor(Sam3ImageProcessor(size=SIDE))
    boxes = [[[box.x0, box.y0, box.x1, box.y1] for box in prompt.boxes]]
    points = [[[[point.x, point.y] for point in prompt.points]]]
    labels = [[[int(point.include) for point in prompt.points]]]
    told: dict[str, Any] = {"input_boxes": boxes} if prompt.boxes else {}
    if prompt.points:
        told |= {"input_points": points, "input_labels": labels}
    inputs = processor(PHOTO, **told, return_tensors="pt")
    sizes = inputs.pop("original_sizes")
    with torch.inference_mode():
        seen = network.get_image_embeddings(inputs.pop("pixel_values"))
        seen[-1] = seen[-1] + network.no_memory_embedding.view(1, -1, 1, 1)
        out = network(image_embeddings=seen, **inputs)
    best = out.pred_masks[:, :, out.iou_scores[0, 0].argmax()]
    expected = processor.post_process_masks([best], sizes, binarize=False)[0][0, 0]

    matte = model.segment(PHOTO, prompt)

    np.testing.assert_allclose(matte.alpha, expected.sigmoid().numpy(), rtol=0, atol=MATTE)
    assert matte.alpha.std() > 0.01
    assert matte.objects == ()


def test_a_kept_encoding_gives_the_same_to_the_bit(model: Encoder) -> None:
    prompts = [Prompt(), DOG, Prompt((BOX,)), Prompt((BOX,), (Point(5, 5),), ("hair", "dog"))]
    encoded = model.encode(PHOTO)
    kept = [model.decode(encoded, prompt).alpha for prompt in (*prompts, *prompts)]
    whole = [model.segment(PHOTO, prompt).alpha for prompt in prompts]

    for one, other in zip(kept, (*whole, *whole), strict=True):
        np.testing.assert_array_equal(one, other)
    # The detector's four levels of 16 channels; the tracker's three, of 2, 4 and 16.
    cells = 16 * (16**2 + 8**2 + 4**2 + 2**2) + 2 * 16**2 + 4 * 8**2 + 16 * 4**2
    assert encoded.nbytes == 4 * cells


@pytest.mark.parametrize(
    ("prompt", "labels"),
    [
        (Prompt(), {"person"}),
        (DOG, {"dog"}),
        (Prompt(text=("dog", "hair")), {"dog", "hair"}),
        (Prompt(text=(" dog ,hair", "dog", "")), {"dog", "hair"}),
        (Prompt(objects=("hair 1",)), {"hair"}),
        (Prompt(text=("dog",), objects=("dog 2",)), {"dog"}),
        (Prompt((BOX,)), set()),
        (Prompt(points=(Point(5, 5),)), set()),
        (Prompt(points=(Point(5, 5, False),)), {"person"}),
        (Prompt((BOX,), text=("dog",)), {"dog"}),
    ],
)
def test_what_is_looked_for(model: Encoder, prompt: Prompt, labels: set[str]) -> None:
    matte = model.segment(PHOTO, prompt)

    assert {thing.label for thing in matte.objects} == labels
    assert len({thing.name for thing in matte.objects}) == len(matte.objects)
    assert matte.notes == ()


def test_chosen_objects_are_the_subject(model: Encoder) -> None:
    every = model.segment(PHOTO, DOG)
    one, other = (thing.name for thing in every.objects[:2])

    chosen = model.segment(PHOTO, replace(DOG, objects=(other,)))
    both = model.segment(PHOTO, replace(DOG, objects=(one, other)))
    unknown = model.segment(PHOTO, replace(DOG, objects=(one, "dog 99")))

    assert [thing.name for thing in chosen.objects] == [thing.name for thing in every.objects]
    np.testing.assert_array_equal(chosen.alpha, every.objects[1].alpha)
    assert (both.alpha >= chosen.alpha - SUMS).all()
    assert chosen.share < both.share < every.share
    assert unknown.notes == ("No “dog 99” was found.",)
    with pytest.raises(PromptMissing, match=r"SAM 3 found no “cat 1” .* Pick of: dog 1, dog 2"):
        model.segment(PHOTO, replace(DOG, objects=("cat 1",)))
    assert model.segment(PHOTO, replace(DOG, objects=("Dog",))).share == every.share


def test_what_is_under_a_point_to_exclude_is_left_out(model: Encoder) -> None:
    every = model.segment(PHOTO, DOG)
    masks = np.stack([thing.mask > 127 for thing in every.objects])  # (things, 16, 16)
    disputed = masks.any(0) & ~masks.all(0)
    row, column = np.argwhere(disputed)[0]
    others = [thing.name for thing in every.objects if thing.mask[row, column] <= 127]
    middle = Point((column + 0.4) * 90 / 16, (row + 0.4) * 60 / 16, include=False)

    matte = model.segment(PHOTO, replace(DOG, points=(middle,)))

    expected = model.segment(PHOTO, replace(DOG, objects=tuple(others)))
    np.testing.assert_array_equal(matte.alpha, expected.alpha)
    assert len(matte.objects) == len(every.objects)


def test_nothing_found_is_an_empty_answer(doubter: Encoder) -> None:
    matte = doubter.segment(PHOTO, Prompt(text=("dog", "hair")))

    assert matte.objects == ()
    assert matte.empty
    assert matte.alpha.shape == PHOTO.shape[:2]
    assert matte.notes == (
        "No “dog” was found with a score of 1.01 or more.",
        "No “hair” was found with a score of 1.01 or more.",
    )


def test_boxes_are_heard_when_words_find_nothing(doubter: Encoder, model: Encoder) -> None:
    both = doubter.segment(PHOTO, Prompt((BOX, Box(200, 5, 300, 9)), text=("dog",)))

    np.testing.assert_array_equal(both.alpha, model.segment(PHOTO, Prompt((BOX,))).alpha)
    assert [note[:11] for note in both.notes] == ["Box 2 holds", "No “dog” wa"]


def test_a_long_phrase_is_cut_short(model: Encoder) -> None:
    assert model.segment(PHOTO, Prompt(text=("a very long phrase " * 30,))).objects


def test_the_networks_share_their_vision_transformer(model: Encoder) -> None:
    assert isinstance(model, sam3.Sam3)
    tracker, detector = (set(net.parameters()) for net in (model._tracker, model._detector))

    assert {*model._detector.vision_encoder.backbone.parameters()} <= tracker & detector


def test_half_precision_runs(folder: Path) -> None:
    half = sam3.load(SPEC, folder, Device("cpu", "bfloat16"))

    matte = half.segment(PHOTO, Prompt((BOX,), text=("dog",)))

    assert matte.alpha.dtype == np.float32
    assert matte.objects


def test_stages_are_timed(model: Encoder) -> None:
    with recording() as record:
        model.segment(PHOTO, DOG)

    assert set(record.seconds) == {"preprocess", "network", "postprocess"}


def test_without_a_tokenizer_words_would_be_noise(folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        shutil.copy(folder / name, tmp_path)

    with pytest.raises(LoadFailed, match=r"lacks tokenizer\.json"):
        sam3.load(SPEC, tmp_path, Device())


def test_the_publisher_s_names_become_the_library_s(folder: Path) -> None:
    """Nothing missing, nothing unexpected, every shape right."""
    config = Sam3VideoConfig.from_pretrained(folder)
    weights = published(words=config.detector_config.text_config.vocab_size)
    with torch.device("meta"):
        networks = Sam3Model(config), Sam3TrackerModel(config)

    renamed = detector_weights(weights), tracker_weights(weights)

    for network, tensors in zip(networks, renamed, strict=True):
        wanted = {name: tensor.shape for name, tensor in network.state_dict().items()}
        assert {name: tensor.shape for name, tensor in tensors.items()} == wanted


def test_stacked_and_turned_tensors_keep_their_numbers() -> None:
    weights = published(words=100)
    detector, tracker = detector_weights(weights), tracker_weights(weights)
    block = "detector.backbone.vision_backbone.trunk.blocks.1.attn.qkv.weight"
    text = "detector.backbone.language_backbone.encoder.text_projection"
    place = "detector.backbone.vision_backbone.trunk.pos_embed"
    points = "tracker.sam_prompt_encoder.point_embeddings."

    for number, letter in enumerate("qkv"):
        name = f"vision_encoder.backbone.layers.1.attention.{letter}_proj.weight"
        torch.testing.assert_close(detector[name], weights[block][32 * number : 32 * number + 32])
    torch.testing.assert_close(detector["text_encoder.text_projection.weight"], weights[text].T)
    torch.testing.assert_close(
        tracker["vision_encoder.backbone.embeddings.position_embeddings"], weights[place][:, 1:]
    )
    torch.testing.assert_close(
        tracker["prompt_encoder.point_embed.weight"],
        torch.cat([weights[f"{points}{kind}.weight"] for kind in range(4)]),
    )


@pytest.mark.usefixtures("no_network")
def test_the_publisher_s_file_in_a_folder_of_one_s_own_will_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_mirror(tmp_path, folder)

    monkeypatch.setenv("CUTOUT_WEIGHTS", f"sam3={tmp_path}")
    spec = replace(SPEC, options=MappingProxyType({"threshold": 0.0}), parameters=1000)
    result = Pool().run(spec, PHOTO, Prompt((BOX,), text=("dog",)), "cpu")

    assert len(result.made.objects) == 8
    assert result.made.notes == ()
    assert np.isfinite(result.made.alpha).all()
    assert result.revision == "local"
