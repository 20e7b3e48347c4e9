"""“Start over” and a photo's ×, and how they're taken back, the last first."""

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Timer
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


@dataclass(frozen=True, eq=False)
class Dropped:
    """What was taken away, and until when it comes back, by `time.monotonic`. bench: what “Start
    over” left, or what the `photo` was taken from."""

    bench: Bench
    until: float
    photo: Taken | None = None

    @property
    def left(self) -> float:
        """Seconds in which it still comes back; none or fewer when it's too late."""
        return self.until - time.monotonic()

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
    """What `bring_back` brings next."""
    last_first = reversed([*_kept()])
    return next((each for each in last_first if each.left > 0 and each.fits), None)


def bring_back() -> None:
    """Take the last of it back; if it's too late, `too_late` tells."""
    found = dropped()
    if found is None:
        st.session_state["too_late"] = True
        return
    _forget(_kept(), found)
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


def too_late() -> str:
    """What to tell if `bring_back` found nothing; told once."""
    if not st.session_state.pop("too_late", False):
        return ""
    return f"Too late to bring that back: it was kept for {UNDO:.0f} seconds. Add it again."


def _keep(what: Dropped) -> None:
    """Until its time is over, whatever page the person looks at then, and if nobody does."""
    kept = _kept()
    kept.append(what)
    timer = Timer(what.left, partial(_forget, kept, what))
    timer.daemon = True
    timer.start()


def _kept() -> list[Dropped]:
    """The visit's one list, the last at its end: timers take from it."""
    kept: list[Dropped] = st.session_state.setdefault("dropped", [])
    return kept


def _forget(kept: list[Dropped], what: Dropped) -> None:
    with suppress(ValueError):  # it was brought back
        kept.remove(what)
