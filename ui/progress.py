"""How a job goes, told to the page while it runs.

A page that has a job calls `notice` when it begins and `follow` when it ends. From then on a bar in
the browser asks what is new; the page is drawn anew when something came of the photo at hand,
when the job has ended, and when the browser has missed the end of what was drawn last. It isn't at
other times, since a download works no longer than its button stays as it is.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.running.jobs import Job
from ui.asked import address
from ui.components.job_bar import job_bar
from ui.photo_bar import undo_button
from ui.sidebar import picked
from ui.state import Bench, Stopped
from ui.visits import visit
from ui.watch import Standing, Watch

EVERY = 0.1
"""Seconds between an answer and the next question, at most: the server keeps a question until there
is news, or a while."""


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
    return held.running, tuple(tuple(tray.outcomes.values()) for tray in [*held.trays.values()])


def of_truths(held: Bench) -> object:
    """What of the job is to be seen where models are measured."""
    return held.running, held.truths.told


def notice(held: Bench, standing: Standing = of_photo) -> object:
    """What the page is about to show of the job; to be given to `follow`."""
    if not held.running:
        held.job = None
    if held.job and not held.job.stopping:
        held.stopped = None
    visit().job = held.job
    held.drawn += 1
    return standing(held)


def job_place() -> DeltaGenerator:
    """Where `follow` draws: called before all that comes and goes in the bar at the bottom, so that
    a job has the same place whatever else is on the page; on a phone that of the buttons that run
    models, which aren't there meanwhile."""
    return st.container(key="job", gap=None)


def follow(
    held: Bench, shown: object, place: DeltaGenerator, standing: Standing = of_photo
) -> None:
    """The job's bar, above it what was done of one that the person stopped, and the way back to a
    photo that was removed. To be called last: a browser that has the bar has the rest."""
    this, job = visit(), held.job
    this.watch = Watch(held, held.drawn, shown, standing, picked())
    every = EVERY if job else None
    with place, st.container(horizontal=True, vertical_alignment="center"):
        if not job and (left := _left_undone(held)):
            st.markdown(f":gray[{left}]", width="content")
        undo_button(held)
    with place, st.container(horizontal=True, vertical_alignment="center"):
        told = this.watch.tell(held.drawn)
        job_bar(told, held.drawn, every, address(), this.token, key="job_bar")
        if job:
            st.button(
                "Cancel",
                icon=":material/close:",
                key="cancel",
                on_click=_cancel,
                args=(held, job),
                disabled=job.stopping,
            )


def _cancel(held: Bench, job: Job) -> None:
    held.stopped = Stopped(job, job.total)
    job.cancel()


def _left_undone(held: Bench) -> str:
    """What of the job was done that the person cancelled; empty where nothing is left to do."""
    if held.stopped is None or held.stopped.job.done >= held.stopped.total:
        return ""
    job, total = held.stopped
    return f"Stopped: {job.done} of {total} done." if total > 1 else "Stopped before it was done."
