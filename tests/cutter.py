"""A model that isn't in the catalogue, for tests of what happens to its files."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.catalog import ModelSpec, Part
from tests.hub import COMMIT, Hub

REPO = "studio/cutter"
CHECKPOINT = "model.safetensors"
TENSORS: dict[str, NDArray[Any]] = {
    "encoder.weight": np.random.default_rng(0).normal(size=(600, 800)).astype(np.float32),
    "encoder.bias": np.linspace(-1, 1, 600).astype(np.float16),
    "empty": np.zeros((0, 3), np.float32),
}
SPEC = ModelSpec(
    name="cutter",
    label="Cutter",
    family="cutter",
    group="Matting",
    summary="A model of the tests.",
    licence="CC BY-NC 4.0",
    commercial=False,
    page="https://hub.example/studio/cutter",
    soft=True,
    repo=REPO,
    files=("config.json", CHECKPOINT),
)
PINNED = replace(SPEC, revision=COMMIT)
FINDER = "studio/finder"
JOINT = replace(
    SPEC,
    name="joint",
    label="Joint",
    repo=None,
    parts=(Part("finder", FINDER), Part("cutter", REPO)),
    files=tuple(f"{part}/{name}" for part in ("finder", "cutter") for name in SPEC.files),
)
"""Of two repositories, one of which is the other row's own."""


def save_finder(folder: Path) -> None:
    """The repository of `JOINT` that no other row has."""
    from safetensors.numpy import save_file  # what is imported here is looked at by a test

    folder.mkdir()
    save_file({"weight": TENSORS["encoder.weight"][:300]}, folder / CHECKPOINT)
    (folder / "config.json").write_text('{"size": 1}')


def at_an_address(hub: Hub, repository: Path) -> ModelSpec:
    """The row with a checkpoint at an address of its own, whose name holds its checksum."""
    digits = hashlib.sha256((repository / CHECKPOINT).read_bytes()).hexdigest()[:8]
    name = f"cutter-{digits}.pth"
    shutil.copy(repository / CHECKPOINT, repository / name)
    return replace(SPEC, repo=None, url=hub.address(REPO, name), files=(name,))


def size(repository: Path) -> int:
    return sum((repository / name).stat().st_size for name in SPEC.files)
