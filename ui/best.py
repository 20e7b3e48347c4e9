"""The page Best: which model is best for you."""

import sys
from collections.abc import Callable

import streamlit as st

from evaluation.votes import BadBase, Base, Collection
from ui import kept, ratings, voting
from ui.parts_of_best import PART, Part
from ui.photo_bar import plain
from ui.progress import follow, job_place, notice, of_truths
from ui.resources import workers
from ui.state import bench


def page() -> None:
    """One part at a time; a part may add what belongs into the bar at the bottom."""
    from ui import choosing, truths  # charts and statistics are slow to import

    parts: dict[Part, Callable[[], None]] = {
        "Vote": lambda: voting.part(Base.here()),
        "Ratings": lambda: ratings.part(Base.here()),
        "With truth": truths.part,
        "Recommend": choosing.part,
    }
    workers()
    held = bench()
    shown = notice(held, of_truths)
    name = st.segmented_control(
        "Part",
        list(parts),
        default=next(iter(parts)),
        required=True,
        key=PART,
        label_visibility="collapsed",
        persist_state="session",
    )
    kept.tell_failures()
    with st.bottom:
        place = job_place()
    try:
        parts[name]()
        kept.dialog(Base.here())
    except BadBase as error:
        st.error(plain(str(error)))
    follow(held, shown, place, of_truths)


def vote_only() -> str | None:
    """The collection that this server is for, if it serves voting alone: app.py -- --vote NAME."""
    return sys.argv[2] if len(sys.argv) == 3 and sys.argv[1] == "--vote" else None


def vote_page() -> None:
    """Voting on that collection, and nothing else."""
    name = vote_only()
    assert name is not None
    workers()
    try:
        voting.alone(Collection(Base.here(), name))
    except BadBase as error:
        st.error(plain(str(error)))
