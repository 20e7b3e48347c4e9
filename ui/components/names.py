"""Nothing to see: names that a screen reader needs or would read out twice, signs for help that a
finger opens and that tick nothing, a focus that goes on from what is gone, Back, which closes a
dialog before it leaves a page, what was typed, which counts before what is pressed next, and select
boxes, which a finger opens by a tap."""

from pathlib import Path

import streamlit as st

FILES = (
    "settled.js", "dialogs.js", "focus.js", "back.js", "help_signs.js", "typed.js", "taps.js",
    "names.js",
)  # fmt: skip
SCRIPT = "\n".join(Path(__file__).with_name(file).read_text("utf-8") for file in FILES)

_names = st.components.v2.component("names", js=SCRIPT)


def names() -> None:
    """To be called once on every page."""
    _names(key="names", data={})
