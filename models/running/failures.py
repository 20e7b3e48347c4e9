"""What ends a model's work, in one sentence that says what to do next."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from models.catalog import ModelSpec
from models.interface import Cancelled, ModelError, OutOfMemory, RunFailed
from models.running.devices import Device

_PATH = re.compile(r"(?<![\w:/.])/[^\s,;:()“”]+[^\s,;:()“”.]")
_RAW = re.compile(r"( did not (?:load|run): \w+): .*|( did not finish \(\w+): .*(\)\.)", re.DOTALL)


@contextmanager
def failing_as_run(spec: ModelSpec, device: Device) -> Iterator[None]:
    """Raise what goes wrong inside as RunFailed, or OutOfMemory; a ModelError and Cancelled pass
    unchanged."""
    try:
        yield
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        told = sentence("run", spec, device, error)
        if not out_of_memory(error):
            raise RunFailed(told) from error
        # The failed call's tensors live on in the traceback, and with them the memory.
        traceback.clear_frames(error.__traceback__)
        device.free_memory()
        raise OutOfMemory(told) from error


def sentence(doing: str, spec: ModelSpec, device: Device, error: Exception) -> str:
    """What went wrong, and what to do next. doing: "load" or "run"."""
    if out_of_memory(error):
        return (
            f"There is not enough memory on {device.name} to {doing} {spec.label}. "
            "Choose a smaller model or another device, or close what else uses it."
        )
    return f"{spec.label} did not {doing}: {type(error).__name__}: {error}"


def unforeseen(label: str, error: Exception) -> str:
    """What ended a step, where nobody foresaw it."""
    return f"{label} did not finish ({type(error).__name__}: {error})."


def outward(error: ModelError) -> str:
    """The sentence for somebody at another machine: without the text of what nobody foresaw, and
    without the names of this machine's files and folders."""
    return _PATH.sub("a folder of the server", _RAW.sub(_shortened, str(error)))


def _shortened(found: re.Match[str]) -> str:
    """Only the kind of error is left."""
    start, end = (found[1], ".") if found[1] else (found[2], found[3])
    return f"{start}{end} The server's log says more."


_NO_MEMORY = (
    "out of memory", "can't allocate memory", "cannot allocate memory", "alloc_failed",  # torch
    "failed to allocate memory", "bad_alloc", "bad allocation",  # ONNX Runtime
    "insufficient memory",  # OpenCV
)  # fmt: skip


def out_of_memory(error: BaseException) -> bool:
    """Whether that is what ended the work: libraries have errors and words of their own for it."""
    return isinstance(error, MemoryError) or any(
        words in str(error).lower() for words in _NO_MEMORY
    )
