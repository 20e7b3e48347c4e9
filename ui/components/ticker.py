"""Nothing to see: it has the page's script run again and again."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_ticker = st.components.v2.component(
    "ticker", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def ticker(drawn: int, every: float | None, on_tick: Callable[[int], None], *, key: str) -> None:
    """Calls `on_tick` after `every` so many seconds, or never, with the number `drawn` that has
    reached the browser: an older one where it missed what was drawn since. In a fragment, that
    alone runs."""

    def tick() -> None:
        on_tick(int(st.session_state[key]["tick"]))

    _ticker(key=key, data={"drawn": drawn, "every": every}, on_tick_change=tick)
