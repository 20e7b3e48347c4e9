"""Where and with what something was measured."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "cutout-compare", "numpy", "opencv-python-headless", "onnxruntime", "torch", "torchvision",
    "transformers", "diffusers",
)  # fmt: skip


def environment() -> dict[str, str]:
    """By their names: the machine, its processors, Python, and versions of the packages that make
    mattes. Nothing is imported for it, and the machine's name isn't told."""
    told = {
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count() or 1),
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            told[package] = version(package)
        except PackageNotFoundError:
            continue
    return told
