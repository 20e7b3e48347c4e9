from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from models.catalog import find
from models.families.sam import grounded, segmenter
from models.families.sam.grounded import GroundedSam
from models.families.sam.mm_grounding_dino import Detection, Detector
from models.hub.folder import Folder
from models.interface import Box, Point, Prompt, PromptMissing, RunFailed
from models.running.devices import Device
from models.running.pool import Pool
from models.running.stages import recording
from tests.tiny_grounded import SMALL, save_grounded_sam2

SPEC = find("grounded-sam2")
HERE = Device()
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
BOX = Box(10, 10, 50, 55)
DOG = Prompt(text=("dog",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grounded")
    save_grounded_sam2(folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> GroundedSam:
    return load(folder, threshold=0.0)


def load(folder: Folder, device: Device = HERE, **options: Any) -> GroundedSam:
    spec = replace(SPEC, options={**SPEC.options, **SMALL, **options})
    loaded = grounded.load(spec, folder, device)
    assert isinstance(loaded, GroundedSam)
    return loaded


def finds(detector: Detector, *phrases: str) -> list[Detection]:
    with torch.inference_mode():
        said = detector.sentence(phrases)
        return detector.find(detector.pixels(PHOTO), said, *PHOTO.shape[:2])


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (1, 900), (900, 1), (301, 203)])
def test_alpha_has_the_photo_s_size(model: GroundedSam, size: tuple[int, int]) -> None:
    height, width = size
    photo = np.full((*size, 3), 77, np.uint8)
    photo.flags.writeable = False

    matte = model.segment(photo, Prompt((Box(0, 0, width, height),), text=("dog",)))

    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1
    assert not matte.soft
    for thing in matte.objects:
        assert 0 <= thing.box.x0 < thing.box.x1 <= width
        assert 0 <= thing.box.y0 < thing.box.y1 <= height


def test_each_thing_is_cut_out_in_its_box(model: GroundedSam) -> None:
    detections = finds(model.detector, "red dog", "person")
    matte = model.segment(PHOTO, Prompt(text=("Red dog, person",)))

    labels = [each.phrase.replace("red", "Red") for each in detections]
    numbers = [labels[: place + 1].count(label) for place, label in enumerate(labels)]
    names = [f"{label} {number}" for label, number in zip(labels, numbers, strict=True)]
    assert [thing.name for thing in matte.objects] == names
    assert [thing.score for thing in matte.objects] == [each.score for each in detections]
    for thing, each in zip(matte.objects, detections, strict=True):
        drawn = model.segment(PHOTO, Prompt((each.box,))).alpha
        # Log-odds and probabilities are 0 and a half at nearly the same places between cells.
        assert ((thing.alpha > 0.5) == (drawn > 0.5)).mean() > 0.9


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt((BOX,)),
        Prompt((BOX, Box(0, 0, 20, 20)), (Point(20, 20), Point(80, 50, include=False))),
        Prompt(points=(Point(70, 30),)),
    ],
    ids=["box", "boxes and points", "point"],
)
def test_boxes_and_points_are_sam_2_s(folder: Path, model: GroundedSam, prompt: Prompt) -> None:
    sam = segmenter.load(find("sam2.1-tiny"), folder / "segmenter", Device())
    expected, matte = sam.segment(PHOTO, prompt), model.segment(PHOTO, prompt)

    np.testing.assert_array_equal(matte.alpha, expected.alpha)
    assert matte.objects == ()
    assert matte.notes == ()


def counting(monkeypatch: pytest.MonkeyPatch, model: GroundedSam) -> list[str]:
    """What runs from now on, of the costly parts."""
    run: list[str] = []
    seen, found = model.sam._model.get_image_embeddings, model.detector.find

    def embed(*given: Any) -> Any:
        run.append("SAM 2")
        return seen(*given)

    def find(*given: Any) -> Any:
        run.append("detector")
        return found(*given)

    monkeypatch.setattr(model.sam._model, "get_image_embeddings", embed)
    monkeypatch.setattr(model.detector, "find", find)
    return run


