import threading
import types
import weakref
from dataclasses import replace
from typing import Any, Self

import numpy as np
import pytest

from compositing.arrays import Photo
from models.catalog import GRABCUT, ModelSpec
from models.interface import (
    Box,
    Cancelled,
    DeviceMissing,
    Encoded,
    LoadFailed,
    Matte,
    OutOfMemory,
    Point,
    Prompt,
    PromptMissing,
    RunFailed,
)
from models.running.devices import Device
from models.running.pool import Pool
from models.running.stages import stage
from tests.families import pretend

PHOTO = np.zeros((4, 6, 3), np.uint8)


class Fake:
    """A segmenter that counts who is inside and does as it's told."""

    inside = 0
    most = 0

    def __init__(self, told: types.SimpleNamespace) -> None:
        self.told = told

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        with stage("network"):
            Fake.inside += 1
            Fake.most = max(Fake.most, Fake.inside)
            threading.Event().wait(0.02)
            Fake.inside -= 1
            if self.told.run_error:
                raise self.told.run_error
        return Matte(np.ones(photo.shape[:2], np.float32), soft=True)


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """A family `fake` whose loading can be made to fail and is counted."""
    told = types.SimpleNamespace(load_error=None, run_error=None, loads=[], alive=[])

    def load(spec: ModelSpec, folder: Any, device: Device) -> Fake:
        told.loads.append((spec.name, device))
        if told.load_error:
            raise told.load_error
        fake = Fake(told)
        told.alive.append(weakref.ref(fake))
        return fake

    pretend(monkeypatch, "fake", load)
    Fake.inside = Fake.most = 0
    return told


def row(name: str = "fake", parameters: int = 0) -> ModelSpec:
    return replace(GRABCUT, name=name, family="fake", parameters=parameters, engine="torch")


def run(pool: Pool, spec: ModelSpec, device: str = "cpu") -> Any:
    return pool.run(spec, PHOTO, Prompt(), device)


def test_a_model_is_loaded_once_and_timed_by_stage(adapter: types.SimpleNamespace) -> None:
    pool = Pool()
    first, second = run(pool, row()), run(pool, row())
    assert len(adapter.loads) == 1
    assert "load" in first.seconds
    assert set(second.seconds) == {"network"}
    assert second.seconds["network"] >= 0.02
    assert first.device == Device("cpu", "float32")


def test_the_memory_of_a_run_counts_a_model_that_was_loaded_before(
    adapter: types.SimpleNamespace,
) -> None:
    """Else a server that has been up for a while would find that its models need none."""
    pool, million = Pool(budget=lambda device: 1 << 40), 1_000_000
    spec = row(parameters=100 * million)
    run(pool, spec)
    assert run(pool, spec).peak_bytes >= 400 * million


