"""Every row of the catalogue, loaded and run on a pretended graphics card: its small network, and
all that its adapter does on the device before and after it."""

import importlib
from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compositing.arrays import Alpha
from models.catalog import DEPTHS, MODELS, PAINTERS, ModelSpec, find
from models.interface import Box, Point, Prompt
from models.painter import Wish
from models.running import loading
from models.running.devices import Device
from tests.pretended_cuda import Wait, pretended_cuda
from tests.tiny import SAVERS, scene, tiny_options, tiny_row
from tests.tiny_depth import save_depth_anything
from tests.tiny_diffusion import tiny_painter

# A method of the schedulers' that NumPy is going to call otherwise, and of the painters' one that
# their library uses itself, but wants nobody to use.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.upcast_vae:FutureWarning"),
]

IN, OUT = "the photo goes to the card", "the answer leaves it"
ALLOWED = {
    "models.families.common.tensors: pixels.to(device.name)": IN,
    "models.families.sam.frame: inputs['pixel_values'].to(next(encoder.parameters()))": IN,
    "models.families.vitmatte: torch.from_numpy(trimap).to(values)": "so does its trimap",
    "models.families.matting.segmenter: levels[0, 0].cpu()": OUT,
    "models.families.vitmatte: drawn[0, 0].cpu()": OUT,
    "models.families.sapiens2: drawn[0].permute(1, 2, 0).cpu()": OUT,
    "models.families.sam.frame: layers[0, 0].sigmoid().cpu()": OUT,
    "models.families.depth_anything: found[0].cpu()": OUT,
    "models.families.common.tensors: (probabilities.float() * 255).round().to(torch.uint8).cpu()":
        OUT,
    "models.families.objects.deeplab: each.flatten().cpu()": OUT,
    "models.families.common.tensors: kept.nonzero()": "how many were found decides what follows",
    "models.families.objects.deeplab: probabilities[seen]": "so do the classes",
    "models.families.objects.panoptic: classes.tolist()": "a number for each that was found",
    "models.families.objects.panoptic: scores.tolist()": "the same",
    "models.families.objects.rf_detr: classes.tolist()": "the same",
    "models.families.objects.rf_detr: scores.tolist()": "the same",
    "models.families.objects.yolo: classes.tolist()": "the same",
    "models.families.objects.yolo: scores.tolist()": "the same",
    "models.families.sam.sam3: scores.tolist()": "the same",
    "models.families.sam.mm_grounding_dino: torch.tensor([said.tokens], device=pixels.device)":
        "words go to the card",
    "models.families.sam.mm_grounding_dino: told.logits[0].sigmoid().cpu()":
        "what was found decides what is cut out",
    "models.families.sam.mm_grounding_dino: told.pred_boxes[0].cpu()": "and where",
    "models.families.sam.decoder: torch.tensor(numbers, dtype=dtype, device=self._model.device)":
        "the person's boxes and points go to the card",
    "models.families.sam.decoder: drawn.iou_scores[0, 0].tolist()": "which mask is the best",
    "models.families.sam.decoder: bool((inside > 0).any())": "whether there is anything in it",
    "transformers.tokenization_utils_base": "words go to the card",
    "transformers.masking_utils": "whether all words are there, at each of the text's layers",
    "transformers.models.mm_grounding_dino.modeling_mm_grounding_dino": "sizes of maps, and words",
    "transformers.utils.import_utils": "whether the sizes of its maps agree, once a layer",
    "transformers.models.sam3.modeling_sam3": "sizes of maps, once a layer of the detector",
    "transformers.models.rf_detr.modeling_rf_detr": "sizes of maps, once a layer",
    "transformers.models.mask2former.modeling_mask2former": "sizes of maps, once",
    "transformers.models.eomt.modeling_eomt": "whether its last layers look at masks, once each",
    "ultralytics.models.sam.modules.encoders": "which of the clicks are to include",
    "torchvision.ops.boxes": "of boxes that overlap only one is kept",
    "diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_inpaint": "words, photo, hole",
    "diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl_inpaint": "the same",
    "diffusers.utils.torch_utils": "noise, which is the same on all devices",
    "diffusers.schedulers.scheduling_dpmsolver_multistep": "the noise's schedule, before the steps",
    "diffusers.schedulers.scheduling_euler_discrete": "the same",
    "diffusers.schedulers.scheduling_flow_match_euler_discrete": "the same, and as said below",
    "diffusers.pipelines.flux2.pipeline_flux2_klein_inpaint": "words, photo and hole go there",
    "diffusers.image_processor": OUT,
}  # fmt: skip
"""All that waits for a card, in a run like the one before, and why it must: by the project's module
and code, or by a library's module."""

