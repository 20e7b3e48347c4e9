"""A stranger's ONNX file is opened and run in a process of its own, with limits, before this
process loads it: a file of 300 bytes may ask for 256 GiB, or loop forever.

The other process gets no more addresses than loaded models may take bytes here (CUTOUT_MEMORY_GB)
and what the runtime itself needs; Linux holds it to that. On macOS and Windows only the deadline
holds. It sees nothing of the environment but where libraries are.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.catalog import ModelSpec
from models.hub import given
from models.hub.checksums import digest
from models.hub.errors import readable
from models.interface import LoadFailed
from models.running.devices import Device, threads
from models.running.memory import suggested_budget
from models.running.stages import check

SECONDS = 120.0
"""How long one trial may take: a large network needs half a minute on a slow CPU."""

RUNTIME = 3 << 30
"""Bytes of addresses that Python, ONNX Runtime and their threads take for themselves."""

THREADS = 8
"""At most; each takes addresses for itself, which the limit counts."""

TICK = 0.05
"""Seconds between two questions whether the work was stopped."""

_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


@dataclass(frozen=True)
class Port:
    """An input or output. kind: as ONNX Runtime writes it, "tensor(float)"; shape: numbers, and
    names or None for what is open."""

    name: str
    kind: str
    shape: tuple[int | str | None, ...]


@dataclass(frozen=True)
class Answer:
    """One output of one run. low, high: None where it has no finite numbers."""

    shape: tuple[int, ...]
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Report:
    """What was seen of a file. runs: a tuple with each output's answer for each run; empty if it
    takes something else than one picture, or leaves its sides open and none were given."""

    producer: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    runs: tuple[tuple[Answer, ...], ...]


def is_strange(spec: ModelSpec) -> bool:
    """Whether the row's file is known by nothing that the catalogue says."""
    if spec.own or given.local(spec.name):
        return True
    return not (spec.packaged or spec.checksum)


_VERDICTS: dict[tuple[str, tuple[int, int] | None], Report | str] = {}
"""Of each file tried, by its SHA-256: what was seen, or why it can't be used."""


def passed(path: Path, sides: tuple[int, int] | None) -> Report:
    """What was seen of the file in its first trial, with noise for a photo. sides: (height, width)
    where it leaves them open. Raises LoadFailed with the same sentence each time, or Cancelled."""
    key = digest(path), sides
    if key not in _VERDICTS:
        try:
            _VERDICTS[key] = tried(path, sides)
        except LoadFailed as error:
            _VERDICTS[key] = str(error)
    verdict = _VERDICTS[key]
    if isinstance(verdict, str):
        raise LoadFailed(verdict)
    return verdict


def tried(
    path: Path,
    sides: tuple[int, int] | None = None,
    photos: Sequence[NDArray[np.float32]] = (),
) -> Report:
    """Open the file and run it on each of the photos, `(1, 3, height, width)` as the network wants
    them, or on noise. Raises LoadFailed with a sentence, or Cancelled."""
    most = suggested_budget(Device("cpu"))
    few = min(threads(), THREADS)
    order = {"path": str(path.absolute()), "bytes": most + RUNTIME, "threads": few}
    with tempfile.TemporaryDirectory() as folder:
        feeds = Path(folder) / "photos.npz"
        if photos:
            np.savez(feeds, *photos)
        told = _run({**order, "sides": sides, "feeds": str(feeds) if photos else None}, path.name)
    if error := told.get("error"):
        raise LoadFailed(_refusal(path.name, error, most))
    return Report(
        told["producer"],
        tuple(Port(name, kind, tuple(shape)) for name, kind, shape in told["inputs"]),
        tuple(Port(name, kind, tuple(shape)) for name, kind, shape in told["outputs"]),
        tuple(
            tuple(Answer(tuple(each["shape"]), each["low"], each["high"]) for each in run)
            for run in told["runs"]
        ),
    )


def _run(order: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the other process prints. Raises LoadFailed if it ends otherwise, or Cancelled."""
    until = time.monotonic() + SECONDS
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # NumPy's own, which would take addresses too
    command = [sys.executable, "-I", str(_CHILD), json.dumps(order)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            while True:
                check()
                if time.monotonic() > until:
                    raise LoadFailed(
                        f"{name} did not finish one photo in {SECONDS:g} seconds and was stopped. "
                        "Choose another file."
                    )
                try:
                    told, _ = process.communicate(timeout=TICK)
                    break
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()
    if process.returncode:
        raise LoadFailed(
            f"{name} ended the process that tried it (exit code {process.returncode}), so it isn't "
            "loaded. Choose another file."
        )
    found: dict[str, Any] = json.loads(told)
    return found


def _refusal(name: str, error: str, most: int) -> str:
    line = error.strip().partition("\n")[0][:200]
    if any(word in error.lower() for word in ("allocate", "bad_alloc", "memory")):
        return (
            f"{name} asks for more memory than models may take here, {readable(most)} ({line}). "
            "Choose a smaller model, or set CUTOUT_MEMORY_GB if this machine has more."
        )
    return (
        f"{name} is not a network that ONNX Runtime can run ({line}). "
        "Choose another file, or download it again."
    )
