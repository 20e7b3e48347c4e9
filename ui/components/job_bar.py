"""The bar of a job: how far it is, asked of the server past the page's script."""

from typing import Any

from ui.components.assets import answer, register

_bar = register("job_bar", "settled.js", "asking.js", "job_bar.js")


def job_bar(
    told: dict[str, Any], drawn: int, every: float | None, address: str, visit: str, *, key: str
) -> None:
    """Show `told`, as `ui.watch.Watch.tell` gives it, and what `address` answers. every: seconds
    between an answer and the next question; None asks nothing. The page's script runs when there is
    news for it. drawn: the number of what is drawn now, sent along: an older one comes from a
    browser that missed what was drawn since. visit: the token that names this tab."""
    asked = {"every": every and every * 1000, "address": address, "visit": visit}
    _bar(
        key=key,
        data={**told, "drawn": drawn, **asked, **answer()},
        on_redraw_change=lambda: None,
        width="stretch",
    )
