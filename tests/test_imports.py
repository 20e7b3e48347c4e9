"""Importing the page or the command line must not bring in what only models need."""

import subprocess
import sys

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
