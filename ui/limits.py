"""What a model must keep to, to be named as the one to use."""

import streamlit as st

from evaluation.limits import Limits
from models.catalog.row import PROMPTS
from models.catalog.row import in_words as prompts_in_words
from ui.sidebar import commercial_switch


def ask_limits() -> None:
    """The controls that `limits` heeds."""
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
        st.number_input(
            "Download in MB, at most",
            min_value=0.0,
            value=None,
            placeholder="no limit",
            key="limit_download_mb",
            help="What is built in has none. One of your own rows that doesn't tell its size isn't "
            "named, and stays a candidate.",
            width=200,
            persist_state="session",
        )
        st.pills(
            "Must be told by",
            list(PROMPTS),
            selection_mode="multi",
            format_func=lambda kind: PROMPTS[kind].capitalize(),
            key="limit_hears",
            persist_state="session",
        )


def limits() -> Limits:
    """As they were set last, on whatever page."""
    state = st.session_state
    return Limits.of(
        state.get("limit_seconds"),
        state.get("limit_gb"),
        state.get("limit_download_mb"),
        state.get("limit_hears"),
        commercial=state.get("commercial_only", False),
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
    if wanted.download is not None:
        told.append(f"at most {wanted.download / 1e6:g} MB to download")
    if wanted.hears:
        told.append(f"told by {prompts_in_words(wanted.hears)}")
    return ", ".join(told)
