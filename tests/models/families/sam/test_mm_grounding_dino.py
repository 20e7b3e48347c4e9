"""What MM-Grounding-DINO finds: its small network against the library's, and made-up answers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    BertTokenizer,
    GroundingDinoImageProcessor,
    GroundingDinoProcessor,
    MMGroundingDinoForObjectDetection,
)
from transformers.models.mm_grounding_dino.modeling_mm_grounding_dino import build_label_maps

from models.families.sam.mm_grounding_dino import Detection, Detector, Settings
from models.running.devices import Device
from tests.tiny_grounded import SMALL, save_detector
from tests.tolerances import SUMS

PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("detector")
    save_detector(folder)
    return folder


@pytest.fixture
def detector(home: Path) -> Detector:
    return Detector(home, Device(), Settings(threshold=0.0, overlap=1.0, **SMALL))


def finds(detector: Detector, *phrases: str) -> list[Detection]:
    with torch.inference_mode():
        said = detector.sentence(phrases)
        return detector.find(detector.pixels(PHOTO), said, *PHOTO.shape[:2])


@pytest.mark.parametrize("phrases", [("dog",), ("red dog", "person"), ("dog", "dogs", "hair")])
def test_boxes_and_scores_are_the_library_s(
    phrases: tuple[str, ...], home: Path, detector: Detector
) -> None:
    """Up to its labels, for which the library takes tokens one by one; which of them are a
    phrase's it tells where it is trained."""
    network = MMGroundingDinoForObjectDetection.from_pretrained(home).eval()
    sides = {"shortest_edge": SMALL["shorter"], "longest_edge": SMALL["longer"]}
    processor = GroundingDinoProcessor(
        GroundingDinoImageProcessor(size=sides), BertTokenizer.from_pretrained(home)
    )
    inputs = processor(images=PHOTO, text=[list(phrases)], return_tensors="pt")
    if not torch.allclose(detector.pixels(PHOTO), inputs["pixel_values"], rtol=0, atol=SUMS):
        pytest.skip("these kernels round resized bytes otherwise: the networks see other pixels")
    with torch.inference_mode():
        out = network(**inputs)
    (told,) = processor.post_process_grounded_object_detection(out, None, 0, 1, [PHOTO.shape[:2]])
    (maps,) = build_label_maps(out.logits, inputs["input_ids"])
    scores = (out.logits[0].sigmoid()[:, None] * maps).amax(-1)  # (queries, phrases)
    limits = torch.tensor([90.0, 60, 90, 60])
    expected = []
    for box, (score, which) in zip(told["boxes"], zip(*scores.max(1), strict=True), strict=True):
        x0, y0, x1, y1 = torch.minimum(box.clamp(min=0), limits).tolist()
        if x1 - x0 >= 1 and y1 - y0 >= 1:
            expected.append((phrases[which], float(score), (x0, y0, x1, y1)))
    expected.sort(key=lambda each: -each[1])

    found = finds(detector, *phrases)

    assert len(found) == len(expected) > 3
    for (phrase, score, box), one in zip(found, expected, strict=True):
        assert phrase == one[0]
        np.testing.assert_allclose(score, one[1], atol=SUMS)
        np.testing.assert_allclose((box.x0, box.y0, box.x1, box.y1), one[2], atol=1e-2)


def answering(detector: Detector, rows: list[tuple[dict[int, float], tuple[float, ...]]]) -> None:
    """Let the network say this: of each query, the odds by token and the box, (cx, cy, w, h)."""
    logits = torch.full((1, len(rows), 32), -torch.inf)
    for query, (levels, _) in enumerate(rows):
        for token, level in levels.items():
            logits[0, query, token] = float(torch.tensor(level).logit())
    boxes = torch.tensor([[box for _, box in rows]])
    config = detector._network.config
    answer = SimpleNamespace(logits=logits, pred_boxes=boxes)

    class Network:
        def __init__(self) -> None:
            self.config = config

        def __call__(self, **_: Any) -> SimpleNamespace:
            return answer

    detector._network = Network()


# In "red dog. person.": [CLS] red dog . person . [SEP]
RED, OF_DOG, END, OF_PERSON = 1, 2, 3, 4
LEFT, RIGHT, LARGE = (0.25, 0.5, 0.4, 0.6), (0.75, 0.5, 0.4, 0.6), (0.5, 0.5, 0.8, 0.8)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # The surest of a phrase's own tokens counts; its end isn't one of them.
        ([({RED: 0.2, OF_DOG: 0.6, END: 0.9}, LEFT)], [("red dog", 0.6)]),
        ([({END: 0.9, 0: 0.9, 6: 0.9}, LEFT)], []),
        ([({RED: 0.4, OF_PERSON: 0.7}, LEFT)], [("person", 0.7)]),
        ([({RED: 0.299}, LEFT), ({RED: 0.301}, RIGHT)], [("red dog", 0.301)]),
        # The surest first; of two boxes of one thing, the surer.
        ([({RED: 0.5}, LEFT), ({OF_DOG: 0.8}, RIGHT)], [("red dog", 0.8), ("red dog", 0.5)]),
        ([({RED: 0.5}, LEFT), ({OF_DOG: 0.8}, LEFT)], [("red dog", 0.8)]),
        ([({RED: 0.5}, LEFT), ({OF_PERSON: 0.8}, LEFT)], [("person", 0.8), ("red dog", 0.5)]),
        ([({RED: 0.5}, LARGE), ({RED: 0.8}, (0.5, 0.5, 0.8, 0.6))], [("red dog", 0.8)]),
        ([({RED: 0.5}, LARGE), ({RED: 0.8}, (0.5, 0.5, 0.8, 0.5))],
         [("red dog", 0.8), ("red dog", 0.5)]),
        # Less than a pixel, or beside the photo.
        ([({RED: 0.5}, (0.5, 0.5, 0.01, 0.5)), ({RED: 0.5}, (0.5, 0.5, 0.5, 0.0))], []),
        ([({RED: 0.5}, (1.5, 0.5, 0.5, 0.5))], []),
    ],
)  # fmt: skip
def test_what_is_made_of_the_network_s_answer(
    rows: list[tuple[dict[int, float], tuple[float, ...]]],
    expected: list[tuple[str, float]],
    detector: Detector,
) -> None:
    detector._settings = Settings(threshold=0.3, overlap=0.7, **SMALL)
    answering(detector, rows)
    found = finds(detector, "red dog", "person")
    assert [(each.phrase, round(each.score, 5)) for each in found] == expected


def test_a_box_ends_where_the_photo_does(detector: Detector) -> None:
    answering(detector, [({RED: 0.5}, (0.1, 0.9, 0.4, 0.4))])
    ((_, _, box),) = finds(detector, "red dog", "person")
    np.testing.assert_allclose((box.x0, box.y0, box.x1, box.y1), (0, 42, 27, 60), atol=1e-4)
