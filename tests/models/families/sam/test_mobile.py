"""What it does as SAM does is tested in test_sam.py."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate

from models.catalog import find
from models.families.sam.mobile import build, load
from models.interface import Box, LoadFailed, Point, Prompt
from models.running.devices import Device
from models.running.extra import restrained
from tests.stranger import Stranger
from tests.tiny_sam import save_mobile_sam
from tests.tolerances import MATTE

SPEC = find("mobile-sam")
SIDE = 128
SMALL = replace(SPEC, options={"side": SIDE})
PHOTO = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
BOX = Box(20, 20, 100, 110)
POINTS = (Point(40, 40), Point(80, 100, include=False), Point(60, 60))

pytestmark = [pytest.mark.extra, pytest.mark.usefixtures("no_network")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mobile-sam")
    save_mobile_sam(SPEC, folder)
    return folder


@pytest.mark.parametrize(
    "prompt",
    [Prompt((BOX,)), Prompt((BOX,), POINTS), Prompt(points=POINTS)],
    ids=["box", "box and points", "points"],
)
def test_follows_the_package_s_own_path(folder: Path, prompt: Prompt) -> None:
    """Its predictor prepares photo and prompt, and runs the network. The photo fills the square:
    elsewhere the predictor pads it with grey, which the network wasn't trained with."""
    weights = torch.load(folder / SPEC.files[0], weights_only=True)
    network: Any = build()
    network.load_state_dict(weights)
    network.set_imgsz([SIDE, SIDE])
    with restrained():
        predict = import_module("ultralytics.models.sam.predict")
        predictor = predict.Predictor(overrides={"device": "cpu", "imgsz": SIDE})
    predictor.setup_model(network, verbose=False)
    predictor.imgsz, predictor.batch = [SIDE, SIDE], (None, [PHOTO])
    told: dict[str, Any] = {}
    if prompt.boxes:
        told["bboxes"] = [[BOX.x0, BOX.y0, BOX.x1, BOX.y1]]
    if prompt.points:
        told["points"] = [[[point.x, point.y] for point in POINTS]]
        told["labels"] = [[int(point.include) for point in POINTS]]
    with torch.inference_mode():
        pixels = predictor.preprocess([PHOTO[..., ::-1]])
        masks, overlaps = predictor.prompt_inference(pixels, **told, multimask_output=True)
        best = masks[overlaps.argmax()][None, None]
        expected = interpolate(best, (SIDE, SIDE), mode="bilinear")[0, 0].sigmoid()

    alpha = load(SMALL, folder, Device()).segment(PHOTO, prompt).alpha

    np.testing.assert_allclose(alpha, expected.numpy(), rtol=0, atol=MATTE)
    assert alpha.std() > 0.01  # it says something


def test_the_photo_is_seen_with_its_longer_side_at_1024(folder: Path) -> None:
    encoded = load(SPEC, folder, Device()).encode(PHOTO[:, :96])
    assert encoded.value.embeddings.shape == (1, 256, 64, 64)
    assert encoded.value.frame.inner == (1024, 768)


@pytest.mark.parametrize("name", [*SPEC.files, *SPEC.instead])
@pytest.mark.parametrize("given", ["file", "folder"])
def test_is_read_from_either_name(folder: Path, tmp_path: Path, name: str, given: str) -> None:
    (tmp_path / name).symlink_to(folder / SPEC.files[0])
    model = load(SMALL, tmp_path / name if given == "file" else tmp_path, Device())
    assert model.segment(PHOTO, Prompt((BOX,))).alpha.shape == PHOTO.shape[:2]


def test_a_strangers_pickle_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"image_encoder": Stranger()}, tmp_path / SPEC.files[0])
    with pytest.raises(LoadFailed, match=r"can't be read as weights\. Download"):
        load(SPEC, tmp_path, Device())
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"image_encoder.neck.0.weight": None}, r"1 missing \(image_encoder\.neck\.0\.weight\)\."),
        ({"pixel_mean": torch.zeros(3)}, r"1 unknown \(pixel_mean\)\."),
        (
            {"mask_decoder.iou_token.weight": torch.zeros(2, 256)},
            r"1 of another shape \(mask_decoder\.iou_token\.weight: 2×256 in place of 1×256\)\.",
        ),
    ],
    ids=["missing", "unknown", "reshaped"],
)
def test_weights_that_do_not_fit_are_refused(
    folder: Path, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    weights = torch.load(folder / SPEC.files[0], weights_only=True) | changes
    kept = {name: tensor for name, tensor in weights.items() if tensor is not None}
    torch.save(kept, tmp_path / "mobile_sam.pt")
    with pytest.raises(LoadFailed, match=rf"of its tensors, {sentence}"):
        load(SPEC, tmp_path / "mobile_sam.pt", Device())
