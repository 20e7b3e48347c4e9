"""Devices that can compute, and memory."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from models.hub.errors import readable
from models.running.devices import threads
from models.running.settings import MEMORY_GB
from photos.counts import counted
from terminal.doctor.finding import Finding, first_line

_SIDE = 64
_PATIENCE = 10.0
"""Seconds that nvidia-smi gets."""
_LITTLE = 2e9
"""Bytes of free memory with which the large models hardly run."""
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux tells what a container may take."""


def devices() -> list[Finding]:
    """The CPU, and each GPU that is here."""
    import torch

    cores = counted(threads(), "core")
    wrong = fault(torch, "cpu")
    cpu = Finding("cpu", "ok", f"torch {torch.__version__} computes on {cores}.")
    if wrong:
        told = f"torch {torch.__version__} can't compute here ({wrong}). Run `uv sync --reinstall`."
        cpu = Finding("cpu", "problem", told)
    return [cpu, *gpus(torch, *driver())]


def driver() -> tuple[str, str]:
    """The version of NVIDIA's driver, and what is wrong with it; both empty if there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "", ""
    words = [tool, "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", first_line(error)
    said = next(iter((done.stdout.strip() or done.stderr.strip()).splitlines()), "")
    return ("", said or "it says nothing") if done.returncode or not said else (said, "")


def gpus(torch: Any, version: str, broken: str) -> list[Finding]:
    """torch: the module. version, broken: what `driver` tells."""
    if torch.cuda.is_available():
        return [_card(torch, number, version) for number in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        if wrong := fault(torch, "mps"):
            told = f"The Apple GPU can't compute ({wrong}). Update macOS, or choose --device cpu."
            return [Finding("gpu", "problem", told)]
        return [Finding("gpu", "ok", "The Apple GPU (mps) computes.")]
    if broken:
        told = f"nvidia-smi fails ({broken}). If there is a card, its driver must be mended."
        return [Finding("gpu", "warning", told)]
    if not version:
        return [Finding("gpu", "ok", "There is none: models run on the CPU.")]
    card = f"There is an NVIDIA card (driver {version})"
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return [Finding("gpu", "ok", f"{card}, and CUDA_VISIBLE_DEVICES hides it.")]
    if torch.version.cuda is None:
        told = f"{card}, but torch here was built for the CPU alone: install its CUDA build."
        return [Finding("gpu", "warning", told)]
    told = (
        f"{card} that torch, built for CUDA {torch.version.cuda}, can't use. Update the driver, "
        "give this container the card (--gpus all), or install torch for an older CUDA."
    )
    return [Finding("gpu", "problem", told)]


def _card(torch: Any, number: int, version: str) -> Finding:
    name = f"cuda:{number}"
    label = f"{torch.cuda.get_device_name(number)} ({name})"
    build = f"CUDA {torch.version.cuda}" + (f", driver {version}" if version else "")
    if wrong := fault(torch, name):
        told = (
            f"{label} can't compute ({wrong}; {build}). Update the driver, install a torch built "
            "for this card, or choose --device cpu."
        )
        return Finding("gpu", "problem", told)
    free, total = torch.cuda.mem_get_info(name)
    memory = f"{readable(free)} of {readable(total)} free"
    if free < _LITTLE:
        told = f"{label} has only {memory} ({build}). Close what else uses it."
        return Finding("gpu", "warning", told)
    return Finding("gpu", "ok", f"{label} computes, {memory} ({build}).")


def fault(torch: Any, name: str) -> str:
    """What keeps the device called `name` from a small product; empty if nothing does."""
    try:
        ones = torch.ones((_SIDE, _SIDE), device=name)
        total = float((ones @ ones).sum())
    except Exception as error:  # of each device and library another kind
        return first_line(error)
    return "" if total == _SIDE**3 else f"it makes {total:g} of {_SIDE**3}"


def memory(limits: Iterable[Path] = _LIMITS) -> list[Finding]:
    """RAM, as far as this process may use it. limits: files that tell what that is."""
    found = psutil.virtual_memory()
    total, free = int(found.total), int(found.available)
    allowed = min([total, *filter(None, map(_limit, limits))])
    told = f"{readable(free)} of {readable(total)} free."
    if allowed < total and not MEMORY_GB.given:
        half = max(1, round(allowed / 2e9))
        return [
            Finding(
                "memory",
                "warning",
                f"This container may use {readable(allowed)} of the machine's {readable(total)}, "
                f"and models reckon with the machine's: set {MEMORY_GB.name}={half}.",
            )
        ]
    if free < _LITTLE:
        return [Finding("memory", "warning", f"{told} Close something, or choose small models.")]
    return [Finding("memory", "ok", told)]


def _limit(path: Path) -> int | None:
    """Bytes that a file of the control group allows; None if it doesn't tell."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # "max", too
        return None
