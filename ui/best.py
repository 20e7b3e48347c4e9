"""The Best page: which model to use, in parts."""

import streamlit as st

from ui.progress import follow, job_place, notice, of_truths
from ui.resources import workers
from ui.state import bench


def page() -> None:
    """One part at a time; a part may add what belongs into the bar at the bottom."""
    from ui import choosing, truths  # charts and statistics are slow to import

    parts = {"With truth": truths.part, "Recommend": choosing.part}
    workers()
    held = bench()
    shown = notice(held, of_truths)
    name = st.segmented_control(
        "Part",
        list(parts),
        default=next(iter(parts)),
        required=True,
        key="best_part",
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.bottom:
        place = job_place()
    parts[name]()
    follow(held, shown, place, of_truths)
