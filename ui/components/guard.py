"""Nothing to see: the browser asks before it drops work, and what a tab had comes back to it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")

_guard = st.components.v2.component("guard", js=SCRIPT)


def guard(token: str, on_back: Callable[[str], None], *, work: bool) -> None:
    """work: whether there is something to be lost, on whichever page. token: names this visit, to
    nobody but its own tab. `on_back` is called with the token that the tab had before it was loaded
    anew."""

    def back() -> None:
        on_back(str(st.session_state["guard"]["back"]))

    _guard(key="guard", data={"work": work, "token": token}, on_back_change=back)
