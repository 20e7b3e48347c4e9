"""Which device and number format a model runs with, and how much memory there is and was used.

torch is imported only where a question can't be answered without it.
"""

import functools
import gc
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from models.interface import DeviceMissing
from models.running.settings import COMPILE

CHOICES = ("auto", "cuda", "cuda:1", "mps", "cpu")
"""Names of devices; of NVIDIA cards there may be any number. The first is "cuda" and "cuda:0"."""

_CARD = re.compile(r"cuda(?::(0|[1-9][0-9]{0,3}))?")
"""Each card has one name, but for the first: a lane is known by it."""
_PATIENCE = 10.0
"""Seconds that the cards' driver may take to list them."""


@dataclass(frozen=True)
class Device:
    """name: "cpu", "cuda", which is the first card, "cuda:1", "mps". dtype: "float32", "bfloat16",
    "float16", and "uint8" for what works on the photo's bytes without a network."""

    name: str = "cpu"
    dtype: str = "float32"

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]

    def synchronise(self) -> None:
        """Wait until the device has done all that it was given, so that a clock tells the truth."""
        if self.kind == "cuda":
            _torch().cuda.synchronize(self.name)
        elif self.kind == "mps":
            _torch().mps.synchronize()

    def free_memory(self) -> None:
        """Give back what nothing refers to any more."""
        gc.collect()
        if self.kind == "cuda":
            with _torch().cuda.device(self.name):  # else it would settle on the first card, too
                _torch().cuda.empty_cache()
        elif self.kind == "mps":
            _torch().mps.empty_cache()

    def memory_budget(self) -> int:
        """Bytes that loaded weights may take together: half of the machine's memory (cpu), 80 % of
        the card's (cuda), 60 % of what Apple recommends (mps)."""
        if self.kind == "cuda":
            return int(0.8 * _torch().cuda.mem_get_info(self.name)[1])
        if self.kind == "mps":
            return int(0.6 * _torch().mps.recommended_max_memory())
        return int(psutil.virtual_memory().total) // 2

    def used(self) -> int:
        """Bytes in use now: on the card (cuda, mps), or by this process (cpu)."""
        if self.kind == "cuda":
            return int(_torch().cuda.memory_allocated(self.name))
        if self.kind == "mps":
            return int(_torch().mps.current_allocated_memory())
        return int(psutil.Process().memory_info().rss)


class PeakMemory:
    """The most bytes that a block used at once, beyond those in use when it began.

    cuda counts them itself; elsewhere memory is measured fifty times a second.
    """

    def __init__(self, device: Device) -> None:
        self.bytes = 0
        self._device = device
        self._done = threading.Event()
        self._watcher: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._start = self._device.used()
        if self._device.kind == "cuda":
            _torch().cuda.reset_peak_memory_stats(self._device.name)
        else:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._watcher is None:
            peak = int(_torch().cuda.max_memory_allocated(self._device.name))
            self.bytes = peak - self._start
        else:
            self._done.set()
            self._watcher.join()

    def _watch(self) -> None:
        while True:
            self.bytes = max(self.bytes, self._device.used() - self._start)
            if self._done.wait(0.02):
                return


BYTES_ONLY = Device("cpu", "uint8")
"""For models without a network: always here, nothing to import."""

_turn: ContextVar[str] = ContextVar("turn", default="")


@contextmanager
def turn_on(name: str) -> Iterator[None]:
    """Inside, "auto" is the device called `name`, where that is one of several cards: who was given
    a turn on it computes there."""
    token = _turn.set(name)
    try:
        yield
    finally:
        _turn.reset(token)


def one_name(name: str) -> str:
    """The first card has two names, and gets one of them."""
    return "cuda" if name == "cuda:0" else name


