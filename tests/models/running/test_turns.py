"""Whose turn it is in a lane, when it is full, and that a job's end is always told."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.catalog import GRABCUT, U2NETP
from models.interface import Cancelled
from models.running import lanes, placing
from models.running.devices import Device
from models.running.jobs import Job, Step
from models.running.lanes import Full, Workers
from models.running.placing import lane_of
from tests.models.running.test_lanes import finished, until

NETWORK = replace(GRABCUT, name="network", engine="torch")


class Gate:
    """Jobs that wait until it is opened, and the order in which they then ran."""

    def __init__(self) -> None:
        self.workers, self.open = Workers(), threading.Event()
        self.order: list[str] = []
        self.ended: list[str] = []

    def job(self, name: str, caller: str | None = None, photos: str = "1", **more: Any) -> Job:
        def run(job: Job) -> None:
            while not self.open.wait(0.005):
                job.check()
            self.order.append(name)

        steps = [Step((photo, "model"), name, run) for photo in photos]
        return Job(
            steps, lambda: True, lambda *_: None, lambda: self.ended.append(name), caller, **more
        )

    def queue(self, *jobs: Job, limit: int | None = None) -> None:
        for job in jobs:
            self.workers.submit(job, "cpu", limit)
        until(lambda: jobs[0].state != "queued" or jobs[0].ahead)


def test_callers_take_turns_however_many_jobs_each_has() -> None:
    gate = Gate()
    many = [gate.job(f"many {number}", "many") for number in range(4)]
    one, page = gate.job("one", "one"), gate.job("page")
    gate.queue(*many, one, page)
    assert [job.ahead for job in (*many, one, page)] == [0, 3, 4, 5, 1, 2]
    gate.open.set()
    for job in (*many, one, page):
        finished(job)
    assert gate.order == ["many 0", "one", "page", "many 1", "many 2", "many 3"]


def test_who_comes_late_goes_behind_those_who_wait() -> None:
    gate = Gate()
    first, second = gate.job("first", "a", "12"), gate.job("second", "b", "12")
    gate.queue(first, second)
    late = gate.job("late", "c", "12")
    gate.queue(late)
    assert (second.ahead, late.ahead) == (1, 2)
    gate.open.set()
    for job in (first, second, late):
        finished(job)
    assert gate.order == ["first", "second", "late"] * 2


def test_who_comes_again_and_again_does_not_go_before_others() -> None:
    gate = Gate()
    first, other = gate.job("again 1", "again"), gate.job("other", "other")
    gate.queue(first, other)
    gate.queue(gate.job("again 2", "again"))
    last = gate.job("again 3", "again")
    gate.queue(last)
    gate.open.set()
    finished(last)
    assert gate.order == ["again 1", "other", "again 2", "again 3"]


def test_a_full_lane_takes_no_more_and_tells_for_how_long() -> None:
    gate = Gate()
    running = gate.job("a", "a", "123")
    gate.queue(running, gate.job("b", "b"), gate.job("c", "c"), limit=4)
    gate.queue(gate.job("page"))  # who looks at the page always may
    with pytest.raises(Full) as full:
        gate.workers.submit(gate.job("d", "d"), "cpu", 4)
    # Of the first job one photo runs and two wait; nothing was measured yet.
    assert full.value.seconds == pytest.approx(5 * lanes._FIRST_GUESS)
    gate.workers.submit(gate.job("elsewhere", "d"), "cuda", 4)
    gate.open.set()
    finished(running)
    until(lambda: len(gate.ended) == 5)
    gate.workers.submit(gate.job("d", "d"), "cpu", 4)
    until(lambda: "d" in gate.ended)


def test_one_caller_has_no_more_than_half_of_the_places() -> None:
    gate = Gate()
    jobs = [gate.job("greedy", "greedy") for _ in range(3)]
    gate.queue(*jobs[:2], limit=4)
    with pytest.raises(Full):
        gate.workers.submit(jobs[2], "cpu", 4)
    other = gate.job("other", "other")
    gate.workers.submit(other, "cpu", 4)
    gate.open.set()
    finished(other)


def test_the_estimate_follows_what_turns_take() -> None:
    gate = Gate()
    gate.open.set()
    for _ in range(30):
        finished(gate.workers.submit(gate.job("quick"), "cpu"))
    gate.open.clear()
    gate.queue(gate.job("waits", "x"))
    with pytest.raises(Full) as full:
        gate.workers.submit(gate.job("refused", "y"), "cpu", 1)
    assert full.value.seconds < lanes._FIRST_GUESS / 2
    gate.open.set()


def raising(error: Exception) -> Callable[[Job], Any]:
    def run(_: Job) -> Any:
        raise error

    return run


@pytest.mark.parametrize("run", [lambda _: 1, raising(Cancelled()), raising(ValueError("odd"))])
def test_an_end_is_told_once_however_it_came(run: Callable[[Job], Any]) -> None:
    ended: list[str] = []
    step = Step(("1", "m"), "label", run)
    job = Job([step], lambda: True, lambda *_: None, lambda: ended.append(job.state))
    finished(Workers().submit(job, "cpu"))
    until(lambda: ended)
    job.cancel()
    assert len(ended) == 1
    assert ended[0] in ("done", "cancelled")


def test_the_end_of_one_that_is_cancelled_while_it_waits_is_told() -> None:
    gate = Gate()
    running, waiting = gate.job("running"), gate.job("waiting")
    gate.queue(running, waiting)
    waiting.cancel()
    assert gate.ended == ["waiting"]
    running.cancel()
    until(lambda: gate.ended == ["waiting", "running"])


def test_there_is_room_while_any_lane_has_some() -> None:
    gate = Gate()
    gate.queue(*(gate.job(f"{number}", "many") for number in range(2)), limit=4)
    check = gate.workers.check_room
    check(["cpu"], "other", 4)
    check(["cpu", "cuda"], "many", 4)
    with pytest.raises(Full):
        check(["cpu"], "many", 4)  # half of it is its own
    with pytest.raises(Full):
        check(["cpu"], "other", 2)
    with pytest.raises(Full):
        check(["cpu"], "other", 4, ["other", "third"])
    check(["cpu"], "other", 5, ["other", "third"])
    with pytest.raises(Full):
        check(["cpu"], "other", 5, ["other", "other"])
    gate.workers.submit(gate.job("card", "many"), "cuda")
    check(["cpu", "cuda"], "many", 4)
    with pytest.raises(Full):
        check(["cpu", "cuda"], "many", 2)
    gate.open.set()


def test_only_what_runs_on_the_card_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "offered", lambda: ("auto", "cuda", "cpu"))
    onnx = Device("cpu")
    monkeypatch.setattr(placing, "resolve_onnx", lambda: onnx)
    assert (
        lane_of([NETWORK]) == lane_of([NETWORK], "cuda") == lane_of([NETWORK], "cuda:0") == "cuda"
    )
    assert lane_of([NETWORK], "cuda:1") == "cuda:1"
    assert lane_of([NETWORK], "cpu") == "cpu"
    assert lane_of([GRABCUT]) == lane_of([GRABCUT, U2NETP]) == lane_of([U2NETP], "cuda") == "cpu"
    assert lane_of([GRABCUT, NETWORK]) == "cuda"
    onnx = Device("cuda")
    assert lane_of([U2NETP]) == "cuda"
    monkeypatch.setattr(placing, "offered", lambda: ("auto", "cpu"))
    assert lane_of([NETWORK]) == "cpu"
