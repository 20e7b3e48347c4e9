"""The page with small random weights in place of the published ones, below CUTOUT_WEIGHTS."""

import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import models.catalog as catalog  # noqa: E402
from tests.tiny import tiny_rows  # noqa: E402
from tests.tiny_diffusion import tiny_painters  # noqa: E402

if not hasattr(catalog, "tiny"):
    catalog.MODELS = tiny_rows(Path(os.environ["CUTOUT_WEIGHTS"]))
    catalog.PAINTERS = tiny_painters(Path(os.environ["CUTOUT_WEIGHTS"]))
    catalog.tiny = True  # type: ignore[attr-defined]

runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
