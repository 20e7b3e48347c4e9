"""How a job goes, told to the page while it runs.

A page that has a job calls `notice` when it begins and `follow` when it ends. In between a ticker
in the browser asks what is new; the page is drawn anew when something came of the photo at hand,
when the job has ended, and when the browser has missed the end of what was drawn last. It isn't at
other times, since a download works no longer than its button stays as it is.
"""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.running.jobs import Job
from ui.components.ticker import ticker
from ui.sidebar import picked
from ui.standing import states_of
from ui.state import Bench
from ui.visits import visit

EVERY = 0.5
"""Seconds between two questions."""


def of_photo(held: Bench) -> object:
    """What of the job is to be seen beside the photo at hand."""
    job, tray = held.job, held.tray
    if tray is None:
        return None
    current = job.current if job else None
    if current and current.key[0] != held.current:
        current = None
    outcomes, easel = tuple(tray.outcomes.values()), tray.easel
    steady = tuple(tray.steady.values())
    depths = tuple(tray.depths.values())
    return held.running, current, outcomes, steady, easel.paintings, easel.failure, depths


def of_photos(held: Bench) -> object:
    """What of the job is to be seen where all photos are."""
    return held.running, tuple(tuple(tray.outcomes.values()) for tray in held.trays.values())


def of_truths(held: Bench) -> object:
    """What of the job is to be seen where models are measured."""
    return held.running, held.truths.told


type Standing = Callable[[Bench], object]
"""What of the job a page shows: the page is drawn anew when that is another."""


def notice(held: Bench, standing: Standing = of_photo) -> object:
    """What the page is about to show of the job; to be given to `follow`."""
    if not held.running:
        held.job = None
    visit().job = held.job
    held.drawn += 1
    return standing(held)


def job_place() -> DeltaGenerator:
    """Where `follow` draws: called first in the bar at the bottom, so that the ticker has the same
    place whatever else is on the page."""
    return st.container(key="job", gap=None)


def follow(
    held: Bench, shown: object, place: DeltaGenerator, standing: Standing = of_photo
) -> None:
    """The job's bar, if one runs. To be called last: a browser that has the ticker has the rest."""
    drawn = held.drawn

    def look(seen: int) -> None:
        if seen != drawn or standing(held) != shown:
            st.rerun()

    def body() -> None:
        if held.job:
            _bar(held.job)
        states = states_of(held, picked()) if held.job else {}
        ticker(drawn, EVERY if held.job else None, look, states, key="ticker")

    with place:
        st.fragment(body)()


def _bar(job: Job) -> None:
    """How far it is, and the button that ends it."""
    if job.stopping:
        text = "Stopping…"
    elif job.state == "queued":
        text = f"In the queue, {job.ahead} ahead of you"
    else:
        step = job.current
        count = [f"{job.done} of {job.total}"] if job.total > 1 else []
        text = " · ".join(count + ([f"{step.label} {job.detail}"] if step else []))
    share = (job.done + job.part) / max(job.total, 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(share, 1.0), text=text)
        st.button(
            "Cancel",
            icon=":material/close:",
            key="cancel",
            on_click=job.cancel,
            disabled=job.stopping,
        )
