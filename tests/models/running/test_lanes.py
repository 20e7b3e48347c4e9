import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.runtime import RuntimeState

from models.interface import Cancelled, ModelError, PromptMissing, RunFailed
from models.running import jobs, lanes
from models.running.jobs import Job, Step
from models.running.lanes import Workers
from ui import resources


def until(happened: Callable[[], Any]) -> None:
    """Only what hangs takes so long: on a busy machine a model's first run takes many seconds."""
    last = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < last
        time.sleep(0.005)


def finished(job: Job) -> Job:
    until(lambda: not job.active)
    return job


def make(
    *runs: Callable[[Job], Any], alive: Callable[[], bool] = lambda: True
) -> tuple[Job, dict[Any, Any]]:
    found: dict[Any, Any] = {}
    steps = [Step(("photo", str(i)), f"step {i}", run) for i, run in enumerate(runs)]
    return Job(steps, alive, found.__setitem__), found


def raising(error: Exception) -> Callable[[Job], Any]:
    def run(job: Job) -> Any:
        raise error

    return run


def until_stopped(job: Job) -> Any:
    while True:
        job.check()
        time.sleep(0.005)


def test_steps_run_in_order_and_one_failure_does_not_stop_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = PromptMissing("Draw a box.")
    job, found = make(lambda job: 1, raising(told), raising(ValueError("odd")), lambda job: 4)
    assert finished(Workers().submit(job, "cpu")).state == "done"
    assert found["photo", "0"] == 1
    assert found["photo", "1"] is told
    assert isinstance(found["photo", "2"], RunFailed)
    assert str(found["photo", "2"]) == "step 2 did not finish (ValueError: odd)."
    assert found["photo", "3"] == 4
    assert job.done == 4
    assert isinstance(found["photo", "2"], ModelError)
    assert "step 2 failed" in caplog.text


