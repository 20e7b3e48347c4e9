"""The optional packages, with which some rows run: whether they are here, and how one is tamed.

They are imported only when such a row's model is loaded. Ultralytics, left alone, looks up hosts,
reports its use, installs packages while it runs, writes settings into the home folder, and changes
OpenCV, NumPy and torch for everyone. timm does nothing of the kind.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import cv2
import numpy as np

from models.catalog.row import ModelSpec
from models.hub import packaged
from models.interface import LoadFailed

LICENCES = {
    "ultralytics": "AGPL-3.0",
    "timm": "Apache-2.0",
    "ray": "Apache-2.0",
    "s3fs": "BSD-3-Clause",
    "gcsfs": "BSD-3-Clause",
}
"""Of the packages, whose names are also those of the extras that bring them."""

PERMISSIVE = frozenset({"Apache-2.0", "BSD-3-Clause"})
"""Licences that ask for nothing that one must weigh before installing."""

SWITCHES = {
    "YOLO_OFFLINE": "true",  # no look-ups, no reports
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
}


def installed(spec: ModelSpec) -> bool:
    """Whether the package that the row runs with is here; imports nothing."""
    if spec.packaged:
        return packaged.find(spec) is not None
    return spec.extra is None or find_spec(spec.extra) is not None


def require(spec: ModelSpec) -> None:
    """Raises LoadFailed, which says what to do, unless the package is here as it should be."""
    if spec.packaged:
        packaged.file_of(spec)
    elif told := lacked_by(spec):
        raise LoadFailed(told)


def lacked_by(spec: ModelSpec) -> str:
    """What to do before the row can run with its package; empty if that is here, or in no extra."""
    told = lacking(spec.extra) if spec.extra else ""
    return told and f"{spec.label} {told}"


def lacking(package: str) -> str:
    """What whoever needs the package is told, from the verb on; empty if it's here. How to install
    it, so that no other extra goes, which a plain `uv sync` would remove."""
    if find_spec(package):
        return ""
    return f"needs the package {package}, {_advice(package)}"


def _advice(package: str) -> str:
    licence, command = LICENCES[package], f"`uv sync --inexact --extra {package}`"
    if licence in PERMISSIVE:
        return f"which is under the {licence}. Run {command} and start again."
    return f"which is under the {licence}: if that suits you, run {command} and start again."


_TURN = threading.RLock()
"""Only one thread at a time: what a second one found would be what the first has changed."""


@contextmanager
def restrained() -> Iterator[None]:
    """Ultralytics may be imported inside; what it changes for the whole process is put back. Only
    the switches stay. It may be entered again inside; another thread waits for its turn."""
    import torch

    with _TURN, tempfile.TemporaryDirectory() as settings, _environment(YOLO_CONFIG_DIR=settings):
        threads, save = cv2.getNumThreads(), torch.save
        printing, torch_printing = np.get_printoptions(), torch._tensor_str.get_printoptions()
        os.environ.update(SWITCHES)
        try:
            yield
        finally:
            cv2.setNumThreads(threads)
            torch.save = save
            torch.set_printoptions(**torch_printing)  # type: ignore[no-untyped-call]
            np.set_printoptions(**printing)


@contextmanager
def _environment(**changes: str) -> Iterator[None]:
    """These variables are set inside; those that were there before come back."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
