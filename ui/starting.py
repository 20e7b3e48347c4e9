"""“Start over” and a photo's ×, and how they're taken back, the last first."""

import time
from typing import NamedTuple

import streamlit as st

from ui.state import Bench, bench
from ui.tray import Tray

UNDO = 30.0
"""Seconds in which they can be taken back."""


class Taken(NamedTuple):
    """A photo that was taken away: what there is of it, its place among the others, and whether it
    was the one at hand."""

    key: str
    tray: Tray
    at: int
    at_hand: bool


class Dropped(NamedTuple):
    """What was taken away, and until when it comes back, by `time.monotonic`. bench: what “Start
    over” left, or what the `photo` was taken from."""

    bench: Bench
    until: float
    photo: Taken | None = None

    @property
    def fits(self) -> bool:
        """Whether it has its place: nothing was begun since, or its photo wasn't added again."""
        held = bench()
        if self.photo is None:
            return not held.trays
        wanted = self.photo.tray.photo.key
        return held is self.bench and all(t.photo.key != wanted for t in held.trays.values())


def start_over() -> None:
    """As if the page had just been opened; the controls alone stay as they were set."""
    held = bench()
    if held.job:
        held.job.cancel()
    _keep(Dropped(held, time.monotonic() + UNDO))
    st.session_state["bench"] = Bench(refiner=held.refiner, visit=held.visit + 1)


def keep_for_undo(held: Bench, key: str) -> None:
    """To be called before a photo is dropped."""
    if tray := held.trays.get(key):
        taken = Taken(key, tray, list(held.trays).index(key), key == held.current)
        _keep(Dropped(held, time.monotonic() + UNDO, taken))


def dropped() -> Dropped | None:
    """What `bring_back` brings next. What it's too late for is forgotten."""
    there = _kept()
    return next((each for each in reversed(there) if each.fits), None)


def bring_back() -> None:
    """Take the last of it back, if it isn't too late."""
    found = dropped()
    if found is None:
        return
    st.session_state["dropped"] = [each for each in _kept() if each is not found]
    held = found.bench
    if found.photo is None:
        held.visit = bench().visit + 1  # the uploader has forgotten its files
        held.uploads, held.job = {}, None
        st.session_state["bench"] = held
        return
    key, tray, at, at_hand = found.photo
    photos = list(held.trays.items())
    photos.insert(at, (key, tray))
    held.trays = dict(photos)
    if at_hand or held.current is None:
        held.current = key


def _keep(what: Dropped) -> None:
    st.session_state["dropped"] = [*_kept(), what]


def _kept() -> list[Dropped]:
    now = time.monotonic()
    there: list[Dropped] = st.session_state.get("dropped", [])
    there = st.session_state["dropped"] = [each for each in there if each.until > now]
    return there