def resolve(wanted: str = "auto") -> Device:
    """The device called `wanted`, with the number format that suits it; "auto" takes cuda, then
    mps, then cpu; of several cards the one that the caller has its turn on. Raises DeviceMissing
    when a device was named that this machine hasn't got."""
    if wanted == "cpu":
        return Device("cpu", "float32")
    torch = _torch()
    has_mps = torch.backends.mps.is_available()
    if wanted == "auto":
        if torch.cuda.is_available():
            return resolve(_own_card())
        return resolve("mps" if has_mps else "cpu")
    if match := _CARD.fullmatch(wanted):
        card = int(match[1] or 0)
        if torch.cuda.is_available() and card < torch.cuda.device_count():
            # Before Ampere, bfloat16 is imitated, and slower than float32.
            ampere = torch.cuda.get_device_capability(card) >= (8, 0)
            return Device(f"cuda:{card}" if card else "cuda", "bfloat16" if ampere else "float16")
        raise DeviceMissing(f"There is no CUDA device “{wanted}” here. Choose “auto” or “cpu”.")
    if wanted == "mps":
        if has_mps:
            return Device("mps", "float32")
        raise DeviceMissing("There is no Apple GPU (mps) here. Choose “auto” or “cpu”.")
    raise DeviceMissing(f"“{wanted}” is not a device. Choose one of {', '.join(CHOICES)}.")


def resolve_onnx(wanted: str = "auto") -> Device:
    """As `resolve`, for what ONNX Runtime runs, without torch where that isn't asked for: "auto"
    takes a card, as there, if the runtime here was built for it, else cpu. An Apple GPU must be
    there, and isn't made use of. Raises DeviceMissing."""
    import onnxruntime

    has_cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
    if wanted == "auto":
        return Device(_own_card() if has_cuda else "cpu")
    device = resolve(wanted)
    if device.kind == "cuda":
        if has_cuda:
            return Device(device.name)
        raise DeviceMissing(
            "ONNX Runtime here was built for the CPU. Install onnxruntime-gpu in place of "
            "onnxruntime, or choose “auto” or “cpu”."
        )
    return Device("cpu")


def threads() -> int:
    """How many of the machine's cores this process may use."""
    return os.process_cpu_count() or 1


def cpu_knows_bfloat16() -> bool:
    """Whether this machine's CPU multiplies bfloat16 in hardware; without that it's slower."""
    facts = Path("/proc/cpuinfo")
    known = facts.read_text() if facts.exists() else ""
    return any(flag in known for flag in ("avx512_bf16", "amx_bf16"))


def compiled() -> bool:
    """Whether networks are to be compiled, which CUTOUT_COMPILE=1 asks for."""
    return COMPILE.value()


def offered() -> tuple[str, ...]:
    """The devices to offer on this machine, guessed without torch; `resolve` knows for certain."""
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    return "auto", *cards(), *(("mps",) if apple else ()), "cpu"


def cards() -> tuple[str, ...]:
    """The NVIDIA cards by their names here: "cuda" for one alone, else "cuda:0" and so on."""
    program = shutil.which("nvidia-smi")
    count = _count(program, os.environ.get("CUDA_VISIBLE_DEVICES")) if program else 0
    return tuple(f"cuda:{number}" for number in range(count)) if count > 1 else ("cuda",) * count


@functools.cache
def _count(program: str, visible: str | None) -> int:
    """How many cards the driver lists, less those that CUDA_VISIBLE_DEVICES hides: it names those
    to be seen, by number or identity, up to the first that isn't there."""
    try:
        told = subprocess.run(
            [program, "-L"], capture_output=True, text=True, timeout=_PATIENCE, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        count = 1  # it may still be there; `resolve` knows
    else:
        count = sum(line.startswith("GPU ") for line in told.splitlines())
    if visible is None:
        return count
    seen = 0
    for name in visible.split(","):
        name = name.strip()
        if not name.startswith(("GPU-", "MIG-")) and not (name.isdecimal() and int(name) < count):
            break
        seen += 1
    return min(seen, count)


def _own_card() -> str:
    """The card that the caller has its turn on, if it's there; else the first."""
    name = _turn.get()
    number = name.removeprefix("cuda:")
    there = name != number and int(number) < _torch().cuda.device_count()
    return name if there else "cuda"


def _torch() -> Any:
    import torch

    return torch
