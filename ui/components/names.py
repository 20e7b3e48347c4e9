"""Nothing to see: names that a screen reader needs or would read out twice, and signs for help that
a finger opens and that tick nothing."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")

_names = st.components.v2.component("names", js=SCRIPT)


def names() -> None:
    """To be called once on every page."""
    _names(key="names", data={})
