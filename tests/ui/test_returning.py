"""Whose photos come back to a tab that was loaded anew, and for how long after Start over."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext

from models.running.pool import Pool
from tests.cuts import left_half_cut, photo_of
from ui import starting, visits
from ui.photo_bar import undo_button
from ui.state import Bench
from ui.tray import Tray
from ui.visits import Visit


def a_visit(session: str) -> Visit:
    context: Any = SimpleNamespace(session_id=session, fragment_storage=None)
    return Visit(cast(ScriptRunContext, context), cast(Pool, None))


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """A visit whose tab has gone; another begins."""
    monkeypatch.setattr(visits, "_visits", {})
    first, second = a_visit("first"), a_visit("second")
    monkeypatch.setattr(visits, "visit", lambda: first)
    visits.remember(Bench(), {"kind": "Blur"}, "ada")
    monkeypatch.setattr(visits, "visit", lambda: second)
    return first


def test_a_tab_has_its_visit_back_once(left: Visit) -> None:
    assert visits.come_back(left.token, "ada") is left
    assert visits.come_back(left.token, "ada") is None


def test_nobody_else_has_it(left: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visits.come_back(left.token, "eve") is None
    assert visits.come_back("guessed", "ada") is None
    monkeypatch.setattr(Visit, "there", True)  # its tab is open: the one that asks is a copy
    assert visits.come_back(left.token, "ada") is None


def test_start_over_is_taken_back_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now, state = [100.0], dict[str, Any]()
    held = Bench(trays={"a": cast(Any, None)}, visit=3)
    state["bench"] = held
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    starting.start_over()
    assert not state["bench"].trays
    now[0] += starting.UNDO - 1
    starting.bring_back()
    assert state["bench"] is held
    assert held.visit > 4  # or the uploader would show its old files
    starting.start_over()
    now[0] += starting.UNDO + 1
    starting.bring_back()
    assert not state["bench"].trays
    assert starting.too_late() == (
        "Too late to bring that back: it was kept for 30 seconds. Add it again."
    )
    assert starting.too_late() == ""


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Bench]:
    """removed(keys) -> a bench of three photos, a, b and c, of which these were taken away in turn;
    b is at hand at first."""
    state = dict[str, Any]()
    monkeypatch.setattr(st, "session_state", state)

    def remove(keys: str) -> Bench:
        trays = {key: Tray(photo_of(np.full((4, 4, 3), ord(key), np.uint8))) for key in "abc"}
        held = state["bench"] = Bench(trays=trays, current="b")
        for key in keys:
            starting.keep_for_undo(held, key)
            held.remove(key)
        return held

    return remove


@pytest.mark.parametrize("keys", ["a", "b", "c", "ab", "bca"])
def test_photos_come_back_to_their_places_the_last_first(
    removed: Callable[[str], Bench], keys: str
) -> None:
    held = removed(keys)
    left = set("abc") - set(keys)
    for key in reversed(keys):
        starting.bring_back()
        left.add(key)
        assert "".join(held.trays) == "".join(sorted(left))
    assert held.current == "b"
    assert starting.dropped() is None


def test_a_photo_comes_back_with_what_came_of_it(removed: Callable[[str], Bench]) -> None:
    held = removed("")
    tray, outcome = held.trays["b"], left_half_cut(held.trays["b"].photo)
    tray.outcomes["grabcut"] = outcome
    starting.keep_for_undo(held, "b")
    held.remove("b")
    starting.bring_back()
    assert held.trays["b"] is tray
    assert tray.outcomes == {"grabcut": outcome}


def test_what_is_there_again_and_what_it_is_too_late_for_does_not_come_back(
    removed: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = removed("a")
    gone = starting.dropped()
    assert gone
    assert gone.photo
    held.add(gone.photo.tray.photo.data, gone.photo.tray.photo.name)
    assert starting.dropped() is None
    removed("a")
    assert starting.dropped()
    later = time.monotonic() + starting.UNDO + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert starting.dropped() is None


def test_a_new_start_and_what_went_before_it_are_taken_back_in_turn(
    removed: Callable[[str], Bench],
) -> None:
    held = removed("c")
    starting.start_over()
    starting.bring_back()
    assert st.session_state["bench"] is held
    starting.bring_back()
    assert list(held.trays) == ["a", "b", "c"]


def test_what_was_dropped_is_let_go_of_when_its_time_is_over_and_nobody_looks(
    removed: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[tuple[float, Callable[[], None]]] = []

    def timer(seconds: float, ring: Callable[[], None]) -> SimpleNamespace:
        return SimpleNamespace(daemon=False, start=lambda: rings.append((seconds, ring)))

    monkeypatch.setattr(starting, "Timer", timer)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    removed("ab")
    starting.start_over()
    starting.bring_back()
    starting.start_over()
    assert [seconds for seconds, _ in rings] == [starting.UNDO] * 4
    # The first Start over was taken back: its timer finds nothing.
    for (_, ring), rest in zip(rings, (2, 1, 1, 0), strict=True):
        ring()
        assert len(st.session_state["dropped"]) == rest


def test_the_undo_buttons_clock_ends_with_its_time(
    removed: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, drawn = [100.0], list[tuple[float | None, Callable[[], None]]]()

    def fragment(body: Callable[..., None], run_every: float | None) -> Callable[..., None]:
        return lambda *args: drawn.append((run_every, lambda: body(*args)))

    monkeypatch.setattr(st, "fragment", fragment)
    monkeypatch.setattr(st, "button", Mock())
    monkeypatch.setattr(st, "rerun", Mock())
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    held = removed("a")
    for now[0] in (100, 100 + starting.UNDO - 1, 100 + starting.UNDO + 1):
        undo_button(held)
    assert [every for every, _ in drawn] == [starting.UNDO + 1, 2, None]
    by_clock, by_the_page = drawn[1][1], drawn[2][1]
    now[0] = 100 + starting.UNDO - 1
    by_clock()
    cast(Mock, st.button).assert_called_once()
    cast(Mock, st.rerun).assert_not_called()
    now[0] += 2
    by_clock()
    cast(Mock, st.rerun).assert_called_once()  # only a run of the whole page ends the clock
    by_the_page()
    cast(Mock, st.rerun).assert_called_once()
    cast(Mock, st.button).assert_called_once()
