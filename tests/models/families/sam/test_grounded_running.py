"""Grounded SAM 2 by the pool: its files brought, its weights refused, its work stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from models.catalog import find
from models.families.sam import grounded
from models.interface import Box, Cancelled, LoadFailed, Prompt
from models.running.devices import Device
from models.running.pool import Pool
from tests.hub import Hub
from tests.tiny import tiny_row
from tests.tiny_grounded import save_grounded_sam2

SPEC = find("grounded-sam2")
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
BOX = Box(10, 10, 50, 55)
DOG = Prompt(text=("dog",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grounded")
    save_grounded_sam2(folder)
    return folder


def test_it_comes_from_two_repositories_and_needs_no_other_files(
    folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    published = {part.repo: folder / part.name for part in SPEC.parts}
    spec = tiny_row(SPEC, tmp_path)
    with Hub(published) as hub, hub.adopted(tmp_path / "home"):
        Pool().run(spec, PHOTO, DOG, "cpu")
        hub.requests.clear()
        request.getfixturevalue("no_network")
        result = Pool().run(spec, PHOTO, DOG, "cpu")
        assert hub.requests == []
    assert result.revision.count(" + ") == 1
    assert result.made.objects


@pytest.mark.parametrize(
    ("part", "name", "of"),
    [
        ("detector", "model.decoder.layers.1.fc1.weight", "MMGroundingDinoForObjectDetection"),
        ("detector", "bbox_embed.1.layers.0.bias", "MMGroundingDinoForObjectDetection"),
        ("segmenter", "mask_decoder.upscale_conv1.bias", "Sam2Model"),
    ],
)
def test_weights_that_lack_something_are_refused(
    part: str, name: str, of: str, folder: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(folder, tmp_path / "copy")
    path = home / part / "model.safetensors"
    tensors = load_file(path)
    del tensors[name]
    save_file(tensors, path, {"format": "pt"})
    with pytest.raises(LoadFailed, match=rf"These weights are not {of}'s: . of its tensors"):
        grounded.load(SPEC, home, Device())


def test_words_are_stopped_midway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    spec = tiny_row(SPEC, tmp_path)
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path))
    pool, asked = Pool(), 0

    def stop_at(last: float) -> Callable[[], None]:
        def check() -> None:
            nonlocal asked
            asked += 1
            if asked >= last:
                raise Cancelled

        return check

    pool.run(spec, PHOTO, Prompt((BOX,)), "cpu")
    asked = 0
    pool.run(spec, PHOTO, Prompt(text=("hair",)), "cpu", check=stop_at(float("inf")))
    every, asked = asked, 0
    assert every > 30  # stages alone would be fewer than ten
    with pytest.raises(Cancelled):
        pool.run(spec, PHOTO, DOG, "cpu", check=stop_at(0.6 * every))
    again = pool.run(spec, PHOTO, DOG, "cpu").made
    fresh = Pool().run(spec, PHOTO, DOG, "cpu").made
    np.testing.assert_array_equal(again.alpha, fresh.alpha)
    assert [each.name for each in again.objects] == [each.name for each in fresh.objects]
