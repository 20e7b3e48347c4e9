"""The page with small random weights in place of the published ones, below CUTOUT_WEIGHTS."""

import os
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import app as page  # noqa: E402
import models.catalog as catalog  # noqa: E402
from tests.tiny import tiny_rows  # noqa: E402
from tests.tiny_diffusion import tiny_painters  # noqa: E402

catalog.MODELS = tiny_rows(Path(os.environ["CUTOUT_WEIGHTS"]))
catalog.PAINTERS = tiny_painters(Path(os.environ["CUTOUT_WEIGHTS"]))

app = st.App(page.__file__, **page.around())
