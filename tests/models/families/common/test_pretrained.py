"""Loads side by side, and beside runs, leave the whole process as it was."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

from models.families.common.pretrained import pretrained
from models.running.devices import Device

DTYPES = ("bfloat16", "float16", "float32")


class TinyConfig(PretrainedConfig):  # type: ignore[misc]
    model_type = "tiny-of-the-tests"


class Tiny(PreTrainedModel):  # type: ignore[misc]
    """frequencies: computed, in full precision; mean: published beside the weights."""

    config_class = TinyConfig
    meanwhile: Any = None

    def __init__(self, config: TinyConfig) -> None:
        super().__init__(config)
        self.layer = nn.Linear(4, 3)
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.register_buffer("frequencies", torch.zeros(2), persistent=False)
        self.post_init()
        if Tiny.meanwhile:
            Tiny.meanwhile()

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, Tiny):
            with torch.no_grad():
                module.frequencies.copy_(torch.tensor([1 / 3, 1 / 7]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Tiny(TinyConfig()).save_pretrained(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_meanwhile() -> Iterator[None]:
    yield
    Tiny.meanwhile = None
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_was_published_is_cast_and_what_is_computed_stays_exact(
    dtype: str, folder: Path
) -> None:
    network = pretrained(Tiny, folder, Device("cpu", dtype))
    assert network.layer.weight.dtype == network.mean.dtype == getattr(torch, dtype)
    assert network.count.dtype == torch.int64
    assert network.frequencies.tolist() == torch.tensor([1 / 3, 1 / 7]).tolist()


@pytest.mark.parametrize("dtype", DTYPES)
def test_runs_meanwhile_compute_in_their_own_number_format(dtype: str, folder: Path) -> None:
    seen: list[torch.dtype] = []
    with ThreadPoolExecutor(1) as elsewhere:
        Tiny.meanwhile = lambda: seen.append(elsewhere.submit(torch.ones, 1).result().dtype)
        pretrained(Tiny, folder, Device("cpu", dtype))
    assert seen == [torch.float32]


def test_of_two_loads_neither_puts_back_what_the_other_has_changed(folder: Path) -> None:
    """Both are inside at once, unless one is made to wait; the first then leaves first."""
    before = torch.get_default_dtype(), torch.linspace, PreTrainedModel.tie_weights
    inside, left = threading.Barrier(2), threading.Event()
    names = iter(["first", "second"])

    def meet() -> None:
        name = next(names)
        with suppress(threading.BrokenBarrierError):
            inside.wait(0.5)
            if name == "second":
                left.wait(5)

    Tiny.meanwhile = meet

    def load(dtype: str) -> None:
        pretrained(Tiny, folder, Device("cpu", dtype))
        left.set()

    with ThreadPoolExecutor(2) as both:
        list(both.map(load, ["bfloat16", "float16"]))
    assert (torch.get_default_dtype(), torch.linspace, PreTrainedModel.tie_weights) == before
