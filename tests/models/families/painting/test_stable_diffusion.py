"""Painters with small random weights, used through the pool, with no network."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from compositing.arrays import Alpha, Photo
from models.catalog import PAINTERS, ModelSpec
from models.families.painting.canvas import GREY, canvas_of
from models.families.painting.stable_diffusion import CELL, load
from models.interface import Cancelled, LoadFailed, RunFailed
from models.painter import Wish
from models.running.devices import Device
from models.running.loading import device_of
from models.running.pool import Pool
from tests.hub import Hub
from tests.tiny_diffusion import tiny_painter

# A method of the schedulers' that NumPy is going to call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

ROWS = [spec for spec in PAINTERS if spec.family == "painting.stable_diffusion"]
NAMES = [spec.name for spec in ROWS]
WISH = Wish("a unicorn", steps=3, guidance=7.5, seed=7)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("painters")


@pytest.fixture(scope="session")
def rows(home: Path) -> dict[str, ModelSpec]:
    return {spec.name: tiny_painter(spec, home) for spec in ROWS}


@pytest.fixture(scope="session")
def pool() -> Pool:
    return Pool()


@pytest.fixture(autouse=True)
def own_weights(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(home))


def scene(height: int = 90, width: int = 140) -> tuple[Photo, Alpha]:
    photo = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    alpha = np.zeros((height, width), np.float32)
    alpha[height // 4 : -height // 4, width // 4 : -width // 4] = 1
    return photo, alpha


def silent(done: int, total: int) -> None:
    pass


def paint(
    pool: Pool, spec: ModelSpec, wish: Wish = WISH, size: tuple[int, int] = (90, 140)
) -> Photo:
    return pool.paint(spec, *scene(*size), wish, "cpu", step=silent).made


@pytest.mark.parametrize("name", NAMES)
def test_every_painter_paints_what_its_seed_says(
    name: str, rows: dict[str, ModelSpec], pool: Pool, no_network: None
) -> None:
    before = torch.get_rng_state()
    first, same = paint(pool, rows[name]), paint(pool, rows[name])
    other = paint(pool, rows[name], replace(WISH, seed=8))
    assert first.dtype == np.uint8
    assert first.shape == (41, 64, 3)
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("size", "expected"), [((300, 451), (43, 64)), ((451, 300), (64, 43)), ((40, 400), (6, 64))]
)
def test_the_photos_proportions_are_kept(
    size: tuple[int, int], expected: tuple[int, int], rows: dict[str, ModelSpec], pool: Pool
) -> None:
    assert paint(pool, rows["sd-1.5-inpainting"], size=size).shape == (*expected, 3)


@pytest.mark.parametrize("change", [{"prompt": "a dog"}, {"negative": "hair"}, {"guidance": 3.0}])
def test_what_is_wished_for_is_heard(
    change: dict[str, str | float], rows: dict[str, ModelSpec], pool: Pool
) -> None:
    spec = rows["sd-1.5-inpainting"]
    assert (paint(pool, spec) != paint(pool, spec, replace(WISH, **change))).any()  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "last"), [("sd-2-inpainting", 6), ("sdxl-inpainting", 5)])
def test_steps_are_counted_to_the_last(
    name: str, last: int, rows: dict[str, ModelSpec], pool: Pool
) -> None:
    seen: list[tuple[int, int]] = []
    result = pool.paint(
        rows[name],
        *scene(),
        replace(WISH, steps=6),
        "cpu",
        step=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(number + 1, last) for number in range(last)]
    assert {"preprocess", "network"} <= set(result.seconds)
    assert result.revision == "local"


@pytest.mark.parametrize("modules", [0, 20])
def test_a_painter_that_was_stopped_paints_again(
    modules: int, rows: dict[str, ModelSpec], pool: Pool
) -> None:
    """Stopped after the second step, or on the way to the third."""
    steps: list[int] = []
    more = iter(range(modules))

    def stop() -> None:
        if len(steps) == 2 and next(more, None) is None:
            raise Cancelled

    spec = rows["sdxl-inpainting"]
    with pytest.raises(Cancelled):
        pool.paint(
            spec,
            *scene(),
            replace(WISH, steps=9),
            "cpu",
            step=lambda done, _: steps.append(done),
            check=stop,
        )
    assert steps == [1, 2]
    np.testing.assert_array_equal(paint(pool, spec), paint(Pool(), spec))


def test_neither_the_old_background_nor_the_subjects_rim_is_shown() -> None:
    photo = np.full((256, 512, 3), 200, np.uint8)
    alpha = np.zeros((256, 512), np.float32)
    alpha[64:192, 128:384] = 0.6
    alpha[80:176, 144:368] = 1
    canvas = canvas_of(photo, alpha, 512, CELL)
    assert canvas.hole.shape == (256, 512)
    shown = canvas.hole == 0
    assert shown[84:172, 148:364].all()
    assert shown.sum() == (176 - 80 - 8) * (368 - 144 - 8)
    assert (canvas.image[shown] == 200).all()
    assert (canvas.image[~shown] == GREY).all()


def test_a_subject_at_the_photos_edge_is_shown_up_to_it() -> None:
    alpha = np.ones((64, 64), np.float32)
    alpha[:32] = 0
    canvas = canvas_of(np.zeros((64, 64, 3), np.uint8), alpha, 64, CELL)
    assert (canvas.hole[34:] == 0).all()


def test_what_lies_beyond_the_photo_is_painted_too() -> None:
    canvas = canvas_of(np.zeros((50, 99, 3), np.uint8), np.ones((50, 99), np.float32), 99, CELL)
    assert canvas.image.shape == (56, 104, 3)
    assert (canvas.height, canvas.width) == (50, 99)
    assert (canvas.hole[:50, :99] == 0).all()
    assert (canvas.hole[50:] == 1).all()
    assert (canvas.hole[:, 99:] == 1).all()


def test_words_that_would_be_left_out_are_an_error(rows: dict[str, ModelSpec], pool: Pool) -> None:
    with pytest.raises(RunFailed, match=r"too long for this model by about 4 .* Say it shorter"):
        paint(pool, rows["sd-1.5-inpainting"], replace(WISH, prompt="dog " * 79))


def test_a_painting_without_colours_is_an_error(rows: dict[str, ModelSpec], home: Path) -> None:
    painter = load(rows["sd-1.5-inpainting"], home / "sd-1.5-inpainting", Device())
    with torch.no_grad():
        painter.pipeline.vae.decoder.conv_out.bias.fill_(float("nan"))
    with pytest.raises(RunFailed, match="holds no colours"):
        painter.paint(*scene(), WISH, silent)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("FluxPipeline", "a FluxPipeline, which doesn't paint into"), (None, "not UNet2D")],
)
def test_folders_of_something_else(
    kind: str | None, expected: str, rows: dict[str, ModelSpec], home: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(home / "sd-2-inpainting", tmp_path / "other")
    if kind:
        (folder / "model_index.json").write_text(f'{{"_class_name": "{kind}"}}')
    else:
        path = folder / "unet" / "diffusion_pytorch_model.fp16.safetensors"
        save_file(
            {name: each for name, each in load_file(path).items() if "conv_in" not in name}, path
        )
    with pytest.raises(LoadFailed, match=expected):
        load(rows["sd-2-inpainting"], folder, Device())


def test_a_graphics_card_gets_the_format_of_the_weights(
    rows: dict[str, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.running.loading.resolve", lambda wanted: Device(wanted, "bfloat16"))
    assert device_of(rows["sdxl-inpainting"], "cuda") == Device("cuda", "float16")


def test_painters_come_from_the_hub_and_its_refusals_read_as_for_other_models(
    rows: dict[str, ModelSpec], home: Path, tmp_path: Path
) -> None:
    spec = rows["sd-1.5-inpainting"]
    assert spec.repo
    with Hub({spec.repo: home / spec.name}) as hub, hub.adopted(tmp_path):
        hub.gated = {spec.repo: "secret"}
        with pytest.raises(LoadFailed, match="accept its licence"):
            paint(Pool(), spec)
        hub.gated = {}
        assert paint(Pool(), spec).shape == (41, 64, 3)
        assert not any("safety" in path or path.endswith(".bin") for path in hub.asked_for("GET"))