def test_what_a_process_has_grown_by_once_counts_in_later_runs(
    adapter: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a model that has run before would seem to need less than one that hasn't."""
    grown = iter((300, 10, 400))

    class Grown:
        def __init__(self, device: Device) -> None:
            self.bytes = next(grown)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("models.running.pool.PeakMemory", Grown)
    pool = Pool()
    assert [run(pool, row()).peak_bytes for _ in range(3)] == [300, 300, 400]


def test_what_does_not_fit_any_more_is_freed_least_recently_used_first(
    adapter: types.SimpleNamespace,
) -> None:
    pool = Pool(budget=lambda device: 100)
    small, other, large = row("small", 10), row("other", 10), row("large", 15)
    for spec in (small, other, small, large):
        run(pool, spec)
    assert [ref() is not None for ref in adapter.alive] == [True, False, True]


def test_one_run_at_a_time_on_a_device(adapter: types.SimpleNamespace) -> None:
    pool = Pool()
    threads = [threading.Thread(target=run, args=(pool, row(f"m{i % 2}"))) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Fake.most == 1
    assert len(adapter.loads) == 2


@pytest.mark.parametrize(
    ("load_error", "run_error", "raises", "told"),
    [
        (ValueError("broken header"), None, LoadFailed, "did not load: ValueError: broken header"),
        (LoadFailed("Ask for access."), None, LoadFailed, "Ask for access."),
        (None, ValueError("odd shape"), RunFailed, "did not run: ValueError: odd shape"),
        (None, PromptMissing("Draw a box."), PromptMissing, "Draw a box."),
        (None, RuntimeError("CUDA out of memory. Tried"), OutOfMemory, "not enough memory on cpu"),
        (MemoryError(), None, LoadFailed, "not enough memory on cpu to load"),
    ],
)
def test_failures_are_told_apart_and_leave_nothing_half_loaded(
    adapter: types.SimpleNamespace,
    load_error: Exception | None,
    run_error: Exception | None,
    raises: type[Exception],
    told: str,
) -> None:
    pool = Pool()
    adapter.load_error, adapter.run_error = load_error, run_error
    with pytest.raises(raises, match=told):
        run(pool, row())
    adapter.load_error = adapter.run_error = None
    assert run(pool, row()).made.alpha.shape == (4, 6)
    assert len(adapter.loads) == (2 if load_error or raises is OutOfMemory else 1)


def test_a_device_that_is_not_here_is_an_error(adapter: types.SimpleNamespace) -> None:
    with pytest.raises(DeviceMissing, match="“cuda:99”"):
        run(Pool(), row(), "cuda:99")
    with pytest.raises(DeviceMissing, match="Choose one of"):
        run(Pool(), row(), "toaster")
    with pytest.raises(DeviceMissing):
        Pool().run(replace(row(), engine="opencv"), PHOTO, Prompt(), "cuda:99")


def test_work_can_be_stopped_between_stages_and_while_it_waits(
    adapter: types.SimpleNamespace,
) -> None:
    def stop() -> None:
        raise Cancelled

    pool = Pool()
    with pytest.raises(Cancelled):
        pool.run(row(), PHOTO, Prompt(), "cpu", check=stop)
    assert adapter.loads == []
    lock = pool._busy[Device("cpu", "float32").name]
    with lock, pytest.raises(Cancelled):
        pool.run(row(), PHOTO, Prompt(), "cpu", check=stop)


class FakeEncoder(Fake):
    """A segmenter in two halves: the alpha is the photo's mean plus the number of boxes."""

    encodings = 0

    def encode(self, photo: Photo) -> Encoded:
        FakeEncoder.encodings += 1
        return Encoded(float(photo.mean()), 40, *photo.shape[:2])

    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        value = encoded.value + len(prompt.boxes)
        return Matte(np.full((encoded.height, encoded.width), value, np.float32), soft=True)


def test_a_photo_is_encoded_once_however_many_prompts_follow(
    adapter: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[FakeEncoder] = []

    def load(*_: object) -> FakeEncoder:
        made.append(FakeEncoder(adapter))
        return made[-1]

    pretend(monkeypatch, "fake", load)
    FakeEncoder.encodings = 0
    pool, box = Pool(budget=lambda device: 100), Prompt(boxes=(Box(0, 0, 2, 2),))
    assert pool.run(row(), PHOTO, Prompt(), "cpu").made.alpha.max() == 0
    assert pool.run(row(), PHOTO, box, "cpu").made.alpha.max() == 1
    assert FakeEncoder.encodings == 1
    pool.run(row(), PHOTO + 1, box, "cpu")
    pool.run(row(), PHOTO + 2, box, "cpu")
    assert FakeEncoder.encodings == 3
    # Two encodings of 40 bytes fit; the first photo's made room, the model stayed.
    pool.run(row(), PHOTO + 1, box, "cpu")
    assert FakeEncoder.encodings == 3
    pool.run(row(), PHOTO, box, "cpu")
    assert FakeEncoder.encodings == 4
    assert len(made) == 1


def test_what_only_excludes_is_no_prompt_to_begin_with(adapter: types.SimpleNamespace) -> None:
    """Said before anything is fetched or encoded."""
    shy = replace(row(), needs_prompt=True)
    with pytest.raises(PromptMissing):
        Pool().run(shy, PHOTO, Prompt(points=(Point(3, 3, include=False),)), "cpu")
    assert adapter.loads == []
    Pool().run(shy, PHOTO, Prompt(points=(Point(3, 3),)), "cpu")
    assert len(adapter.loads) == 1
