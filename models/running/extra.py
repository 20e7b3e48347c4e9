"""Ultralytics, the optional package that some rows run with: whether it's here, and how it's tamed.

It's under the AGPL-3.0 and imported only when such a row's model is loaded. Left alone it looks up
hosts, reports its use, installs packages while it runs, writes settings into the home folder, and
changes OpenCV, NumPy and torch for everyone.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import cv2
import numpy as np

from models.catalog.row import ModelSpec
from models.interface import LoadFailed

SWITCHES = {
    "YOLO_OFFLINE": "true",  # no look-ups, no reports
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
}


def installed(spec: ModelSpec) -> bool:
    """Whether the package that the row runs with is here; imports nothing."""
    return spec.extra is None or find_spec(spec.extra) is not None


def require(spec: ModelSpec) -> None:
    """Raises LoadFailed, which says how to install it, unless it is."""
    if not installed(spec):
        raise LoadFailed(
            f"{spec.label} needs the package {spec.extra}, which is under the AGPL-3.0: if that "
            f"suits you, run `uv sync --extra {spec.extra}` and start again."
        )


@contextmanager
def restrained() -> Iterator[None]:
    """Ultralytics may be imported inside; what it changes for the whole process is put back."""
    import torch

    threads, save, printing = cv2.getNumThreads(), torch.save, np.get_printoptions()
    with tempfile.TemporaryDirectory() as settings:
        os.environ.update(SWITCHES | {"YOLO_CONFIG_DIR": settings})
        try:
            yield
        finally:
            del os.environ["YOLO_CONFIG_DIR"]
            cv2.setNumThreads(threads)
            torch.save = save
            torch.set_printoptions(profile="default")  # type: ignore[no-untyped-call]
            np.set_printoptions(**printing)
