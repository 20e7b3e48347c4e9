import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForMaskGeneration,
    Sam2ImageProcessor,
    Sam2Processor,
    SamImageProcessor,
    SamProcessor,
)

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.catalog.prompted import PROMPTED
from models.families.sam import segmenter as sam
from models.interface import Box, Encoder, LoadFailed, Point, Prompt, PromptMissing
from models.running.devices import Device
from models.running.stages import recording
from tests.tiny import tiny_row
from tests.tiny_sam import SAVERS, save_sam
from tests.tolerances import MATTE, SUMS

SPECS = {spec.name: spec for spec in PROMPTED}
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
BOX = Box(10, 10, 50, 55)


def load(spec: ModelSpec, folder: Path, device: Device) -> Encoder:
    encoder: Encoder = import_module(f"models.families.{spec.family}").load(spec, folder, device)
    return encoder


@pytest.fixture(
    scope="module",
    params=[
        "sam-vit-base",
        "sam2.1-tiny",
        *(pytest.param(name, marks=pytest.mark.extra) for name in ("edgetam", "mobile-sam")),
    ],
)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A catalogue row, and the folder with its files."""
    folder = tmp_path_factory.mktemp("saved")
    return tiny_row(SPECS[request.param], folder), folder / request.param


@pytest.fixture(scope="module")
def model(saved: tuple[ModelSpec, Path]) -> Encoder:
    return load(*saved, Device())


def photo(height: int, width: int) -> Photo:
    random = np.random.default_rng(height * width)
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    pixels.flags.writeable = False
    return pixels


@pytest.mark.parametrize(
    "size", [(1, 1), (3, 3), (1, 900), (900, 1), (48, 64), (64, 48), (301, 203)]
)
def test_alpha_has_the_photo_s_size(model: Encoder, size: tuple[int, int]) -> None:
    height, width = size

    matte = model.segment(photo(*size), Prompt((Box(0, 0, width, height),)))

    assert matte.alpha.shape == size
    assert matte.alpha.dtype == np.float32
    assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1
    assert not matte.soft


PROMPTS = [
    Prompt((BOX,)),
    Prompt((BOX,), (Point(20, 20), Point(40, 50, False), Point(30, 30))),
    Prompt(points=(Point(70, 30), Point(80, 20, False))),
]


@pytest.mark.parametrize(
    "saved",
    ["sam-vit-base", "sam2.1-tiny", pytest.param("edgetam", marks=pytest.mark.extra)],
    indirect=True,
)
@pytest.mark.parametrize("prompt", PROMPTS, ids=["box", "box and points", "points"])
def test_follows_the_library_s_whole_path(saved: tuple[ModelSpec, Path], prompt: Prompt) -> None:
    """The processor scales the prompt, the network encodes and decodes in one go, and the processor
    brings the best mask back."""
    spec, folder = saved
    network = AutoModelForMaskGeneration.from_pretrained(folder).eval()
    side = {"height": 64, "width": 64}
    if spec.name.startswith("sam-"):
        images = SamImageProcessor(size={"longest_edge": 64}, pad_size=side)
        processor: Any = SamProcessor(images)
    else:
        processor = Sam2Processor(Sam2ImageProcessor(size=side))
    told: dict[str, Any] = {}
    if prompt.boxes:
        told["input_boxes"] = [[[box.x0, box.y0, box.x1, box.y1] for box in prompt.boxes]]
    if prompt.points:
        told["input_points"] = [[[[point.x, point.y] for point in prompt.points]]]
        told["input_labels"] = [[[int(point.include) for point in prompt.points]]]
    inputs = processor(PHOTO, **told, return_tensors="pt")
    inputs = {k: v.float() if v.dtype == torch.float64 else v for k, v in inputs.items()}
    sizes = [inputs.pop(k) for k in ("original_sizes", "reshaped_input_sizes") if k in inputs]
    with torch.inference_mode():
        drawn = network(**inputs)
    best = drawn.pred_masks[:, :, drawn.iou_scores[0, 0].argmax()]
    expected = processor.post_process_masks([best], *sizes, binarize=False)[0][0, 0]

    matte = sam.load(spec, folder, Device()).segment(PHOTO, prompt)

    np.testing.assert_allclose(matte.alpha, expected.sigmoid().numpy(), rtol=0, atol=MATTE)
    assert matte.alpha.std() > 0.01  # it says something


def test_a_kept_encoding_gives_the_same_to_the_bit(model: Encoder) -> None:
    encoded = model.encode(PHOTO)
    decoded = [model.decode(encoded, prompt).alpha for prompt in (*PROMPTS, *PROMPTS)]
    whole = [model.segment(PHOTO, prompt).alpha for prompt in PROMPTS]

    for one, other in zip(decoded, (*whole, *whole), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(decoded[0], decoded[1])
    assert (encoded.height, encoded.width) == PHOTO.shape[:2]


def test_an_encoding_knows_its_size(saved: tuple[ModelSpec, Path], model: Encoder) -> None:
    # SAM: 4 × 4 cells of 16 channels. SAM 2 and EdgeTAM: also 16 × 16 of 2 and 8 × 8 of 4.
    cells = {
        "sam-vit-base": 4 * 4 * 16,
        "sam2.1-tiny": 4 * 4 * 16 + 16 * 16 * 2 + 8 * 8 * 4,
        "edgetam": 4 * 4 * 16 + 16 * 16 * 2 + 8 * 8 * 4,
        "mobile-sam": 4 * 4 * 256,
    }

    assert model.encode(PHOTO).nbytes == 4 * cells[saved[0].name]


def test_several_boxes_are_united(model: Encoder) -> None:
    boxes = (BOX, Box(60, 5, 85, 30), Box(20, 30, 80, 58))
    points = (Point(20, 20), Point(25, 20), Point(70, 10, False))  # two, one and none
    ragged = Prompt(boxes, points)
    each = [
        model.segment(PHOTO, Prompt(boxes[:1], points[:2])).alpha,
        model.segment(PHOTO, Prompt(boxes[1:2], points[2:])).alpha,
        model.segment(PHOTO, Prompt(boxes[2:])).alpha,
    ]

    matte = model.segment(PHOTO, ragged)

    # More only between cells that are surest in different ones.
    assert (matte.alpha >= np.maximum.reduce(each) - SUMS).all()
    assert all((alpha < matte.alpha - 0.01).any() for alpha in each)
    assert matte.notes == ()


def test_a_box_outside_the_photo_holds_nothing(model: Encoder) -> None:
    outside = [Box(100, 10, 120, 20), Box(-30, -30, -1, -1), Box(10, 60, 20, 70)]
    alone = model.segment(PHOTO, Prompt((BOX,)))

    matte = model.segment(PHOTO, Prompt((outside[0], BOX, *outside[1:])))

    np.testing.assert_array_equal(matte.alpha, alone.alpha)
    assert [note.split(" holds nothing")[0] for note in matte.notes] == ["Box 1", "Box 3", "Box 4"]


def test_what_the_network_does_not_believe_in_is_left_out(tmp_path: Path) -> None:
    save_sam(tmp_path, overlap=0.0)
    model = sam.load(SPECS["sam-vit-base"], tmp_path, Device())

    matte = model.segment(PHOTO, Prompt((BOX,), (Point(80, 20),)))

    assert matte.empty
    assert matte.alpha.shape == PHOTO.shape[:2]
    assert matte.notes == (
        "Box 1 holds nothing that SAM (base) can find: draw a box close around one subject.",
        "What was clicked holds nothing that SAM (base) can find: "
        "draw a box close around one subject.",
    )


@pytest.mark.parametrize(
    "prompt", [Prompt(), Prompt(text=("dog",)), Prompt(points=(Point(3, 3, include=False),))]
)
def test_without_a_prompt_it_says_what_it_needs(model: Encoder, prompt: Prompt) -> None:
    with pytest.raises(PromptMissing, match="draw a box around it or click on it"):
        model.segment(PHOTO, prompt)
    with pytest.raises(PromptMissing):
        model.decode(model.encode(PHOTO), prompt)


def test_half_precision_leaves_prompts_exact(saved: tuple[ModelSpec, Path]) -> None:
    """In bfloat16 alone, points of the square that are not 4 pixels apart would be one."""
    half = load(*saved, Device("cpu", "bfloat16"))
    encoded = half.encode(photo(1000, 1000))
    one, next_to_it = (
        half.decode(encoded, Prompt(points=(Point(x, 998),))).alpha for x in (997, 998)
    )

    assert not np.array_equal(one, next_to_it)
    for level in torch.utils._pytree.tree_leaves(encoded.value.embeddings):
        assert level.dtype == torch.bfloat16


def test_threads_share_a_model(model: Encoder) -> None:
    encoded = model.encode(PHOTO)
    expected = [model.decode(encoded, prompt).alpha for prompt in PROMPTS]
    got: dict[int, Any] = {}

    def work(number: int) -> None:
        got[number] = model.segment(PHOTO, PROMPTS[number % 3]).alpha

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number in range(6):
        np.testing.assert_allclose(got[number], expected[number % 3], rtol=0, atol=MATTE)


def test_stages_are_timed(model: Encoder) -> None:
    with recording() as record:
        model.segment(PHOTO, Prompt((BOX,)))

    assert set(record.seconds) == {"preprocess", "network", "postprocess"}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", [*SAVERS, pytest.param("edgetam", marks=pytest.mark.extra)])
def test_every_row_runs_from_its_files_alone(name: str, tmp_path: Path) -> None:
    spec = tiny_row(SPECS[name], tmp_path)
    folder = tmp_path / name
    for path in folder.iterdir():
        if path.name not in spec.files:
            path.unlink()

    model = load(spec, folder, Device())

    assert model.segment(PHOTO, Prompt((BOX,))).alpha.shape == PHOTO.shape[:2]


@pytest.mark.parametrize("damage", ["missing", "reshaped"])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, damage: str) -> None:
    save_sam(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    name = "mask_decoder.upscale_conv1.bias"
    if damage == "missing":
        del weights[name]
    else:
        weights[name] = torch.zeros(3)
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})

    with pytest.raises(LoadFailed, match=r"not SamModel's: 1 of its tensors .*upscale_conv1\.bias"):
        sam.load(SPECS["sam-vit-base"], tmp_path, Device())


@pytest.mark.parametrize("spec", PROMPTED, ids=lambda spec: spec.name)
def test_rows_are_whole(spec: ModelSpec) -> None:
    if spec.family != "sam.mobile":
        assert spec.source
        assert {"config.json", "model.safetensors"} <= {Path(name).name for name in spec.files}
        assert all(Path(name).suffix in {".json", ".safetensors"} for name in spec.files)
    assert spec.download_bytes > 4 * 0.99 * spec.parameters
    assert spec.needs_prompt == (spec.family in ("sam.segmenter", "sam.mobile", "sam.grounded"))
