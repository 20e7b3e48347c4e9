"""What is done to a matte's edges: the controls, and their values, even while they are hidden."""

from typing import Any

import streamlit as st

from compositing.alpha import Edges

UNTOUCHED: dict[str, Any] = {
    "grow": 0,
    "feather": 0,
    "hard": False,
    "threshold": 0.5,
    "largest": False,
    "holes": False,
    "refined": True,
    "unmix": True,
}
"""The value that each control begins with, by its key."""
LIMITS: dict[str, tuple[Any, Any, Any]] = {
    "grow": (-30, 30, 1),
    "feather": (0, 60, 1),
    "threshold": (0.05, 0.95, 0.05),
}
"""Least, most and step of each slider."""


def edge_controls() -> None:
    grid = st.grid("auto", min_column_width=140, key="edges")
    with grid.cell():
        _slider("Grow or shrink, pixels", "grow")
    with grid.cell():
        _slider("Feather, pixels", "feather")
    with grid.cell():
        _slider("Threshold", "threshold", disabled=not _chosen("hard"))
    with st.container(horizontal=True, gap="medium"):
        _toggle("Hard threshold", "hard")
        _toggle("Keep only the largest part", "largest")
        _toggle("Fill holes", "holes")
        _toggle(
            "Refine mask edges",
            "refined",
            "Draws them anew by the photo's colours. The mattes of matting networks stay.",
        )
        _toggle(
            "Clean edge colours",
            "unmix",
            "Takes the old background's colours out of hair and soft edges.",
        )


def chosen_edges() -> tuple[Edges, bool, bool]:
    """(the edges, whether their colours are cleaned, whether masks show their refined edges)."""
    edges = Edges(
        grow=_chosen("grow"),
        feather=_chosen("feather"),
        threshold=_chosen("threshold") if _chosen("hard") else None,
        keep_largest=_chosen("largest"),
        fill_holes=_chosen("holes"),
    )
    return edges, _chosen("unmix"), _chosen("refined")


def _chosen(key: str) -> Any:
    return st.session_state.get(key, UNTOUCHED[key])


def _slider(label: str, key: str, *, disabled: bool = False) -> None:
    least, most, step = LIMITS[key]
    st.slider(
        label,
        least,
        most,
        UNTOUCHED[key],
        step,
        key=key,
        disabled=disabled,
        persist_state="session",
    )


def _toggle(label: str, key: str, help_: str | None = None) -> None:
    st.toggle(label, UNTOUCHED[key], key=key, help=help_, width="content", persist_state="session")
