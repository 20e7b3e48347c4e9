"""Nothing to see: it has the page's script run again and again."""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from ui.components.assets import answer

HERE = Path(__file__).parent

_ticker = st.components.v2.component(
    "ticker",
    js="\n".join((HERE / name).read_text("utf-8") for name in ("asking.js", "ticker.js")),
)


def ticker(
    drawn: int,
    every: float | None,
    on_tick: Callable[[int], None],
    states: Mapping[str, tuple[str, str]],
    *,
    key: str,
) -> None:
    """Calls `on_tick` after `every` so many seconds, or never, with the number `drawn` that has
    reached the browser: an older one where it missed what was drawn since. In a fragment, that
    alone runs. states: of photos by their keys, for a filmstrip on the same page."""

    def tick() -> None:
        on_tick(int(st.session_state[key]["tick"]))

    data = {"drawn": drawn, "every": every and every * 1000, "states": dict(states), **answer()}
    _ticker(key=key, data=data, on_tick_change=tick)
