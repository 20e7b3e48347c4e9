"""What ONNX Runtime can start."""

import tempfile
from pathlib import Path

from models.interface import LoadFailed
from models.running.devices import Device
from terminal.doctor.finding import Finding

_DEVICES = {"CPUExecutionProvider": "cpu", "CUDAExecutionProvider": "cuda"}
"""Providers that models are run by, and the device that each is for."""
_IDENTITY = bytes.fromhex(
    "08083a370a100a017812017922084964656e746974791201675a0f0a0178120a0a08080112040a020801620f0a0179"
    "120a0a08080112040a02080142040a00100d"
)
"""A network in the ONNX format that gives back the number that it is given."""


def providers() -> list[Finding]:
    """Each provider that models may be run by, really started."""
    import onnxruntime

    there = onnxruntime.get_available_providers()
    found = [started(name) for name in _DEVICES if name in there]
    others = [name for name in there if name not in _DEVICES]
    unused = f" Here, too, and not used: {', '.join(others)}." if others else ""
    told = f"onnxruntime {onnxruntime.__version__}.{unused}"
    return [Finding("onnx", "ok", told), *found]


def started(provider: str) -> Finding:
    """Whether a network runs by it."""
    import numpy as np

    from models.families.onnx.session import session_of

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "identity.onnx"
        path.write_bytes(_IDENTITY)
        try:
            session = session_of(path, Device(_DEVICES[provider]))
            (seven,) = session.run(None, {"x": np.array([7], np.float32)})
        except LoadFailed as error:
            return Finding("onnx", "problem", str(error))
    if seven.tolist() != [7.0]:
        told = f"{provider} computes wrongly. Reinstall onnxruntime by `uv sync --reinstall`."
        return Finding("onnx", "problem", told)
    return Finding("onnx", "ok", f"{provider} starts.")
