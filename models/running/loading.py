"""How a row becomes a model that runs: its device, its files, its family's code."""

import importlib
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from models.catalog import ModelSpec
from models.hub import weights
from models.hub.folder import Folder
from models.interface import Cancelled, Check, LoadFailed, ModelError
from models.running.devices import (
    BYTES_ONLY,
    Device,
    compiled,
    cpu_knows_bfloat16,
    resolve,
    resolve_onnx,
)
from models.running.failures import sentence
from models.running.stages import checked_modules, stage


def device_of(spec: ModelSpec, wanted: str) -> Device:
    """A device named must be there, even for a model that has no use for it: nothing falls back."""
    if spec.engine == "onnxruntime":
        return resolve_onnx(wanted)
    if spec.engine == "torch":
        device = resolve(wanted)
        if device.kind == "cpu" and spec.half_on_cpu and cpu_knows_bfloat16():
            return Device(device.name, "bfloat16")
        if device.kind == "cuda" and spec.half_on_gpu:
            return Device(device.name, spec.half_on_gpu)
        return device
    if wanted not in ("auto", "cpu"):
        resolve(wanted)
    return BYTES_ONLY


def stoppable(spec: ModelSpec, device: Device) -> AbstractContextManager[None]:
    """Whether torch's networks can be stopped midway. Compiled ones can't: they are one piece."""
    networks = spec.engine == "torch" and device.kind == "cpu"
    return checked_modules() if networks and not compiled() else nullcontext()


def fetch(spec: ModelSpec, progress: weights.Progress, check: Check) -> Folder | None:
    """The row's files, downloaded if they aren't here; None for one that has none."""
    if spec.built_in:
        return None
    with stage("download"):
        return weights.fetch(spec, progress=progress, check=check)


def load(spec: ModelSpec, folder: Folder | None, device: Device, loader: str = "load") -> Any:
    """What the family's function `loader` makes of the row's files, warmed up. Raises ModelError or
    Cancelled."""
    adapter = importlib.import_module(f"models.families.{spec.family}")
    try:
        with stage("load"):
            model = getattr(adapter, loader)(spec, folder, device)
        # The first run on a device pays for choosing kernels; that is not the model's speed.
        if hasattr(adapter, "warm_up"):
            with stage("warm-up"):
                adapter.warm_up(model)
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        raise LoadFailed(sentence("load", spec, device, error)) from error
    return model
