"""The photos as a strip of thumbnails, each with its state and a × that removes it."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import streamlit as st

from ui.components.assets import answer, register

type State = Literal["", "waiting", "running", "done", "empty", "failed"]
"""empty: all models found nothing."""

_strip = register("filmstrip", "settled.js", "asking.js", "filmstrip.js")


class Thumbnail(NamedTuple):
    """A photo: its key, the name that people read, the address of its picture (None while that is
    being made), its state, and what there is to tell of that."""

    key: str
    name: str
    src: str | None
    state: State
    told: str


def filmstrip(
    photos: Sequence[Thumbnail],
    current: str,
    on_pick: Callable[[str], None],
    on_remove: Callable[[str], None],
    *,
    key: str,
) -> None:
    """Show the strip. `on_pick` and `on_remove` are called with a photo's key."""
    _strip(
        key=key,
        data={
            "photos": [photo._asdict() for photo in photos],
            "current": current,
            **answer(),
        },
        on_picked_change=lambda: on_pick(str(st.session_state[key]["picked"])),
        on_removed_change=lambda: on_remove(str(st.session_state[key]["removed"])),
        on_again_change=lambda: None,
    )
