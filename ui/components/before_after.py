"""Two pictures of one photo under a divider that the person drags."""

from collections.abc import Callable

import streamlit as st

from ui.components.assets import data_url, register

_slider = register("before_after", "zoomable.js", "before_after.js")


def before_after(
    before: bytes,
    after: bytes,
    size: tuple[int, int],
    *,
    key: str,
    full_size: Callable[[], tuple[bytes, bytes]] | None = None,
    labels: tuple[str, str] = ("Before", "After"),
    max_height: int = 620,
    at: tuple[float, float] | None = None,
) -> None:
    """Show `before` left of the divider and `after` right of it. Zooming zooms both.

    before, after: JPEG, PNG or WebP previews of the same photo; a checkerboard shows through where
    they are transparent. size: the photo's (width, height), which gives the shape. full_size: makes
    both at that size if the previews are smaller. It is called in a rerun once the person zooms in;
    nothing else reruns. The widget fills its column and stays below `max_height` CSS pixels. at: a
    place in the photo's pixels that it begins with, zoomed in.
    """
    # The browser asks for the pictures that it shows. If others were sent meanwhile, the question
    # isn't about them: it asks again.
    preview = str(hash((before, after))) if full_size else None
    if full_size and (st.session_state.get(key) or {}).get("asked") == preview:
        preview, (before, after) = None, full_size()
    _slider(
        key=key,
        data={
            "before": data_url(before),
            "after": data_url(after),
            "width": size[0],
            "height": size[1],
            "preview": preview,
            "labels": list(labels),
            "max_height": max_height,
            "at": at,
        },
        default={"asked": None},
        on_asked_change=lambda: None,
    )
