"""A file's network in ONNX Runtime: on the device that is asked for and no other, and stoppable."""

import contextvars
import threading
from pathlib import Path
from typing import Any

import onnxruntime as ort
from numpy.typing import NDArray

from models.interface import Cancelled, LoadFailed
from models.running.devices import Device, threads
from models.running.stages import check

TICK = 0.02
"""Seconds between two questions whether the work was stopped."""


def session_of(path: Path, device: Device) -> ort.InferenceSession:
    """The file's network on that device and no other. Raises LoadFailed."""
    options = ort.SessionOptions()
    options.log_severity_level = 3  # what it would warn of is an error here, or nobody's business
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    # Threads that wait awake would burn what torch and the page could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = providers(device)
    try:
        session = ort.InferenceSession(str(path), options, providers=wanted)
    except Exception as error:  # the runtime has a class of its own for each kind of fault
        raise LoadFailed(
            f"{path.name} is not a network that ONNX Runtime can run ({first_line(error)}). "
            "Choose another file, or download it again."
        ) from error
    first = wanted[0] if isinstance(wanted[0], str) else wanted[0][0]
    if session.get_providers()[0] != first:
        raise LoadFailed(
            f"ONNX Runtime could not start its {first} for {device.name}: its CUDA libraries are "
            "missing or of another version. Install those, or choose the device cpu."
        )
    return session


def providers(device: Device) -> list[Any]:
    """What the runtime is told to run on. The CPU does what a GPU's provider lacks."""
    if device.kind == "cuda":
        number = int(device.name.partition(":")[2] or 0)
        return [("CUDAExecutionProvider", {"device_id": number}), "CPUExecutionProvider"]
    return ["CPUExecutionProvider"]


def stoppable(
    session: ort.InferenceSession, outputs: list[str], feed: dict[str, NDArray[Any]]
) -> Any:
    """One run of the network, which ends as soon as `models.running.stages.check` says so."""
    options = ort.RunOptions()  # one a run: a terminated one would end all later runs at once
    done, stopped = threading.Event(), list[BaseException]()
    here = contextvars.copy_context()  # the recording that `check` asks belongs to this thread

    def watch() -> None:
        while not done.wait(TICK):
            try:
                here.run(check)
            except Cancelled as error:
                stopped.append(error)
                options.terminate = True
                return

    watcher = threading.Thread(target=watch, name="onnx-stop", daemon=True)
    watcher.start()
    try:
        return session.run(outputs, feed, options)
    except Exception:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        done.set()
        watcher.join()


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
