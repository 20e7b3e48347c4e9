"""Importing the page or the command line must not bring in what only models need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "transformers", "torchvision", "diffusers")
OF_THE_PAGE = ("streamlit", "pandas", "numba", "skimage", "scipy")


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("ui.compare", HEAVY),
        ("ui.library", HEAVY),
        ("app", HEAVY),
        ("serving.server", (*HEAVY, "streamlit")),
        ("ui.best", (*HEAVY, "scipy.stats")),
        ("models.running.pool", HEAVY + OF_THE_PAGE),
        ("terminal.verbs", HEAVY + OF_THE_PAGE),
    ],
)
def test_nothing_heavy_is_imported(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {absent} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_onnx_runtime_leaves_nothing_behind_and_tells_nobody(tmp_path: Path) -> None:
    """What it would send it first writes into the user's cache, as soon as it's imported."""
    env = {name: word for name, word in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(
        [sys.executable, "-c", "import models.running.devices, onnxruntime"],
        env={**env, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}, check=True,
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
