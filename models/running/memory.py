"""What stays loaded between runs, within a budget on each device."""

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from models.interface import LoadFailed, OutOfMemory
from models.running.devices import Device
from models.running.settings import MEMORY_GB, WrongSetting


class Key(NamedTuple):
    """photo: a digest of the photo that something was made of; empty for the model itself."""

    model: str
    device: Device
    photo: str = ""


class Memory:
    """Models and what they made of photos. What was used least recently is dropped first.

    budget: bytes that all this may take on a device; by default what the device suggests, or
    CUTOUT_MEMORY_GB. Only one caller at a time may keep things on a device.
    """

    def __init__(self, budget: Callable[[Device], int] | None = None) -> None:
        self._budget = budget or suggested_budget
        self._kept: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._used: dict[Key, float] = {}
        self._lock = threading.Lock()

    def keep(self, key: Key, make: Callable[[], tuple[Any, int]], size: int = 0) -> Any:
        """What is kept under `key`. If nothing is, `make` returns it and the bytes that it takes.

        Room for `size` bytes is made before that, and for the bytes really taken afterwards.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                self._used[key] = time.monotonic()
                return self._kept[key][0]
        self._make_room(size, key)
        value, size = make()
        with self._lock:
            self._kept[key], self._used[key] = (value, size), time.monotonic()
        self._make_room(0, key)
        return value

    def loaded(self) -> dict[str, dict[str, int]]:
        """Bytes of what is kept, by device and by model; what was made of photos counts with it."""
        found: dict[str, dict[str, int]] = {}
        with self._lock:
            for key, (_, size) in self._kept.items():
                there = found.setdefault(key.device.name, {})
                there[key.model] = there.get(key.model, 0) + size
        return found

    def bytes_of(self, key: Key) -> int:
        """Bytes of what is kept under `key`; 0 if nothing is."""
        with self._lock:
            return self._kept[key][1] if key in self._kept else 0

    def forget_photos(self, idle: float = 0) -> None:
        """Drop what models made of photos, if nobody has asked for it in the last `idle` seconds;
        the models stay."""
        since = time.monotonic() - idle
        with self._lock:
            gone = [key for key in self._kept if key.photo and self._used[key] <= since]
            for key in gone:
                del self._kept[key], self._used[key]
        for device in {key.device for key in gone}:
            device.free_memory()

    @contextmanager
    def dropping_when_full(self, device: Device) -> Iterator[None]:
        """Where what is inside ends by OutOfMemory, all that is kept on the device is dropped: what
        comes next has the most room that there can be."""
        try:
            yield
        except OutOfMemory as error:
            for each in filter(None, (error, error.__cause__)):  # their frames hold the model
                traceback.clear_frames(each.__traceback__)
            with self._lock:
                for key in [key for key in self._kept if key.device.name == device.name]:
                    del self._kept[key], self._used[key]
            device.free_memory()
            raise

    def _make_room(self, size: int, wanted: Key) -> None:
        """Drop others until `size` more bytes fit; never the model that is about to run."""
        device, needed = wanted.device, (wanted, wanted._replace(photo=""))
        budget = self._budget(device)
        with self._lock:
            here = [key for key in self._kept if key.device.name == device.name]
            excess = sum(self._kept[key][1] for key in here) + size - budget
            dropped = False
            for key in here:
                if excess > 0 and key not in needed:
                    excess -= self._kept.pop(key)[1]
                    del self._used[key]
                    dropped = True
        if dropped:
            device.free_memory()


def suggested_budget(device: Device) -> int:
    """Bytes that loaded models may take there: as set, or as the device suggests. Raises LoadFailed
    for a setting that can't be used."""
    try:
        gigabytes = MEMORY_GB.value()
    except WrongSetting as error:
        raise LoadFailed(str(error)) from error
    return int(gigabytes * 1e9) if gigabytes else device.memory_budget()
