"""FLUX.2 klein with small random weights: against the library's own pipeline, and through the
pool."""

import json
import shutil
import traceback
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from compositing.arrays import Alpha, Photo
from models.catalog import PAINTERS, ModelSpec, find
from models.families.common.tensors import read_shards
from models.families.painting import flux2_klein
from models.families.painting.canvas import canvas_of, longest_side
from models.families.painting.flux2_klein import CELL, load, load_reader
from models.interface import Cancelled, LoadFailed, RunFailed
from models.painter import Wish
from models.running.devices import Device
from models.running.loading import device_of
from models.running.pool import Pool
from tests.hub import Hub
from tests.tiny_diffusion import tiny_painter
from tests.tiny_klein import AROUND, LAYERS

NAME = "flux.2-klein-4b"
WISH = Wish("a quiet beach", steps=4, seed=7)
INDEX = "model.safetensors.index.json"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("klein")


@pytest.fixture(scope="session")
def row(home: Path) -> ModelSpec:
    return tiny_painter(find(NAME, PAINTERS), home)


@pytest.fixture(autouse=True)
def own_weights(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(home))


@pytest.fixture
def folder(row: ModelSpec, home: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return shutil.copytree(home / row.name, tmp_path / "other")


def scene(height: int = 90, width: int = 140) -> tuple[Photo, Alpha]:
    photo = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    alpha = np.zeros((height, width), np.float32)
    alpha[height // 4 : -height // 4, width // 4 : -width // 4] = 1
    return photo, alpha


def silent(done: int, total: int) -> None:
    pass


def paint(pool: Pool, spec: ModelSpec, wish: Wish = WISH) -> Photo:
    return pool.paint(spec, *scene(), wish, "cpu", step=silent).made


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_it_is_what_the_librarys_own_pipeline_paints(
    dtype: str, row: ModelSpec, home: Path, no_network: None
) -> None:
    """Loaded by the library, told the words themselves, on the same canvas and hole."""
    from diffusers import Flux2KleinInpaintPipeline

    whole = Flux2KleinInpaintPipeline.from_pretrained(
        home / row.name, local_files_only=True, dtype=getattr(torch, dtype)
    )
    assert whole.config.is_distilled
    photo, alpha = scene()
    side = longest_side(alpha.shape, row.options["area"], CELL)
    canvas = canvas_of(photo, alpha, side, CELL)
    expected = whole(
        prompt=WISH.prompt,
        image=Image.fromarray(canvas.image),
        mask_image=Image.fromarray(255 * canvas.hole),
        strength=1.0,
        num_inference_steps=4,
        guidance_scale=1.0,
        text_encoder_out_layers=LAYERS,
        generator=torch.Generator("cpu").manual_seed(7),
        output_type="np",
    ).images[0]
    assert expected.shape == canvas.image.shape  # it didn't shrink the canvas
    levels = np.rint(255 * expected).astype(np.uint8)[: canvas.height, : canvas.width]
    device = Device("cpu", dtype)
    words = load_reader(row, home / row.name, device).read(WISH.prompt)
    painter = load(row, home / row.name, device)
    np.testing.assert_array_equal(painter.paint(photo, alpha, WISH, silent, words), levels)


def test_the_same_seed_paints_the_same_and_words_are_heard(
    row: ModelSpec, no_network: None
) -> None:
    """By the pool, from files and with every connection refused."""
    pool, before = Pool(), torch.get_rng_state()
    first = paint(pool, row)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, paint(pool, row))
    assert (first != paint(pool, row, replace(WISH, seed=8))).any()
    assert (first != paint(pool, row, replace(WISH, prompt="a quiet beech"))).any()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "shape", [(64, 64), (3000, 4000), (4000, 3000), (451, 300), (100, 4000), (4, 900), (7, 5)]
)
@pytest.mark.parametrize("area", [64 * 64, 1024 * 1024])
def test_a_canvas_is_as_large_as_may_be_and_no_larger(shape: tuple[int, int], area: int) -> None:
    def pixels(side: int) -> int:
        return canvas_of(photo, np.ones(shape, np.float32), side, CELL).hole.size

    photo = np.zeros((*shape, 3), np.uint8)
    side = longest_side(shape, area, CELL)
    assert pixels(side) <= area < pixels(side + 1)


MEGABYTE = 10**6


