"""Networks on a CPU are stopped midway, and are none the worse for it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from compositing.arrays import Alpha, Photo
from models.catalog import MODELS, ModelSpec, find
from models.families.onnx import session
from models.interface import Box, Cancelled, Prompt, unwanted
from models.running.pool import Pool
from models.running.stages import checked_modules, recording
from tests.formats import EACH
from tests.tiny import scene, tiny_row

NETWORKS = {
    spec.name.partition("-")[0]: spec
    for spec in MODELS
    if not spec.built_in and spec.engine == "torch"
}
PHOTO = scene(48, 64)

pytestmark = pytest.mark.usefixtures("no_network")


class Stop:
    """A check that stops the work when it's asked for the `last`th time."""

    def __init__(self, last: float = float("inf")) -> None:
        self.last = last
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked >= self.last:
            raise Cancelled


@pytest.fixture(
    params=[
        pytest.param(spec, id=spec.name, marks=[pytest.mark.extra] if spec.extra else [])
        for spec in NETWORKS.values()
    ]
)
def alpha_of(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Alpha]:
    """alpha_of(photo, check, pool) by a row with small random weights."""
    spec: ModelSpec = tiny_row(request.param, tmp_path)
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path))
    monkeypatch.setattr(session, "TICK", 60.0)  # how often it asks would depend on the clock
    prompt = Prompt(boxes=(Box(12, 8, 52, 40),)).only(spec.prompts)

    def alpha_of(photo: Photo, check: Callable[[], None], pool: Pool) -> Alpha:
        return pool.run(spec, photo, prompt, "cpu", check=check).made.alpha

    return alpha_of


@EACH
def test_a_network_stopped_midway_does_the_next_photo_right(
    alpha_of: Callable[..., Alpha],
) -> None:
    pool, counting = Pool(), Stop()
    moved = [np.roll(PHOTO, columns, axis=1) for columns in range(1, 6)]
    alpha_of(moved[0], unwanted, pool)  # loads it
    alpha_of(moved[1], counting, pool)
    assert counting.asked > 30  # stages alone would be fewer than ten
    for photo, part in zip(moved[2:], (0.3, 0.6, 0.9), strict=True):
        with pytest.raises(Cancelled):
            alpha_of(photo, Stop(part * counting.asked), pool)
    undisturbed = alpha_of(PHOTO, unwanted, Pool())
    np.testing.assert_array_equal(alpha_of(PHOTO, unwanted, pool), undisturbed)


def test_a_compiled_network_is_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("CUTOUT_COMPILE", "1")
    monkeypatch.setattr(torch.nn.Module, "compile", lambda *_, **__: None)
    counting = Stop()
    Pool().run(tiny_row(find("ben2"), tmp_path), PHOTO, Prompt(), "cpu", check=counting)
    assert counting.asked < 10


def test_modules_are_checked_inside_only() -> None:
    layer, counting = torch.nn.Linear(1, 1), Stop()
    with recording(check=counting):
        with checked_modules():
            layer(torch.zeros(1))
        assert counting.asked == 1
        layer(torch.zeros(1))
        assert counting.asked == 1