AT_A_STEP = {"painting.flux2_klein": 3}
"""How often a step waits: for the noise of the next one, which the library looks up by its number.
Four steps, of which each takes a part of a second, make little of it."""

SIDES: dict[str, dict[str, Any]] = {
    "detr-panoptic": {"shorter": 32, "longer": 64},
    "mask2former-panoptic": {"shorter": 64, "longer": 96},
    "deeplabv3-resnet101": {"shorter": 32, "longer": 64},
    "deeplabv3-mobilenet": {"shorter": 32, "longer": 64},
}
"""At which the small networks find something in the scene; the published ones take long."""

PHOTO = scene(60, 88)
TOLD = Prompt(
    boxes=(Box(20, 10, 70, 50), Box(2, 2, 30, 58)),
    points=(Point(40, 30), Point(75, 30), Point(5, 5, include=False)),
)
WISH = Wish("a dog")
NEAR = 1.5 / 255
"""Both devices' masks are the same but for a level here and there, where rounding falls otherwise:
less than two levels."""


def told(spec: ModelSpec) -> list[Prompt]:
    """What is asked of the row: each way of prompting that there is."""
    kinds = [Prompt(text=("person, dog",))] if "text" in spec.prompts else []
    return [*kinds, TOLD.only(spec.prompts)]


def alike(spec: ModelSpec) -> tuple[object, ...]:
    """Rows whose small networks and settings are the same are walked once."""
    options = {name: value for name, value in tiny_options(spec).items() if name != "patch_order"}
    return spec.family, SAVERS.get(spec.name), str({**options, **SIDES.get(spec.name, {})})