@pytest.mark.parametrize(
    ("budget", "loaded", "held"),
    [
        (9 * MEGABYTE, ["load_reader", "load"], {"load", "load_reader"}),
        # They change places for each new prompt, not for a second seed.
        (6 * MEGABYTE, ["load_reader", "load"] * 2, {"load"}),
    ],
)
def test_the_text_encoder_is_there_while_painting_only_where_memory_allows(
    budget: int, loaded: list[str], held: set[str], row: ModelSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both halves take 4 MB, what is read of a prompt 0.1 MB."""
    spec = replace(row, parameters=2 * MEGABYTE, reader_parameters=MEGABYTE)
    wishes = (WISH, replace(WISH, seed=8), replace(WISH, prompt="snow"))
    roomy = Pool(lambda _: 10 * budget)
    expected = [paint(roomy, spec, wish) for wish in wishes]
    order: list[str] = []
    there: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
    while_painting: list[set[str]] = []

    def noted(name: str, loader: Callable[..., Any]) -> Callable[..., Any]:
        def load(*given: Any) -> Any:
            order.append(name)
            there[name] = made = loader(*given)
            return made

        return load

    for name in ("load", "load_reader"):
        monkeypatch.setattr(flux2_klein, name, noted(name, getattr(flux2_klein, name)))
    pool = Pool(lambda _: budget)
    for wish, picture in zip(wishes, expected, strict=True):
        result = pool.paint(
            spec, *scene(), wish, "cpu", step=lambda *_: while_painting.append(set(there))
        )
        np.testing.assert_array_equal(result.made, picture)
    assert order == loaded
    assert while_painting == [held] * 12


def test_steps_are_counted_and_all_is_timed(row: ModelSpec) -> None:
    seen: list[tuple[int, int]] = []
    result = Pool().paint(
        row, *scene(), WISH, "cpu", step=lambda done, total: seen.append((done, total))
    )
    assert seen == [(number, 4) for number in (1, 2, 3, 4)]
    assert {"load", "preprocess", "network"} <= set(result.seconds)
    assert result.revision == "local"


@pytest.mark.parametrize("modules", [0, 20])
def test_it_can_be_stopped_midway_and_paints_again(modules: int, row: ModelSpec) -> None:
    """Stopped after the second step, or on the way to the third."""
    pool, steps = Pool(), list[int]()
    more = iter(range(modules))

    def stop() -> None:
        if len(steps) == 2 and next(more, None) is None:
            raise Cancelled

    with pytest.raises(Cancelled):
        pool.paint(row, *scene(), WISH, "cpu", step=lambda done, _: steps.append(done), check=stop)
    assert steps == [1, 2]
    np.testing.assert_array_equal(paint(pool, row), paint(Pool(), row))


def test_it_can_be_stopped_while_it_reads(row: ModelSpec) -> None:
    reading: list[str] = []

    def stop() -> None:
        frames = traceback.extract_stack()
        reading.extend(frame.name for frame in frames if frame.name == "encode_prompt")
        if len(reading) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        Pool().paint(row, *scene(), WISH, "cpu", step=silent, check=stop)
    assert len(reading) == 5


def test_words_that_would_be_left_out_are_an_error(row: ModelSpec) -> None:
    """The tiny tokenizer makes a token of each letter."""
    fitting = "x" * (512 - AROUND)
    assert paint(Pool(), row, replace(WISH, prompt=fitting)).any()
    with pytest.raises(RunFailed, match=r"^“x{40}…” is too long for this model by about 4 words"):
        paint(Pool(), row, replace(WISH, prompt=f"{fitting}xxxx"))


def test_a_painting_without_colours_is_an_error(row: ModelSpec, home: Path) -> None:
    painter = load(row, home / row.name, Device())
    words = load_reader(row, home / row.name, Device()).read("snow")
    with torch.no_grad():
        painter.pipeline.vae.decoder.conv_out.bias.fill_(float("nan"))
    with pytest.raises(RunFailed, match="holds no colours"):
        painter.paint(*scene(), WISH, silent, words)


@pytest.mark.parametrize("part", [load, load_reader])
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"_class_name": "FluxPipeline"}, "a FluxPipeline, which doesn't paint into photos"),
        ({"_class_name": "Flux2KleinPipeline"}, "isn't distilled, which paints by guidance"),
    ],
)
def test_folders_of_something_else(
    told: dict[str, str], expected: str, part: Any, row: ModelSpec, folder: Path
) -> None:
    (folder / "model_index.json").write_text(json.dumps(told))
    with pytest.raises(LoadFailed, match=expected):
        part(row, folder, Device())


@pytest.mark.parametrize(
    ("file", "part", "network"),
    [
        ("transformer/diffusion_pytorch_model.safetensors", load, "Flux2Transformer2DModel"),
        ("vae/diffusion_pytorch_model.safetensors", load, "AutoencoderKLFlux2"),
        ("text_encoder/model-00002-of-00002.safetensors", load_reader, "Qwen3Model"),
    ],
)
@pytest.mark.parametrize("spoil", ["missing", "unknown", "of another shape"])
def test_weights_that_do_not_fit_are_refused(
    file: str, part: Any, network: str, spoil: str, row: ModelSpec, folder: Path
) -> None:
    tensors = load_file(folder / file)
    first = next(iter(tensors))
    if spoil == "missing":
        del tensors[first]
    elif spoil == "unknown":
        tensors["more.weight"] = torch.zeros(2)
    else:
        tensors[first] = torch.zeros(3, 2)
    save_file(tensors, folder / file)
    with pytest.raises(LoadFailed, match=rf"not {network}'s: of its tensors, 1 {spoil} \("):
        part(row, folder, Device())


def test_a_head_that_is_published_too_is_left_out(row: ModelSpec, folder: Path) -> None:
    path = folder / "text_encoder" / "model-00001-of-00002.safetensors"
    expected = load_reader(row, folder, Device()).read("snow").value
    save_file(load_file(path) | {"lm_head.weight": torch.zeros(5, 16)}, path)
    assert torch.equal(load_reader(row, folder, Device()).read("snow").value, expected)


@pytest.mark.parametrize("named", ["../outside.safetensors", "/etc/passwd", "code.bin"])
def test_an_index_names_files_beside_it_alone(named: str, folder: Path) -> None:
    index = folder / "text_encoder" / INDEX
    index.write_text(json.dumps({"weight_map": {"norm.weight": named}}))
    with pytest.raises(LoadFailed, match=rf"{INDEX} names {named}, which isn't a file of weights"):
        read_shards(index)


def test_a_shard_that_is_not_there_is_named(row: ModelSpec, folder: Path) -> None:
    (folder / "text_encoder" / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(LoadFailed, match=r"model-00002-of-00002\.safetensors can't be read"):
        load_reader(row, folder, Device())


def test_a_graphics_card_gets_the_format_of_the_weights(
    row: ModelSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older cards too: in float16 the text encoder's numbers become too large."""
    monkeypatch.setattr("models.running.loading.resolve", lambda wanted: Device(wanted, "float16"))
    assert device_of(row, "cuda") == Device("cuda", "bfloat16")


def test_all_its_files_come_from_the_hub(row: ModelSpec, home: Path, tmp_path: Path) -> None:
    assert row.repo
    with Hub({row.repo: home / row.name}) as hub, hub.adopted(tmp_path):
        assert paint(Pool(), row).shape == (48, 75, 3)
    kept = {path.relative_to(home / row.name).as_posix() for path in (home / row.name).rglob("*.*")}
    assert kept == set(row.files)


def test_its_networks_have_the_weights_that_the_catalogue_tells_of() -> None:
    """At full size, as the published config.json files describe them."""
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel
    from transformers import Qwen3Config, Qwen3Model

    with torch.device("meta"):
        transformer = Flux2Transformer2DModel(
            num_layers=5,
            num_single_layers=20,
            num_attention_heads=24,
            joint_attention_dim=3 * 2560,
            guidance_embeds=False,
        )
        reader = Qwen3Model(
            Qwen3Config(
                vocab_size=151936,
                hidden_size=2560,
                intermediate_size=9728,
                num_hidden_layers=36,
                num_attention_heads=32,
                num_key_value_heads=8,
                head_dim=128,
            )
        )
        rest = (transformer, AutoencoderKLFlux2())
    weights = [sum(each.numel() for each in part.parameters()) for part in (reader, *rest)]
    spec = find(NAME, PAINTERS)
    assert (spec.reader_parameters, spec.parameters) == (weights[0], sum(weights))
    assert 0 < spec.download_bytes - 2 * spec.parameters < 15 * MEGABYTE  # and the tokenizer
