"""Whose photos come back to a tab that was loaded anew, and for how long after Start over."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext

from models.running.pool import Pool
from ui import starting, visits
from ui.state import Bench
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
    visits.remember(Bench(), {"grabcut"}, "ada")
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
    assert "dropped" not in state