def test_jobs_take_turns_photo_by_photo() -> None:
    workers, gate = Workers(), threading.Event()
    order: list[tuple[str, str]] = []

    def job_of(who: str, *photos: str) -> Job:
        def run(_: Job) -> None:
            assert gate.wait(10)

        steps = [Step((photo, model), who, run) for photo in photos for model in ("a", "b")]
        return Job(steps, lambda: True, lambda key, _: order.append((who, "/".join(key))))

    many, one = job_of("many", "1", "2", "3"), job_of("one", "9")
    workers.submit(many, "cpu")
    workers.submit(one, "cpu")
    gate.set()
    assert finished(many).state == finished(one).state == "done"
    assert [f"{who} {what}" for who, what in order] == [
        "many 1/a", "many 1/b", "one 9/a", "one 9/b",
        "many 2/a", "many 2/b", "many 3/a", "many 3/b",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_people_who_look_go_before_jobs() -> None:
    job, found = make(lambda _: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    finished(Workers().submit(job, "cpu"))
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert found["photo", "0"] == max(own, lanes.NICE)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
@pytest.mark.parametrize("own", [0, 15])
def test_a_lane_works_where_priorities_may_not_be_changed(
    own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "getpriority", lambda *_: own)
    monkeypatch.setattr(os, "setpriority", refused)
    job, found = make(lambda _: "done")
    finished(Workers().submit(job, "cpu"))
    assert found == {("photo", "0"): "done"}


def test_cancel_stops_a_running_job_and_one_that_waits() -> None:
    workers = Workers()
    running, found = make(until_stopped, lambda job: 1)
    waiting, never = make(lambda job: 1)
    workers.submit(running, "cpu")
    workers.submit(waiting, "cpu")
    assert running.ahead == 0
    assert waiting.ahead == 1
    waiting.cancel()
    assert waiting.state == "cancelled"
    running.cancel()
    assert finished(running).state == "cancelled"
    assert found == never == {}


def test_who_cancels_while_waiting_leaves_the_lane_at_once() -> None:
    """And with it what it held, a visit's photos, however long the lane is taken."""
    workers, gate = Workers(), threading.Event()
    running, _ = make(lambda job: gate.wait(10))
    waiting, _ = make(lambda job: 1)
    last, found = make(lambda job: 1)
    for job in (running, waiting, last):
        workers.submit(job, "cpu")
    assert last.ahead == 2
    waiting.cancel()
    assert not waiting.active
    assert last.ahead == 1
    left, waiting, job = weakref.ref(waiting), None, None  # type: ignore[assignment]
    gc.collect()
    assert left() is None
    gate.set()
    assert finished(last).state == "done"
    assert finished(running).state == "done"
    assert len(found) == 1


def test_a_batch_between_its_turns_is_cancelled_at_once() -> None:
    workers, gates = Workers(), [threading.Event() for _ in range(2)]
    steps = [Step((photo, "model"), photo, lambda job: gates[0].wait(10)) for photo in "ab"]
    found: dict[Any, Any] = {}
    batch = workers.submit(Job(steps, lambda: True, found.__setitem__), "cpu")
    other, _ = make(lambda job: gates[1].wait(10))
    workers.submit(other, "cpu")
    gates[0].set()
    until(lambda: other.state == "running")
    assert batch.active
    batch.cancel()
    assert batch.state == "cancelled"
    gates[1].set()
    assert finished(other).state == "done"
    assert list(found) == [("a", "model")]


@pytest.mark.parametrize("running", [True, False])
def test_a_photo_is_left_out_and_the_others_are_done(running: bool) -> None:
    workers, gate = Workers(), threading.Event()

    def run(job: Job) -> int:
        while not gate.wait(0.005):
            job.check()
        return 1

    steps = [Step((photo, model), model, run) for photo in "abc" for model in ("x", "y")]
    found: dict[Any, Any] = {}
    job = workers.submit(Job(steps, lambda: True, found.__setitem__), "cpu")
    until(lambda: job.current)
    gone = "a" if running else "b"
    job.leave_out(gone)
    until(lambda: not job.awaits((gone, "x")) and not job.awaits((gone, "y")))
    gate.set()
    assert finished(job).state == "done"
    assert [photo for photo, _ in found] == [
        photo for photo in "abc" for _ in "xy" if photo != gone
    ]


def test_a_job_without_its_only_photo_ends() -> None:
    workers = Workers()
    running, found = make(until_stopped, lambda job: 1)
    waiting, never = make(lambda job: 1)
    workers.submit(running, "cpu")
    workers.submit(waiting, "cpu")
    waiting.leave_out("photo")
    assert not waiting.active
    running.leave_out("photo")
    finished(running)
    assert found == never == {}


def test_a_step_alone_gives_others_a_turn_before_the_next() -> None:
    workers, gate = Workers(), threading.Event()
    order: list[str] = []

    def run(job: Job) -> None:
        assert gate.wait(10)

    variants = [Step(("photo", "painter"), label, run, alone=True) for label in "12"]
    paints = Job(variants, lambda: True, lambda *_: order.append("painted"))
    other = Job([Step(("other", "model"), "3", run)], lambda: True, lambda *_: order.append("cut"))
    workers.submit(paints, "cpu")
    workers.submit(other, "cpu")
    gate.set()
    finished(paints)
    finished(other)
    assert order == ["painted", "cut", "painted"]


def test_a_lane_goes_on_when_an_outcome_can_t_be_kept(caplog: pytest.LogCaptureFixture) -> None:
    workers = Workers()
    steps = [Step(("a", "b"), "c", lambda job: 1)]
    broken = Job(steps, lambda: True, lambda *_: raising(OSError("full"))(broken))
    following, found = make(lambda job: 1)
    assert finished(workers.submit(broken, "cpu")).state == "cancelled"
    assert finished(workers.submit(following, "cpu")).state == "done"
    assert len(found) == 1
    assert "could not be kept" in caplog.text


def test_devices_work_side_by_side_and_each_one_job_at_a_time() -> None:
    workers, gate = Workers(), threading.Event()
    first, _ = make(lambda job: gate.wait(10))
    second, _ = make(lambda job: None)
    other, _ = make(lambda job: None)
    workers.submit(first, "cpu")
    workers.submit(second, "cpu")
    workers.submit(other, "cuda")
    assert finished(other).state == "done"
    assert second.state == "queued"
    gate.set()
    assert finished(second).state == "done"


def test_a_job_whose_browser_has_gone_is_stopped_after_the_grace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "GRACE", 0.05)
    gone, _ = make(until_stopped, alive=lambda: False)
    assert finished(Workers().submit(gone, "cpu")).state == "cancelled"
    there, found = make(lambda job: time.sleep(0.1), lambda job: 2)
    assert finished(Workers().submit(there, "cpu")).state == "done"
    assert found["photo", "1"] == 2


def test_the_grace_begins_when_the_browser_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long nobody asked before: in the queue, or in a step that took a while."""
    monkeypatch.setattr(jobs, "GRACE", 0.1)
    there = True

    def run(job: Job) -> int:
        nonlocal there
        for seen in (False, True, False):
            there = seen
            time.sleep(0.2)
            job._next_look = 0  # or it would look once a second
            job.check()
        return 1

    job, found = make(run, alive=lambda: there)
    assert finished(Workers().submit(job, "cpu")).state == "done"
    assert found["photo", "0"] == 1


def test_a_job_that_has_ended_is_held_by_nobody() -> None:
    """It holds a visit's photos, which are to go with the visit."""
    workers = Workers()
    job, _ = make(lambda job: 1)
    finished(workers.submit(job, "cpu"))
    ended, job = weakref.ref(job), None  # type: ignore[assignment]

    def gone() -> bool:
        gc.collect()
        return ended() is None

    until(gone)


def test_what_fails_because_the_server_stops_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    up = threading.Event()
    up.set()

    def alive() -> bool:
        if not up.is_set():
            raise Cancelled
        return True

    def run(job: Job) -> Any:
        up.clear()
        raise RuntimeError("cannot schedule new futures after shutdown")

    job, found = make(run, lambda job: 2, alive=alive)
    assert finished(Workers().submit(job, "cpu")).state == "cancelled"
    assert found == {}
    assert not caplog.text


@pytest.mark.parametrize("state", [RuntimeState.STOPPING, RuntimeState.STOPPED])
def test_no_browser_comes_back_to_a_server_that_stops(
    monkeypatch: pytest.MonkeyPatch, state: RuntimeState
) -> None:
    server = SimpleNamespace(
        state=RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED, is_active_session=lambda _: False
    )
    monkeypatch.setattr(resources, "exists", lambda: True)
    monkeypatch.setattr(resources, "get_instance", lambda: server)
    there = resources.browser_is_there()
    assert not there()  # lost for now: the grace begins
    server.state = state
    with pytest.raises(Cancelled):
        there()


def test_downloads_tell_how_far_they_are() -> None:
    job, _ = make()
    job.report(50_000_000, 200_000_000)
    assert job.detail == "downloading 50 MB · 25%"
