import time
import weakref
from collections.abc import Callable

import pytest

from models.interface import LoadFailed
from models.running.devices import BYTES_ONLY, Device
from models.running.memory import Key, Memory

CPU, GPU = Device("cpu", "float32"), Device("cuda", "bfloat16")


class Thing:
    """Something that takes memory for as long as anybody holds it."""


class Kept:
    """A memory that is asked for things of known sizes, and what it still holds of them."""

    def __init__(self, budget: Callable[[Device], int] | None = None) -> None:
        self.memory = Memory(budget)
        self.made: dict[Key, weakref.ref[Thing]] = {}

    def keep(self, key: Key, size: int, known: int = 0) -> None:
        def make() -> tuple[Thing, int]:
            thing = Thing()
            self.made[key] = weakref.ref(thing)
            return thing, size

        self.memory.keep(key, make, known)

    @property
    def here(self) -> list[Key]:
        return [key for key, thing in self.made.items() if thing() is not None]


@pytest.fixture(autouse=True)
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "free_memory", lambda self: None)


def test_what_is_kept_is_not_made_again() -> None:
    memory, key = Memory(lambda device: 100), Key("a", CPU)
    things = [memory.keep(key, lambda: (Thing(), 40)) for _ in range(2)]
    assert things[0] is things[1]


def test_nothing_is_left_of_what_could_not_be_made() -> None:
    memory = Memory(lambda device: 100)

    def fail() -> tuple[Thing, int]:
        raise LoadFailed("No.")

    for photo in "ab":
        with pytest.raises(LoadFailed):
            memory.keep(Key("a", CPU, photo), fail)
    assert not memory._used


def test_the_least_recently_used_goes_first() -> None:
    kept = Kept(lambda device: 100)
    a, b, c = (Key(name, CPU) for name in "abc")
    for key in (a, b, a, c):
        kept.keep(key, 40)
    assert kept.here == [a, c]


def test_no_more_goes_than_must() -> None:
    kept = Kept(lambda device: 100)
    for name in "abc":
        kept.keep(Key(name, CPU), 30)
    kept.keep(Key("d", CPU), 40, known=40)
    assert kept.here == [Key(name, CPU) for name in "bcd"]


def test_what_is_larger_than_the_budget_is_alone() -> None:
    kept = Kept(lambda device: 10)
    for name, size in (("a", 1), ("huge", 1000), ("b", 1)):
        kept.keep(Key(name, CPU), size, known=size)
        assert kept.here == [Key(name, CPU)]


@pytest.mark.parametrize(("known", "beside"), [(60, []), (0, [Key("a", CPU)])])
def test_what_has_to_go_goes_before_if_the_size_is_known(known: int, beside: list[Key]) -> None:
    kept = Kept(lambda device: 100)
    kept.keep(Key("a", CPU), 60)
    seen_while_made = kept.memory.keep(Key("b", CPU), lambda: (kept.here, 60), known)
    assert seen_while_made == beside
    assert kept.here == []


def test_the_model_stays_while_it_sees_photos() -> None:
    kept = Kept(lambda device: 100)
    model, photos = Key("a", CPU), [Key("a", CPU, photo) for photo in "123"]
    kept.keep(model, 50)
    for key in photos:
        kept.keep(key, 40)
        assert kept.here == [model, key]
    kept.keep(Key("a", CPU, "4"), 1000)
    assert kept.here == [model, Key("a", CPU, "4")]


def test_each_device_has_a_budget_of_its_own() -> None:
    kept = Kept(lambda device: 100 if device.kind == "cpu" else 50)
    bytes_only, network, on_card = Key("a", BYTES_ONLY), Key("b", CPU), Key("b", GPU)
    kept.keep(on_card, 50)
    kept.keep(bytes_only, 60)
    kept.keep(network, 60)  # both of these are on the CPU, whatever their number format
    assert kept.here == [on_card, network]


def test_what_could_not_be_made_is_not_kept() -> None:
    kept, key = Kept(lambda device: 100), Key("a", CPU)

    def fail() -> tuple[Thing, int]:
        raise MemoryError

    with pytest.raises(MemoryError):
        kept.memory.keep(key, fail)
    kept.keep(key, 40)
    assert kept.here == [key]


@pytest.mark.parametrize(("gigabytes", "expected"), [("2.5", 2), ("1", 1), ("", 3)])
def test_the_budget_can_be_given(
    gigabytes: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default it's what the device suggests."""
    monkeypatch.setenv("CUTOUT_MEMORY_GB", gigabytes)
    monkeypatch.setattr(Device, "memory_budget", lambda self: 3 * 10**9)
    kept = Kept()
    for name in "abcd":
        kept.keep(Key(name, CPU), 10**9)
    assert len(kept.here) == expected


def test_a_budget_that_is_no_number_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_MEMORY_GB", "8GB")
    with pytest.raises(LoadFailed, match=r"The setting CUTOUT_MEMORY_GB .* it is “8GB”"):
        Kept().keep(Key("a", CPU), 1)


def test_what_was_made_of_photos_goes_and_models_stay() -> None:
    kept = Kept(lambda device: 100)
    model = Key("a", CPU)
    for key in (model, Key("a", CPU, "photo"), Key("b", GPU, "other")):
        kept.keep(key, 10)
    kept.memory.forget_photos()
    assert kept.here == [model]


def test_what_was_asked_about_lately_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kept = Kept(lambda device: 100)
    old, lately = Key("a", CPU, "old"), Key("a", CPU, "lately")
    for key in (old, lately):
        kept.keep(key, 10)
    now[0] += 200
    kept.keep(lately, 10)
    now[0] += 10
    kept.memory.forget_photos(110)
    assert kept.here == [lately]
    kept.memory.forget_photos()
    assert kept.here == []
