"""What a model must keep to, to be named as the one to use."""

from typing import get_args

import streamlit as st

from evaluation.choice import Limits
from models.catalog import PromptKind
from ui.sidebar import commercial_switch, is_phone

HEARD: dict[PromptKind, str] = {
    "boxes": "Boxes", "points": "Points", "text": "Words", "objects": "Objects",
}  # fmt: skip
assert set(HEARD) == set(get_args(PromptKind))


def ask_limits() -> None:
    """The controls that `limits` heeds; that for commercial use is in the sidebar."""
    if is_phone():  # which has no sidebar
        commercial_switch()
    with st.container(horizontal=True):
        st.number_input(
            "Seconds a photo, at most",
            min_value=0.0,
            value=None,
            placeholder="no limit",
            key="limit_seconds",
            width=200,
            persist_state="session",
        )
        st.number_input(
            "Memory in GB, at most",
            min_value=0.0,
            value=None,
            placeholder="no limit",
            key="limit_gb",
            width=200,
            persist_state="session",
        )
        st.pills(
            "Must be told by",
            list(HEARD),
            selection_mode="multi",
            format_func=HEARD.__getitem__,
            key="limit_hears",
            persist_state="session",
        )


def limits() -> Limits:
    """As they were set last, on whatever page."""
    state = st.session_state
    most = state.get("limit_gb")
    return Limits(
        state.get("commercial_only", False),
        state.get("limit_seconds"),
        None if most is None else round(most * 1e9),
        frozenset(state.get("limit_hears") or ()),
    )


def in_words(wanted: Limits) -> str:
    """Such as "commercial use only, at most 2 s a photo"; empty if there are none."""
    told = []
    if wanted.commercial:
        told.append("commercial use only")
    if wanted.seconds is not None:
        told.append(f"at most {wanted.seconds:g} s a photo")
    if wanted.bytes_ is not None:
        told.append(f"at most {wanted.bytes_ / 1e9:g} GB")
    told += [f"told by {HEARD[kind].lower()}" for kind in HEARD if kind in wanted.hears]
    return ", ".join(told)
