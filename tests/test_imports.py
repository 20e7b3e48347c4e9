"""Importing the page or the command line must not bring in what only models need."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "torchvision", "diffusers", "kornia")


@pytest.mark.parametrize("module", ["ui.compare", "ui.library", "models.pool", "cli"])
def test_nothing_heavy_is_imported(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
