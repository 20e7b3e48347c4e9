"""Nothing to see: what holding a result does, where a run scrolls the page to, and how a panel of
controls comes into sight and goes."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

_results = st.components.v2.component(
    "results", js="\n".join((HERE / name).read_text("utf-8") for name in ("panel.js", "results.js"))
)


def results(runs: int, panel: str | None, elsewhere: str) -> None:
    """A result that is held shows the original until it's let go. runs: how often models were run;
    with each run the first result comes into sight. panel: the one that is open; when another one
    opens, it comes into sight, and Escape closes it. elsewhere: what to say of the original where
    it doesn't lie place for place with a result."""
    _results(key="results", data={"runs": runs, "panel": panel, "elsewhere": elsewhere})
