"""Which device and number format a name stands for, and what a processor tells of itself."""

from pathlib import Path

import onnxruntime
import pytest
import torch

from models.interface import DeviceMissing
from models.running import devices
from models.running.devices import Device, offered, resolve, resolve_onnx, turn_on


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Turing card and an Ampere card."""
    capabilities = [(7, 5), (8, 6)]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(capabilities))
    monkeypatch.setattr(torch.cuda, "get_device_capability", capabilities.__getitem__)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("auto", Device("cuda", "float16")),
        ("cuda", Device("cuda", "float16")),
        ("cuda:0", Device("cuda", "float16")),
        ("cuda:1", Device("cuda:1", "bfloat16")),
        ("cpu", Device("cpu", "float32")),
    ],
)
def test_each_card_gets_the_half_precision_that_it_computes_in(
    wanted: str, expected: Device, cards: None
) -> None:
    assert resolve(wanted) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        "cuda:2",
        "cuda:",
        "cuda:x",
        "cuda:²",
        "cuda:01",
        "cuda:١",
        pytest.param(f"cuda:{'1' * 5000}", id="long"),
        "gpu",
        "",
    ],
)
def test_a_card_that_is_not_there_is_an_error(wanted: str, cards: None) -> None:
    with pytest.raises(DeviceMissing, match="Choose"):
        resolve(wanted)


@pytest.mark.parametrize(
    ("flags", "knows"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 avx512_vnni\n", True),
        ("flags\t\t: fpu amx_bf16 amx_tile\n", True),
        ("flags\t\t: fpu avx2 avx512f f16c\n", False),
        ("Features\t: fp asimd\n", False),
        (None, False),  # not Linux
    ],
)
def test_a_cpu_tells_by_its_flags_whether_it_knows_bfloat16(
    flags: str | None, knows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "cpuinfo"
    if flags is not None:
        facts.write_text(flags)
    monkeypatch.setattr(devices, "Path", lambda _: facts)
    assert devices.cpu_knows_bfloat16() is knows


@pytest.mark.parametrize(
    ("built_for", "wanted", "expected"),
    [
        (["CPUExecutionProvider"], "auto", Device("cpu")),
        (["CPUExecutionProvider"], "cpu", Device("cpu")),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], "auto", Device("cuda")),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], "cuda:1", Device("cuda:1")),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], "cpu", Device("cpu")),
    ],
)
def test_onnx_runtime_takes_what_it_was_built_for(
    built_for: list[str],
    wanted: str,
    expected: Device,
    cards: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: built_for)
    assert resolve_onnx(wanted) == expected


def test_onnx_runtime_never_falls_back_in_silence(
    cards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(DeviceMissing, match="Install onnxruntime-gpu"):
        resolve_onnx("cuda")
    with pytest.raises(DeviceMissing, match="cuda:9"):
        resolve_onnx("cuda:9")


def test_auto_is_the_card_that_one_has_its_turn_on(
    cards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_for = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: built_for)
    with turn_on("cuda:1"):
        assert resolve() == Device("cuda:1", "bfloat16")
        assert resolve_onnx() == Device("cuda:1")
        assert resolve("cuda") == Device("cuda", "float16")
        assert resolve("cpu") == Device("cpu", "float32")
    for lane in ("cuda:7", "cpu", "collections"):  # no card, or none any more
        with turn_on(lane):
            assert resolve() == Device("cuda", "float16")
    assert resolve() == Device("cuda", "float16")


TWO = "GPU 0: NVIDIA A (UUID: GPU-1)\n  MIG 1g.5gb Device 0: (UUID: MIG-1)\nGPU 1: NVIDIA B\n"


@pytest.mark.parametrize(
    ("listed", "visible", "expected"),
    [
        (TWO, None, ("auto", "cuda:0", "cuda:1", "cpu")),
        (TWO, "1,0", ("auto", "cuda:0", "cuda:1", "cpu")),
        (TWO, "GPU-1", ("auto", "cuda", "cpu")),
        (TWO, "1", ("auto", "cuda", "cpu")),
        (TWO, "0,-1,1", ("auto", "cuda", "cpu")),
        (TWO, "", ("auto", "cpu")),
        (TWO.splitlines()[0], None, ("auto", "cuda", "cpu")),
        ("", None, ("auto", "cpu")),
        (None, None, ("auto", "cuda", "cpu")),  # it fails, and there may be a card all the same
    ],
)
def test_the_cards_that_the_driver_lists_are_offered(
    listed: str | None,
    visible: str | None,
    expected: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = tmp_path / "nvidia-smi"
    (tmp_path / "listed").write_text(listed or "")
    failed = "exit 9" if listed is None else f'cat "{tmp_path}/listed"'
    program.write_text(f'#!/bin/sh\n[ "$1" = -L ] && {failed}\n')
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(program))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert offered() == expected
