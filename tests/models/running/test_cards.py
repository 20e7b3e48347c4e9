"""Several graphics cards: a lane each, the freest is taken, and each has its own memory."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models.catalog import GRABCUT, ModelSpec, find
from models.interface import NOTHING_SAID, Prompt
from models.running import loading, placing
from models.running.jobs import Job, Step
from models.running.lanes import Workers
from models.running.placing import lane_of
from models.running.pool import Pool
from tests.models.running.test_lanes import finished, until
from tests.pretended_cuda import OnCard, pretended_cuda
from tests.tiny import scene, tiny_row

PHOTO = scene(60, 88)


class House:
    """Workers and a pool, which the placing asks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workers, self.pool, self.open = Workers(), Pool(), threading.Event()
        monkeypatch.setattr(placing, "shared_workers", lambda: self.workers)
        monkeypatch.setattr(placing, "shared_pool", lambda: self.pool)
        monkeypatch.setattr(placing, "offered", lambda: ("auto", "cuda:0", "cuda:1", "cpu"))

    def keep_busy(self, lane: str, photos: str = "1") -> Job:
        def wait(job: Job) -> None:
            assert self.open.wait(20)

        steps = [Step((photo, "other"), "waiting", wait) for photo in photos]
        return self.workers.submit(Job(steps, lambda: True, lambda *_: None), lane)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)


NETWORK = replace(GRABCUT, name="network", engine="torch")


def test_auto_takes_the_freest_card(house: House) -> None:
    first = house.keep_busy("cuda")
    assert lane_of([NETWORK]) == lane_of([GRABCUT, NETWORK]) == "cuda:1"
    assert lane_of([NETWORK], "cuda:0") == lane_of([NETWORK], "cuda") == "cuda"
    assert lane_of([GRABCUT]) == "cpu"
    second = house.keep_busy("cuda:1", "123")  # three turns are more than one
    assert lane_of([NETWORK]) == "cuda"
    house.open.set()
    finished(first), finished(second)
    until(lambda: not any(house.workers.waiting().values()))
    assert lane_of([NETWORK]) == "cuda"


@pytest.fixture
def two_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    card: Any = torch.cuda
    monkeypatch.setattr(card, "is_available", lambda: True)
    monkeypatch.setattr(card, "_lazy_init", lambda: None)
    monkeypatch.setattr(card, "device_count", lambda: 2)
    monkeypatch.setattr(card, "get_device_capability", lambda _: (8, 0))
    monkeypatch.setattr(card, "mem_get_info", lambda _: (2**33, 2**34))
    for name in ("synchronize", "reset_peak_memory_stats"):
        monkeypatch.setattr(card, name, lambda _: None)
    for name in ("memory_allocated", "max_memory_allocated"):
        monkeypatch.setattr(card, name, lambda _: 0)


def run_in(house: House, lane: str, spec: ModelSpec) -> Any:
    """What comes of the photo in that lane, on whatever device it finds itself."""
    found: list[Any] = []

    def run(_: Job) -> Any:
        with pretended_cuda():
            return house.pool.run(spec, PHOTO, NOTHING_SAID)

    step = Step(("photo", spec.name), spec.label, run)
    job = Job([step], lambda: True, lambda _, outcome: found.append(outcome))
    finished(house.workers.submit(job, lane))
    return found[0]


def test_each_card_has_its_own_copy_and_ties_go_where_it_is_loaded(
    house: House, two_cards: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_row(find("birefnet-lite"), tmp_path)
    monkeypatch.setattr(loading, "fetch", lambda *_: tmp_path / spec.name)
    made = run_in(house, "cuda:1", spec)
    assert not isinstance(made, Exception), str(made)
    assert made.device.name == "cuda:1"
    assert lane_of([spec]) == "cuda:1"  # both are idle, and it's loaded on the second
    assert set(house.pool.loaded()) == {"cuda:1"}
    ((kept, _),) = house.pool._memory._kept.values()
    weights = list(kept[0].network.parameters())
    assert {(type(each), str(each.device)) for each in weights} == {(OnCard, "cuda:1")}
    run_in(house, "cuda", spec)
    assert lane_of([spec]) == "cuda"
    sizes = {device: list(models.values()) for device, models in house.pool.loaded().items()}
    assert sizes == {"cuda": [2000], "cuda:1": [2000]}


def test_one_card_by_both_its_names_is_one_memory(
    house: House, two_cards: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_row(find("birefnet-lite"), tmp_path)
    monkeypatch.setattr(loading, "fetch", lambda *_: tmp_path / spec.name)
    with pretended_cuda():
        for name in ("cuda", "cuda:0", "auto"):
            assert house.pool.run(spec, PHOTO, Prompt(), name).device.name == "cuda"
    assert list(house.pool._busy) == ["cuda"]
    assert list(house.pool.loaded()) == ["cuda"]
