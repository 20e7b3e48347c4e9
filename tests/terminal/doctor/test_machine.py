"""GPUs and memory, as pretended ones show them."""

import os
import shutil
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from terminal.doctor import machine
from terminal.doctor.finding import Finding

GB = 1_000_000_000


def pretended(
    *,
    cards: int = 0,
    mps: bool = False,
    cuda: str | None = "12.8",
    broken: str = "",
    free: int = 20 * GB,
    factor: float = 1,
) -> Any:
    """A torch whose devices compute on the CPU. broken: what they say instead; factor: by how much
    their results are off."""

    def ones(size: tuple[int, int], device: str) -> torch.Tensor:
        if broken:
            raise RuntimeError(f"{broken}\nCompile with TORCH_USE_CUDA_DSA.")
        return factor * torch.ones(size)

    return types.SimpleNamespace(
        __version__="2.9.0",
        ones=ones,
        version=types.SimpleNamespace(cuda=cuda),
        cuda=types.SimpleNamespace(
            is_available=lambda: cards > 0,
            device_count=lambda: cards,
            get_device_name=lambda number: "NVIDIA T4",
            mem_get_info=lambda name: (free, 24 * GB),
        ),
        backends=types.SimpleNamespace(mps=types.SimpleNamespace(is_available=lambda: mps)),
    )


@pytest.mark.parametrize(
    ("torch", "driver", "state", "told"),
    [
        (pretended(cards=1), ("570.1", ""), "ok", "(cuda:0) computes, 20.0 GB of 24.0 GB free"),
        (pretended(cards=1), ("570.1", ""), "ok", "(CUDA 12.8, driver 570.1)"),
        (pretended(cards=1, broken="no kernel image"), ("570.1", ""), "problem", "Update the dr"),
        (pretended(cards=1, factor=2), ("570.1", ""), "problem", "makes 1.04858e+06 of 262144"),
        (pretended(cards=1, free=GB), ("570.1", ""), "warning", "only 1.0 GB of 24.0 GB free"),
        (pretended(cuda=None), ("570.1", ""), "warning", "built for the CPU alone"),
        (pretended(), ("470.2", ""), "problem", "driver 470.2) that torch, built for CUDA 12.8,"),
        (pretended(), ("", "couldn't communicate"), "warning", "nvidia-smi fails (couldn't comm"),
        (pretended(), ("", ""), "ok", "run on the CPU"),
        (pretended(mps=True), ("", ""), "ok", "Apple GPU (mps) computes"),
        (pretended(mps=True, broken="bad"), ("", ""), "problem", "can't compute (bad)"),
    ],
)
def test_a_gpu_counts_once_it_has_computed(
    torch: Any, driver: tuple[str, str], state: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (finding,) = machine.gpus(torch, *driver)
    assert (finding.about, finding.state) == ("gpu", state)
    assert told in finding.told


def test_each_card_has_a_line_and_a_hidden_one_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(machine.gpus(pretended(cards=3), "570.1", "")) == 3
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    (finding,) = machine.gpus(pretended(), "570.1", "")
    assert finding.state == "ok"
    assert "CUDA_VISIBLE_DEVICES hides it" in finding.told


def test_this_machine_s_cpu_computes() -> None:
    cpu = machine.devices()[0]
    assert (cpu.about, cpu.state) == ("cpu", "ok")
    assert machine.fault(torch, "cuda:99")


def smi(tmp_path: Path, script: str) -> str:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    return str(tool)


@pytest.mark.skipif(os.name == "nt", reason="The tool is pretended by a shell's script")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 570.86; echo 570.86", ("570.86", "")),
        ("echo NVIDIA-SMI has failed; exit 9", ("", "NVIDIA-SMI has failed")),
        ("echo no library >&2; exit 12", ("", "no library")),
        ("true", ("", "it says nothing")),
        ("exec sleep 60", ("", "Command")),
    ],
)
def test_what_the_driver_s_tool_says(
    script: str, told: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: smi(tmp_path, script))
    monkeypatch.setattr(machine, "_PATIENCE", 0.2 if "sleep" in script else 10.0)
    version, broken = machine.driver()
    assert version == told[0]
    assert broken.startswith(told[1])
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert machine.driver() == ("", "")


@pytest.fixture
def ram(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Finding]:
    """What is found with so many bytes, of which so many are free, and these limits."""

    def look(total: int, free: int, *limits: Path) -> Finding:
        found = types.SimpleNamespace(total=total, available=free)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: found)
        (finding,) = machine.memory(limits)
        return finding

    return look


def test_memory_that_is_short_or_less_than_it_seems(
    ram: Callable[..., Finding], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUTOUT_MEMORY_GB", raising=False)
    assert ram(64 * GB, 30 * GB) == Finding("memory", "ok", "30.0 GB of 64.0 GB free.")
    short = ram(64 * GB, GB)
    assert (short.state, "Close something" in short.told) == ("warning", True)
    limit = tmp_path / "memory.max"
    limit.write_text("8000000000\n")
    contained = ram(64 * GB, 30 * GB, tmp_path / "gone", limit)
    assert contained.state == "warning"
    assert contained.told.endswith("set CUTOUT_MEMORY_GB=4.")
    monkeypatch.setenv("CUTOUT_MEMORY_GB", "4")
    assert ram(64 * GB, 30 * GB, limit).state == "ok"
    monkeypatch.delenv("CUTOUT_MEMORY_GB")
    limit.write_text("max\n")
    assert ram(64 * GB, 30 * GB, limit).state == "ok"
