"""“Start over”, and how it's taken back."""

import time
from typing import NamedTuple

import streamlit as st

from ui.state import Bench, bench

UNDO = 30.0
"""Seconds in which “Start over” can be taken back."""


class Dropped(NamedTuple):
    """What “Start over” left, and until when it comes back, by `time.monotonic`."""

    bench: Bench
    until: float


def start_over() -> None:
    """As if the page had just been opened; the controls alone stay as they were set. For some
    seconds, `bring_back` takes it back."""
    held = bench()
    if held.job:
        held.job.cancel()
    st.session_state["dropped"] = Dropped(held, time.monotonic() + UNDO)
    st.session_state["bench"] = Bench(refiner=held.refiner, visit=held.visit + 1)


def dropped() -> Bench | None:
    """What can still be brought back."""
    found: Dropped | None = st.session_state.get("dropped")
    if found and found.until > time.monotonic() and not bench().trays:
        return found.bench
    st.session_state.pop("dropped", None)
    return None


def bring_back() -> None:
    """Take “Start over” back, if it isn't too late."""
    if held := dropped():
        held.visit = bench().visit + 1  # the uploader has forgotten its files
        held.uploads, held.job = {}, None
        st.session_state["bench"] = held
    st.session_state.pop("dropped", None)
