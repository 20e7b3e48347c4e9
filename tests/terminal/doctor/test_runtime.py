"""Providers of ONNX Runtime count once a network has run by them."""

from typing import Any

import numpy as np
import onnxruntime
import pytest

from models.families.onnx import session
from terminal.doctor import runtime


def test_the_cpu_s_provider_starts() -> None:
    found = runtime.providers()
    assert {each.state for each in found} == {"ok"}
    assert any(each.told == "CPUExecutionProvider starts." for each in found)


def test_a_provider_that_is_here_and_does_not_start_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As with onnxruntime-gpu where CUDA's libraries are missing: the runtime takes the CPU."""
    names = ["CUDAExecutionProvider", "CPUExecutionProvider", "AzureExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: names)
    real = onnxruntime.InferenceSession

    def on_the_cpu(path: str, options: Any, providers: list[Any]) -> Any:
        return real(path, options, providers=["CPUExecutionProvider"])

    monkeypatch.setattr(onnxruntime, "InferenceSession", on_the_cpu)
    version, cpu, cuda = runtime.providers()
    assert "not used: AzureExecutionProvider" in version.told
    assert (cpu.state, cuda.state) == ("ok", "problem")
    assert "could not start its CUDAExecutionProvider" in cuda.told


def test_a_provider_that_computes_wrongly_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        def run(self, *_: object) -> list[Any]:
            return [np.zeros(1, np.float32)]

    monkeypatch.setattr(session, "session_of", lambda *_: Wrong())
    finding = runtime.started("CPUExecutionProvider")
    assert (finding.state, "computes wrongly" in finding.told) == ("problem", True)
