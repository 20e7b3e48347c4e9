"""What holds for every row of the catalogue, whatever its family."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compositing.arrays import Photo
from models.catalog import MODELS, PAINTERS, ModelSpec, find
from models.interface import Box, Matte, Point, Prompt, PromptMissing
from models.pool import Pool
from tests.tiny import tiny_row

# The matting networks have a file of their own, with more sizes; YOLO is an extra.
ELSEWHERE = ("birefnet", "ben2", "yolo")
NAMES = [spec.name for spec in MODELS if spec.family not in ELSEWHERE]
BOX = Prompt(boxes=(Box(4, 4, 25, 25),), points=(Point(12, 12), Point(30, 5, include=False)))


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture(scope="session")
def rows(weights: Path) -> dict[str, ModelSpec]:
    return {name: tiny_row(find(name), weights) for name in NAMES}


@pytest.fixture
def run(
    rows: dict[str, ModelSpec], weights: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Photo, Prompt], Matte]:
    """Runs a row through the pool, with every connection refused."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a model touched the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(weights))
    pool = Pool()
    return lambda name, photo, prompt: pool.run(rows[name], photo, prompt, "cpu").matte


def scene(height: int, width: int) -> Photo:
    rows, columns = np.mgrid[:height, :width]
    inside = (rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (min(height, width) / 3) ** 2
    return np.where(inside[..., None], (200, 120, 40), (30, 90, 160)).astype(np.uint8)


@pytest.mark.parametrize("name", NAMES)
def test_every_model_gives_a_matte_of_the_photos_size(
    name: str, run: Callable[[str, Photo, Prompt], Matte]
) -> None:
    spec = find(name)
    matte = run(name, scene(33, 47), BOX.only(spec.prompts))
    assert matte.alpha.shape == (33, 47)
    assert matte.alpha.dtype == np.float32
    assert np.isfinite(matte.alpha).all()
    assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1
    assert matte.soft == spec.soft
    again = run(name, scene(33, 47), BOX.only(spec.prompts))
    assert (again.alpha == matte.alpha).all()


@pytest.mark.parametrize("name", [name for name in NAMES if find(name).needs_prompt])
def test_who_must_be_told_says_what_it_needs(
    name: str, run: Callable[[str, Photo, Prompt], Matte]
) -> None:
    with pytest.raises(PromptMissing, match=r"[Bb]ox"):
        run(name, scene(40, 40), Prompt())


@pytest.mark.parametrize("spec", [*MODELS, *PAINTERS], ids=lambda spec: spec.name)
def test_the_facts_are_complete(spec: ModelSpec) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", spec.name)
    assert spec.summary.endswith(".")
    assert spec.licence
    assert spec.page.startswith("https://")
    if not spec.built_in:
        assert spec.files
        assert spec.download_bytes > 1_000_000
        assert spec.parameters > 1_000_000
    assert not any(name.endswith((".py", ".pkl")) for name in spec.files)


def test_names_are_unique_and_unknown_ones_are_told() -> None:
    names = [spec.name for spec in (*MODELS, *PAINTERS)]
    assert len(set(names)) == len(names)
    with pytest.raises(KeyError, match="There is no model called “nobody”"):
        find("nobody")
    with pytest.raises(KeyError, match=r"no model called “ben2”\. There are: sd-1\.5-inpainting,"):
        find("ben2", PAINTERS)


def test_painters_are_brought_without_pickles_and_checkers() -> None:
    for spec in PAINTERS:
        assert all(name.endswith((".json", ".txt", ".safetensors")) for name in spec.files)
        assert not any("safety" in name for name in spec.files)
        assert len(set(spec.files)) == len(spec.files)


def test_a_row_can_be_pinned() -> None:
    assert replace(find("ben2"), revision="0" * 40).revision == "0" * 40
