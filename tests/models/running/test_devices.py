"""Which device and number format a name stands for, and what a processor tells of itself."""

from pathlib import Path

import onnxruntime
import pytest
import torch

from models.interface import DeviceMissing
from models.running import devices
from models.running.devices import Device, resolve, resolve_onnx


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
        ("cuda:0", Device("cuda:0", "float16")),
        ("cuda:1", Device("cuda:1", "bfloat16")),
        ("cpu", Device("cpu", "float32")),
    ],
)
def test_each_card_gets_the_half_precision_that_it_computes_in(
    wanted: str, expected: Device, cards: None
) -> None:
    assert resolve(wanted) == expected


@pytest.mark.parametrize("wanted", ["cuda:2", "cuda:", "cuda:x", "gpu", ""])
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
