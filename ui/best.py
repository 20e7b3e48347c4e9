"""The page Best: which model is best for you."""

import sys

import streamlit as st

from evaluation.votes import BadBase, Base, Collection
from ui import kept, ratings, voting
from ui.photo_bar import plain
from ui.progress import follow, job_place, notice
from ui.resources import workers
from ui.state import bench

PARTS = {"Vote": voting.part, "Ratings": ratings.part}


def page() -> None:
    """One part at a time."""
    workers()
    held = bench()
    shown = notice(held)
    name = st.segmented_control(
        "Part",
        list(PARTS),
        default=next(iter(PARTS)),
        required=True,
        key="best_part",
        label_visibility="collapsed",
        persist_state="session",
    )
    kept.tell_failures()
    try:
        PARTS[name](Base.here())
        kept.dialog(Base.here())
    except BadBase as error:
        st.error(plain(str(error)))
    with st.bottom:
        place = job_place()
    follow(held, shown, place)


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