def test_only_other_words_wait_for_the_detector(
    model: GroundedSam, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = counting(monkeypatch, model)
    encoded = model.encode(PHOTO)
    assert run == ["SAM 2"]
    model.decode(encoded, Prompt((BOX,)))
    assert run == ["SAM 2"]
    first = model.decode(encoded, DOG)
    assert run == ["SAM 2", "detector"]
    name = first.objects[0].name
    for prompt in (DOG, replace(DOG, objects=(name,)), replace(DOG, boxes=(BOX,)), Prompt((BOX,))):
        model.decode(encoded, prompt)
    assert run == ["SAM 2", "detector"]
    model.decode(encoded, Prompt(text=("hair",)))
    assert run == ["SAM 2", "detector", "detector"]


def test_a_kept_encoding_gives_the_same_to_the_bit(model: GroundedSam) -> None:
    prompts = [DOG, Prompt((BOX,)), Prompt((BOX,), (Point(5, 5),), ("hair", "dog"))]
    encoded = model.encode(PHOTO)
    kept = [model.decode(encoded, prompt) for prompt in (*prompts, *prompts)]
    whole = [model.segment(PHOTO, prompt) for prompt in prompts]

    for one, other in zip(kept, (*whole, *whole), strict=True):
        np.testing.assert_array_equal(one.alpha, other.alpha)
        assert [each.name for each in one.objects] == [each.name for each in other.objects]
    # SAM 2's levels of 2, 4 and 16 channels, and what the detector will look at.
    cells = 2 * 16**2 + 4 * 8**2 + 16 * 4**2
    assert encoded.nbytes == 4 * (cells + 3 * 64 * 96)


def test_chosen_objects_are_the_subject(model: GroundedSam) -> None:
    every = model.segment(PHOTO, DOG)
    one, other = (thing.name for thing in every.objects[:2])

    chosen = model.segment(PHOTO, replace(DOG, objects=(other,)))
    by_name = model.segment(PHOTO, Prompt(objects=(other,)))
    unknown = model.segment(PHOTO, replace(DOG, objects=(one, "dog 99")))

    assert [thing.name for thing in chosen.objects] == [thing.name for thing in every.objects]
    np.testing.assert_array_equal(chosen.alpha, every.objects[1].alpha)
    np.testing.assert_array_equal(by_name.alpha, chosen.alpha)
    assert unknown.notes == ("No “dog 99” was found.",)
    with pytest.raises(
        PromptMissing, match=r"^Grounded SAM 2 found no “cat 1” .* of: dog 1, dog 2"
    ):
        model.segment(PHOTO, replace(DOG, objects=("cat 1",)))


def test_what_is_not_there_and_what_can_not_be_read_is_told(folder: Path) -> None:
    doubter = load(folder, threshold=1.01)
    prompt = Prompt((Box(200, 5, 300, 9),), text=("dog", "🐕", "hair"))
    matte = doubter.segment(PHOTO, prompt)

    assert matte.objects == ()
    assert matte.empty
    box, *others = matte.notes
    assert box.startswith("Box 1 holds nothing")
    assert others == [
        "“🐕” holds no word that Grounded SAM 2 knows: say it in English.",
        "No “dog” was found with a score of 1.01 or more.",
        "No “hair” was found with a score of 1.01 or more.",
    ]


def test_words_that_none_can_be_read_run_nothing(
    model: GroundedSam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        model.detector, "_network", SimpleNamespace(config=SimpleNamespace(max_text_len=9))
    )
    matte = model.segment(PHOTO, Prompt(text=("...",)))
    assert matte.empty
    assert matte.notes == ("“...” holds no word that Grounded SAM 2 knows: say it in English.",)


def test_too_many_words_are_refused(model: GroundedSam) -> None:
    with pytest.raises(RunFailed, match="this model reads 32"):
        model.segment(PHOTO, Prompt(text=tuple(f"{'red ' * each}dog" for each in range(9))))


@pytest.mark.parametrize(
    "prompt", [Prompt(), Prompt(points=(Point(5, 5, include=False),)), Prompt(text=(" ",))]
)
def test_it_must_be_told(model: GroundedSam, prompt: Prompt) -> None:
    with pytest.raises(
        PromptMissing, match=r"^Grounded SAM 2 must be told .*: name it, draw a box"
    ):
        model.segment(PHOTO, prompt)
    if not prompt.text:
        with pytest.raises(PromptMissing, match="name it, draw a box around it or click on it"):
            Pool().run(SPEC, PHOTO, prompt, "cpu")


def test_half_precision_leaves_the_boxes_as_they_are(folder: Path, model: GroundedSam) -> None:
    half = load(folder, Device("cpu", "bfloat16"), threshold=0.0)

    assert finds(half.detector, "dog", "hair") == finds(model.detector, "dog", "hair")
    matte = half.segment(PHOTO, Prompt((BOX,), text=("dog",)))
    assert matte.alpha.dtype == np.float32
    assert matte.objects
    np.testing.assert_allclose(
        matte.alpha.mean(),
        model.segment(PHOTO, Prompt((BOX,), text=("dog",))).alpha.mean(),
        atol=0.1,
    )


def test_stages_are_timed(model: GroundedSam) -> None:
    with recording() as record:
        model.segment(PHOTO, DOG)

    assert set(record.seconds) == {"preprocess", "network", "postprocess"}
