"""What a tab that waits is told of its job, past the page's script."""

import logging
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.runtime.scriptrunner import ScriptRunContext

import app
from evaluation.measuring import Outcome
from evaluation.records import Measured
from models.catalog import GRABCUT, U2NETP
from models.running.jobs import Job, Step
from models.running.lanes import Workers
from models.running.pool import Pool
from photos.samples import SAMPLES
from ui import asked, visits
from ui.progress import of_photo
from ui.state import Asked, Bench, Truths
from ui.visits import Visit
from ui.watch import Watch


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What the job waits for."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def held() -> Bench:
    bench, photo = Bench(), SAMPLES[0].open()
    bench.add(photo.data, photo.name)
    return bench


def job_of(held: Bench, begun: threading.Event, gate: threading.Event) -> Job:
    """About the photo at hand, in two steps, each of which stands still half-way."""

    def run(job: Job) -> None:
        job.detail, job.part = "tile 3 of 4", 0.5
        begun.set()
        gate.wait(60)

    assert held.current
    steps = [Step((held.current, GRABCUT.name), "GrabCut", run) for _ in range(2)]
    return Job(steps, alive=lambda: True, on_result=lambda *_: None)


def watch(held: Bench) -> Watch:
    return Watch(held, 7, of_photo(held), of_photo, [GRABCUT])


def test_there_is_news_once_another_thing_is_to_be_seen(held: Bench, gate: threading.Event) -> None:
    held.job = job_of(held, threading.Event(), gate)
    before = watch(held)
    assert not before.tell(7)["news"]
    held.job.end("cancelled")
    assert before.tell(7)["news"]
    assert not watch(held).tell(7)["news"]


def test_there_is_news_for_a_browser_that_missed_what_was_drawn_last(held: Bench) -> None:
    assert watch(held).tell(6)["news"]


def test_the_bar_tells_the_turn_the_step_and_the_end(held: Bench, gate: threading.Event) -> None:
    workers, begun = Workers(), threading.Event()
    first = workers.submit(job_of(held, begun, gate), "cpu")
    assert begun.wait(60)
    second = workers.submit(job_of(held, threading.Event(), gate), "cpu")
    held.job = second
    assert watch(held).tell(7)["bar"] == {"text": "In the queue, 1 ahead of you", "share": 0.0}
    held.job = first
    bar = {"text": "0 of 2 done, now GrabCut tile 3 of 4", "share": 0.25}
    assert watch(held).tell(7)["bar"] == bar
    assert watch(held).tell(7)["states"] == {held.current: ("running", "")}
    one = held.current
    held.add(SAMPLES[1].open().data, "other.png")
    told = "0 of 2 done, now portrait.png · GrabCut tile 3 of 4"
    assert watch(held).tell(7)["bar"]["text"] == told
    assert one in watch(held).tell(7)["states"]
    first.cancel()
    assert watch(held).tell(7)["bar"]["text"] == "Stopping…"
    gate.set()
    workers.close()


def test_between_two_steps_the_next_is_named(held: Bench) -> None:
    held.add(SAMPLES[1].open().data, "other.png")
    step = Step((held.current or "", GRABCUT.name), "GrabCut", lambda _: None)
    held.job = Job([step, step], alive=lambda: True, on_result=lambda *_: None)
    held.job.state = "running"  # what the lane gives others a turn after
    assert watch(held).tell(7)["bar"]["text"] == "0 of 2 done, next other.png · GrabCut"


def test_a_job_that_measures_tells_the_time_left(held: Bench) -> None:
    step = Step(("truth/1", GRABCUT.name), "GrabCut", lambda _: None)
    held.job = Job([step, step], alive=lambda: True, on_result=lambda *_: None)
    held.job.state = "running"
    held.truths.pace.learn(GRABCUT.name, 150.0)
    assert "left" not in watch(held).tell(7)["bar"]["text"]
    held.truths.job = held.job
    assert watch(held).tell(7)["bar"]["text"] == ("0 of 2 done, about 5 min left, next GrabCut")


def test_another_refiner_or_device_tells_nothing_of_the_time_left() -> None:
    truths, measured = Truths(), cast("Measured", SimpleNamespace(took=20.0))
    case: Any = None
    truths.keep(Asked("1", GRABCUT.name, "cpu", "quick"), Outcome(case, GRABCUT, measured), None)
    truths.keep(Asked("1", U2NETP.name, "cpu"), Outcome(case, U2NETP, measured), None)
    assert truths.pace_on("cpu", "quick").seconds([GRABCUT.name, U2NETP.name]) == 40.0
    assert truths.pace_on("cpu", "closed-form").seconds([GRABCUT.name]) is None
    assert truths.pace_on("cpu", "closed-form").seconds([U2NETP.name]) == 20.0
    assert truths.pace_on("auto", "quick").seconds([U2NETP.name]) is None


def test_without_a_job_there_is_no_bar(held: Bench) -> None:
    told = {"news": False, "bar": None, "states": {held.current: ("", "")}}
    assert watch(held).tell(7) == told


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr(visits, "_visits", {})
    context: Any = SimpleNamespace(session_id="one", fragment_storage=None)
    visit = Visit(cast(ScriptRunContext, context), cast(Pool, None))
    monkeypatch.setattr(visits, "visit", lambda: visit)
    return visit


def ask(drawn: str, token: str) -> Any:
    client = TestClient(Starlette(routes=[asked.route()]))
    return client.get(f"{asked.address()}?drawn={drawn}", headers={"Visit": token})


def test_a_tab_asks_with_its_token(held: Bench, tab: Visit) -> None:
    visits.remember(held, {}, "")
    tab.watch = watch(held)
    answer = ask("7", tab.token)
    assert answer.json() == {"news": False, "bar": None, "states": {held.current: ["", ""]}}
    assert answer.headers["cache-control"] == "no-store"
    assert ask("6", tab.token).json()["news"]


@pytest.mark.parametrize("drawn", ["", "-7", "seven", "²", "9" * 5000])
def test_a_number_that_is_none_isn_t_answered(held: Bench, tab: Visit, drawn: str) -> None:
    visits.remember(held, {}, "")
    tab.watch = watch(held)
    assert ask(drawn, tab.token).status_code == 404


def test_nobody_else_hears_of_it(held: Bench, tab: Visit) -> None:
    visits.remember(held, {}, "")
    assert ask("7", tab.token).status_code == 404  # nothing has been drawn
    tab.watch = watch(held)
    assert ask("7", "guessed").status_code == 404
    assert ask("7", "").status_code == 404


def test_what_was_left_with_start_over_is_let_go(held: Bench, tab: Visit) -> None:
    tab.watch = watch(held)
    visits.remember(Bench(), {}, "")
    assert tab.watch is None


def test_it_is_below_the_page_s_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st.config, "get_option", {"server.baseUrlPath": "/tools/"}.__getitem__)
    assert asked.address() == "/tools/job"


def test_what_tabs_ask_isn_t_written_down(caplog: pytest.LogCaptureFixture) -> None:
    app.around()
    log = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        for path in ("/job?drawn=3", "/job", "/api/v1/jobs?job=/job"):
            log.info('%s - "%s %s HTTP/%s" %d', "me:1", "GET", path, "1.1", 200)
    assert len(caplog.messages) == 1
    assert "/api/v1/jobs" in caplog.text