def formats(spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Of a row, those that it gets on new cards and on old ones, and float32."""
    found = {"float32"}
    for half in ("bfloat16", "float16"):
        monkeypatch.setattr(loading, "resolve", lambda wanted, half=half: Device(wanted, half))
        found.add(loading.device_of(spec, "cuda").dtype)
    return found


WALKED = {alike(spec): spec.name for spec in reversed(MODELS) if spec.engine == "torch"}
EXTRA = [spec.name for spec in MODELS if spec.extra]
HALVES = ("float16", "bfloat16")
"""The rows take turns: what waits for the card is the same for both."""

FORMATS = ("float32", *HALVES)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("on_cuda")


def outside_the_list(waits: Counter[Wait]) -> list[Wait]:
    keys = {f"{wait.module}: {wait.code}".replace('"', "'"): wait for wait in waits}
    return [wait for key, wait in keys.items() if key not in ALLOWED and wait.module not in ALLOWED]


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        pytest.param(name, dtype, marks=[pytest.mark.extra] * (name in EXTRA))
        for name, half in zip(WALKED.values(), cycle(HALVES), strict=False)
        for dtype in ("float32", half)
    ],
)
def test_a_row_runs_on_a_card_and_waits_only_where_it_must(
    name: str, dtype: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_LONGEST_SIDE", "256")
    row = tiny_row(find(name), home)
    assert dtype in formats(row, monkeypatch)
    spec = replace(row, options={**row.options, **SIDES.get(name, {})})
    adapter: Any = importlib.import_module(f"models.families.{spec.family}")
    here = adapter.load(spec, home / name, Device())
    with pretended_cuda() as card:
        there = adapter.load(spec, home / name, Device("cuda", dtype))
        if hasattr(adapter, "warm_up"):
            adapter.warm_up(there)
        for prompt in told(spec):
            run(there, prompt)
        card.waits.clear()  # what is kept for a size is there now
        mattes = [run(there, prompt) for prompt in told(spec)]
    assert outside_the_list(card.waits) == []
    for prompt, alpha in zip(told(spec), mattes, strict=True):
        assert alpha.shape == PHOTO.shape[:2]
        assert np.isfinite(alpha).all()
        if dtype == "float32":
            np.testing.assert_allclose(alpha, run(here, prompt), rtol=0, atol=NEAR)


def run(model: Any, prompt: Prompt) -> Alpha:
    alpha: Alpha = model.segment(PHOTO, prompt).alpha
    return alpha


@pytest.mark.parametrize("dtype", FORMATS)
def test_depth_is_told_on_a_card_without_a_wait_but_the_last(
    dtype: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (spec,) = DEPTHS
    assert dtype in formats(spec, monkeypatch)
    if not (home / spec.name).exists():
        save_depth_anything(home / spec.name)
    adapter: Any = importlib.import_module(f"models.families.{spec.family}")
    small = replace(spec, options={"side": 70})
    here = adapter.load(small, home / spec.name, Device()).depth(PHOTO)
    with pretended_cuda() as card:
        there = adapter.load(small, home / spec.name, Device("cuda", dtype))
        adapter.warm_up(there)
        there.depth(PHOTO)
        card.waits.clear()
        told = there.depth(PHOTO)
    assert outside_the_list(card.waits) == []
    assert told.shape == here.shape
    assert np.isfinite(told).all()
    if dtype == "float32":
        np.testing.assert_allclose(told, here, rtol=0, atol=1e-3 * np.ptp(here))


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("name", [spec.name for spec in PAINTERS])
def test_a_painter_paints_on_a_card_and_its_steps_wait_only_where_they_must(
    name: str, half: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_painter(find(name, PAINTERS), home)
    assert formats(spec, monkeypatch) == {"float32", spec.half_on_gpu}
    dtype = spec.half_on_gpu if half and spec.half_on_gpu else "float32"
    adapter: Any = importlib.import_module(f"models.families.{spec.family}")
    alpha = np.zeros(PHOTO.shape[:2], np.float32)
    alpha[20:40, 20:60] = 1

    def load(device: Device) -> Any:
        painter = adapter.load(spec, home / name, device)
        if not spec.reader_parameters:
            return painter.paint
        read = adapter.load_reader(spec, home / name, device).read
        return lambda *told: painter.paint(*told, words=read(WISH.prompt))

    def paint(by: Any, steps: int) -> Any:
        wish = replace(WISH, negative="a unicorn" if spec.habits.guidance else "", steps=steps)
        return by(PHOTO, alpha, spec.habits.settle(wish, name), lambda *_: None).astype(int)

    with pretended_cuda() as card:
        there = load(Device("cuda", dtype))
        waits = []
        for steps in (3, 2):
            card.waits.clear()
            picture = paint(there, steps)
            waits.append(card.waits.total())
    assert outside_the_list(card.waits) == []
    assert waits[0] == waits[1] + AT_A_STEP.get(spec.family, 0)
    if dtype == "float32":
        expected = paint(load(Device()), steps=2)
        assert np.abs(picture - expected).max() <= 1  # a level, where a rounding falls otherwise


def test_all_rows_are_walked_in_all_formats_that_they_get(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_cards = [spec for spec in MODELS if spec.engine == "torch"]
    assert {alike(spec) for spec in on_cards} == set(WALKED)
    assert set().union(*(formats(spec, monkeypatch) for spec in on_cards)) <= set(FORMATS)
