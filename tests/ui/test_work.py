"""Jobs and the pages that they were started from: nothing that is there gets lost."""

import threading
import time
import types
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models.catalog import GRABCUT
from models.families.grabcut.segmenter import GrabCut
from models.interface import Box, Prompt
from models.running.lanes import Job
from models.running.stages import check
from ui.state import Bench


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """GrabCut waits for it, and hears of Cancel while it does."""
    opened, segment = threading.Event(), GrabCut.segment

    def slow(self: GrabCut, photo: Any, prompt: Prompt) -> Any:
        while not opened.wait(0.005):
            check()
        return segment(self, photo, prompt)

    monkeypatch.setattr(GrabCut, "segment", slow)
    return opened


@pytest.fixture
def at() -> Iterator[AppTest]:
    """The Compare page, or the one named by the session's `where`, with three samples."""

    def script() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui import compare, prompt
        from ui.state import bench

        held = bench()
        if not held.photos:
            for sample in SAMPLES[:3]:
                photo = sample.open()
                held.add(photo.data, photo.name)
        (prompt if st.session_state.get("where") == "prompt" else compare).page()

    yield AppTest.from_function(script, default_timeout=60).run()
    st.cache_resource.clear()


def until(happened: Any) -> None:
    last = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < last
        time.sleep(0.005)


def the_bench(at: AppTest) -> Bench:
    assert not at.exception
    held = at.session_state["bench"]
    assert isinstance(held, Bench)
    return held


def test_cancel_keeps_what_was_there(at: AppTest, gate: threading.Event) -> None:
    held = the_bench(at)
    gate.set()
    at.button("run_all").click().run()
    until(lambda: not held.running)
    cuts = dict(held.outcomes)
    assert len(cuts) == 3
    gate.clear()
    at.run()
    at.button("run_all").click().run()
    until(lambda: held.job and held.job.current)
    at.button("cancel").click().run()
    until(lambda: not held.running)
    assert held.outcomes == cuts


def test_a_trial_waits_for_a_batch_and_then_runs_by_itself(
    at: AppTest, gate: threading.Event
) -> None:
    held = the_bench(at)
    at.button("run_all").click().run()
    batch = held.job
    at.session_state["where"] = "prompt"
    key = held.current or ""
    held.prompts[key] = Prompt(boxes=(Box(50, 50, 200, 200),))
    at.run()
    assert held.job is batch
    assert batch is not None
    assert not batch.stopping
    gate.set()
    until(lambda: not batch.active)
    assert batch.state == "done"
    assert len(held.outcomes) == 3
    at.run()
    until(lambda: not held.running)
    assert held.outcomes[key, "grabcut"].prompt == held.prompts[key]


def test_what_is_done_is_awaited_no_more() -> None:
    held = Bench()
    held.photos = {"a": None, "b": None}  # type: ignore[dict-item]
    steps: Any = [types.SimpleNamespace(key=(key, "grabcut")) for key in "ab"]
    held.job = Job(steps, lambda: True, lambda *_: None, state="running", done=1)
    assert [held.awaits(key, GRABCUT) for key in "ab"] == [False, True]
