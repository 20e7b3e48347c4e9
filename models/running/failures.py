"""What ends a model's work, in one sentence that says what to do next."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from models.catalog import ModelSpec
from models.interface import Cancelled, ModelError, RunFailed
from models.running.devices import Device


@contextmanager
def failing_as_run(spec: ModelSpec, device: Device) -> Iterator[None]:
    """Raise what goes wrong inside as RunFailed; a ModelError and Cancelled pass unchanged."""
    try:
        yield
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        if _out_of_memory(error):
            # The failed call's tensors live on in the traceback, and with them the memory.
            traceback.clear_frames(error.__traceback__)
            device.free_memory()
        raise RunFailed(sentence("run", spec, device, error)) from error


def sentence(doing: str, spec: ModelSpec, device: Device, error: Exception) -> str:
    """What went wrong, and what to do next. doing: "load" or "run"."""
    if _out_of_memory(error):
        return (
            f"There is not enough memory on {device.name} to {doing} {spec.label}. "
            "Choose a smaller model or another device, or close what else uses it."
        )
    return f"{spec.label} did not {doing}: {type(error).__name__}: {error}"


def _out_of_memory(error: Exception) -> bool:
    """torch raises a RuntimeError for it, in other words on each device."""
    words = ("out of memory", "can't allocate memory", "cannot allocate memory")
    return isinstance(error, MemoryError) or any(word in str(error).lower() for word in words)
