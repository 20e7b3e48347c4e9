"""Models are loaded when first needed, kept while they fit, run one at a time on each device."""

import importlib
import os
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from compositing.arrays import Photo
from models import weights
from models.catalog import ModelSpec
from models.devices import BYTES_ONLY, Device, PeakMemory, resolve
from models.interface import (
    Cancelled,
    Check,
    LoadFailed,
    Matte,
    ModelError,
    Prompt,
    RunFailed,
    Segmenter,
    unwanted,
)
from models.stages import recording, stage

BYTES_PER_WEIGHT = {"float32": 4, "bfloat16": 2, "float16": 2, "uint8": 1}

type Progress = Callable[[int, int], None]
"""Called with the bytes done and in all while a model is downloaded."""


@dataclass(frozen=True, eq=False)
class Result:
    """A matte, and how it came about: seconds by stage, the device and number format really used,
    the revision of the weights, and the bytes in use at the worst moment of the run."""

    matte: Matte
    seconds: Mapping[str, float]
    device: Device
    revision: str
    peak_bytes: int


class Pool:
    """One for the whole process. Models are told apart by name, device and number format.

    budget: bytes that loaded weights may take on a device; by default what the device suggests,
    or CUTOUT_MEMORY_GB.
    """

    def __init__(self, budget: Callable[[Device], int] | None = None) -> None:
        self._budget = budget or _suggested_budget
        self._loaded: OrderedDict[tuple[str, Device], tuple[Segmenter, int]] = OrderedDict()
        self._busy: dict[str, threading.Lock] = {}
        self._table = threading.Lock()

    def run(
        self,
        spec: ModelSpec,
        photo: Photo,
        prompt: Prompt,
        wanted: str = "auto",
        *,
        progress: Progress | None = None,
        check: Check = unwanted,
    ) -> Result:
        """The matte of `photo`, by `spec` on the device called `wanted`; waits for its turn there.

        Raises DeviceMissing, LoadFailed, PromptMissing, RunFailed (all ModelError) or Cancelled.
        """
        device = _device(spec, wanted)
        with recording(device.synchronise, check) as record:
            folder = _fetch(spec, progress, check)
            with self._turn(device, check), PeakMemory(device) as peak:
                segmenter = self._ready(spec, folder, device)
                matte = _segment(spec, segmenter, photo, prompt, device)
        revision = weights.resolved_revision(spec) if spec.repo else ""
        return Result(matte, dict(record.seconds), device, revision, peak.bytes)

    def names(self) -> list[tuple[str, Device]]:
        """What is loaded now, least recently used first."""
        with self._table:
            return list(self._loaded)

    def clear(self, device: Device | None = None) -> None:
        """Free everything, or what is loaded on `device`."""
        for key in self.names():
            if device is None or key[1].name == device.name:
                self._evict(key)

    @contextmanager
    def _turn(self, device: Device, check: Check) -> Iterator[None]:
        with self._table:
            busy = self._busy.setdefault(device.name, threading.Lock())
        while not busy.acquire(timeout=0.2):
            check()
        try:
            yield
        finally:
            busy.release()

    def _ready(self, spec: ModelSpec, folder: Path | None, device: Device) -> Segmenter:
        """The loaded model; called with the device's turn held, so nobody loads it twice."""
        key = (spec.name, device)
        with self._table:
            if key in self._loaded:
                self._loaded.move_to_end(key)
                return self._loaded[key][0]
        size = spec.parameters * BYTES_PER_WEIGHT[device.dtype]
        self._make_room(size, device)
        segmenter = _load(spec, folder, device)
        with self._table:
            self._loaded[key] = (segmenter, size)
        return segmenter

    def _make_room(self, size: int, device: Device) -> None:
        budget = self._budget(device)
        while True:
            with self._table:
                here = [(k, b) for k, (_, b) in self._loaded.items() if k[1].name == device.name]
            if not here or sum(b for _, b in here) + size <= budget:
                return
            self._evict(here[0][0])

    def _evict(self, key: tuple[str, Device]) -> None:
        with self._table:
            self._loaded.pop(key, None)
        key[1].free_memory()


def _device(spec: ModelSpec, wanted: str) -> Device:
    """A device named must be there, even for a model that has no use for it: nothing falls back."""
    if spec.accelerated:
        return resolve(wanted)
    if wanted not in ("auto", "cpu"):
        resolve(wanted)
    return BYTES_ONLY


def _suggested_budget(device: Device) -> int:
    gigabytes = os.environ.get("CUTOUT_MEMORY_GB")
    return int(float(gigabytes) * 1e9) if gigabytes else device.memory_budget()


def _fetch(spec: ModelSpec, progress: Progress | None, check: Check) -> Path | None:
    if spec.repo is None:
        return None
    with stage("download"):
        if progress is None:
            return weights.fetch(spec, check=check)
        return weights.fetch(spec, progress=progress, check=check)


def _load(spec: ModelSpec, folder: Path | None, device: Device) -> Segmenter:
    adapter = importlib.import_module(f"models.{spec.family}")
    try:
        with stage("load"):
            segmenter: Segmenter = adapter.load(spec, folder, device)
        # The first run on a device pays for choosing kernels; that is not the model's speed.
        if hasattr(adapter, "warm_up"):
            with stage("warm-up"):
                adapter.warm_up(segmenter)
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        raise LoadFailed(_sentence("load", spec, device, error)) from error
    return segmenter


def _segment(
    spec: ModelSpec, segmenter: Segmenter, photo: Photo, prompt: Prompt, device: Device
) -> Matte:
    try:
        return segmenter.segment(photo, prompt)
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        if _out_of_memory(error):
            # The failed call's tensors live on in the traceback, and with them the memory.
            traceback.clear_frames(error.__traceback__)
            device.free_memory()
        raise RunFailed(_sentence("run", spec, device, error)) from error


def _sentence(doing: str, spec: ModelSpec, device: Device, error: Exception) -> str:
    if _out_of_memory(error):
        return (
            f"There is not enough memory on {device.name} to {doing} {spec.label}. "
            "Choose a smaller model or another device, or close what else uses it."
        )
    return f"{spec.label} did not {doing}: {type(error).__name__}: {error}"


def _out_of_memory(error: Exception) -> bool:
    """torch says it as a RuntimeError whose words differ by device."""
    words = ("out of memory", "can't allocate memory", "cannot allocate memory")
    return isinstance(error, MemoryError) or any(word in str(error).lower() for word in words)
