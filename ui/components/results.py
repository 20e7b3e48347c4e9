"""Nothing to see: what holding a result does, and where a run scrolls the page to."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")

_results = st.components.v2.component("results", js=SCRIPT)


def results(runs: int, panel: str | None) -> None:
    """A result that is held shows the original until it's let go. runs: how often models were run;
    with each run the first result comes into sight. panel: the one that is open;
    when another one opens, it comes into sight."""
    _results(key="results", data={"runs": runs, "panel": panel})
