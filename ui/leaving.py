"""What widgets say of a page that was left is not for the page that came.

A browser's first message from a page may still tell what the widgets of the page before say. The
server, which forgot that when the page was left, takes it for a change and calls their callbacks;
and a key may by then be that of a widget of the new page.
"""

from collections.abc import Callable
from functools import wraps

from streamlit.runtime.scriptrunner import get_script_run_ctx


def of_this_page[**P](act: Callable[P, None]) -> Callable[P, None]:
    """`act`, as the callback of a widget that is drawn now: not called from another page."""
    drawn_on = _page()

    @wraps(act)
    def heard(*args: P.args, **kwargs: P.kwargs) -> None:
        if _page() == drawn_on:
            act(*args, **kwargs)

    return heard


def _page() -> str:
    context = get_script_run_ctx()
    assert context is not None
    return context.page_script_hash
