"""The page with GrabCut and a model that waits until the file GATE is there."""

import os
import sys
import time
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import app as page  # noqa: E402
import models.catalog as catalog  # noqa: E402
from models.catalog import GRABCUT  # noqa: E402
from models.families.grabcut.segmenter import GrabCut  # noqa: E402


class Gated(GrabCut):
    def segment(self, *told: Any) -> Any:
        while not Path(os.environ["GATE"]).exists():
            time.sleep(0.05)
        return super().segment(*told)


gated = types.ModuleType("models.families.gated")
gated.__dict__["load"] = lambda *_: Gated()
sys.modules[gated.__name__] = gated
catalog.MODELS = (GRABCUT, replace(GRABCUT, name="gated", label="Gated", family="gated"))

app = st.App(page.__file__, **page.around())
