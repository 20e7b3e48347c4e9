"""A lane of work for each device, in which those who ask take turns."""

import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any

from models.interface import Cancelled, RunFailed
from models.running.devices import turn_on
from models.running.jobs import Job, State, Step, nothing

log = logging.getLogger(__name__)

NICE = 10
"""How far a lane's thread gives way to the page's, on Linux: 0 to 19."""

_FIRST_GUESS = 1.0
_WEIGHT = 0.2
"""Seconds that a turn takes before one was measured, and how much the latest counts after that."""


type Watcher = Callable[[str, Step, Any], object]
"""Called in a lane's worker with the lane's name, a step that ended, and what came of it: what it
returned, or the ModelError that ended it."""

CLOSED = "The server is about to stop. Try again in a minute."


class Full(Exception):
    """A lane takes no more jobs for now. seconds: what those who wait are likely to take."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The queue is full, for about {seconds:.0f} seconds.")
        self.seconds = seconds


def give_way() -> None:
    """People who look at the page go before this thread, where threads have priorities."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):  # a sandbox may forbid it
            if os.getpriority(os.PRIO_PROCESS, thread) < NICE:
                os.setpriority(os.PRIO_PROCESS, thread, NICE)


class Lane:
    """Jobs for one device. Whose caller has waited longest runs next; jobs of one caller go in
    order. A turn that waits in the executor is not any job's own, so a job may leave from anywhere.
    """

    def __init__(self, device: str, watch: Watcher = nothing) -> None:
        self._device, self._watch = device, watch
        self._executor = ThreadPoolExecutor(
            1, thread_name_prefix=f"work-{device}", initializer=give_way
        )
        self._jobs: deque[Job] = deque()
        self._running: Job | None = None
        self._turns = 0
        self._served: dict[str, int] = {}  # when those who are here had their last turn
        self._seconds = _FIRST_GUESS
        self._lock = threading.Lock()

    def join(self, job: Job, limit: int | None) -> None:
        with self._lock:
            if limit is not None and (full := self._full(job.caller, limit)):
                raise full
            job.waits_in(self)
            # Who comes goes before the one that runs now, and behind those who wait.
            self._served.setdefault(job.caller, self._turns - 1)
            self._jobs.append(job)
        self._executor.submit(self._turn)

    def came(self, step: Step, outcome: Any) -> None:
        self._watch(self._device, step, outcome)

    def jobs(self) -> list[Job]:
        """Those that are here: one that runs, and all that wait."""
        with self._lock:
            return list(self._jobs)

    def full(self, caller: str, limit: int, coming: Sequence[str]) -> Full | None:
        """What `join` would raise for a job of the caller's, once those that come are here."""
        with self._lock:
            return self._full(caller, limit, coming)

    def dismiss(self, job: Job) -> None:
        """A job that was ended leaves, unless it runs: then it does so by itself."""
        with self._lock:
            if job not in self._jobs or job is self._running:
                return
            self._leave(job)
        job.end("cancelled")

    def ahead(self, job: Job) -> int:
        with self._lock:
            if job not in self._jobs or job is self._running:
                return 0
            waiting, served = list(self._jobs), dict(self._served)
            if self._running:
                waiting.remove(self._running)
            turn = self._turns
            while (first := _next(waiting, served)) is not job:
                waiting.remove(first)
                served[first.caller] = turn = turn + 1
            return turn - self._turns + (self._running is not None)

    def _full(self, caller: str, limit: int, coming: Sequence[str] = ()) -> Full | None:
        """Half of the places are for others than one caller."""
        there = [*(each.caller for each in self._jobs), *coming]
        if len(there) < limit and there.count(caller) < max(1, limit // 2):
            return None
        turns = sum(max(1, each.turns) for each in self._jobs) + len(coming)
        return Full(self._seconds * turns)

    def _turn(self) -> None:
        with self._lock:
            if not self._jobs:
                return
            job = self._running = _next(self._jobs, self._served)
            self._turns += 1
            self._served[job.caller] = self._turns
        start, whole = time.monotonic(), False
        try:
            with turn_on(self._device):
                job.take_turn()
            whole = True
        except Cancelled:
            pass
        except Exception:
            log.exception("What came of a step could not be kept")
        ended: State | None = None
        with self._lock:
            self._running = None
            if not whole or job.stopping:
                ended = "cancelled"
            elif not job.left:
                ended = "done"
            if whole:
                self._seconds += _WEIGHT * (time.monotonic() - start - self._seconds)
            self._leave(job)
            if ended is None:
                self._served.setdefault(job.caller, self._turns)
                self._jobs.append(job)  # behind its caller's others
                self._executor.submit(self._turn)
        if ended:
            job.end(ended)

    def _leave(self, job: Job) -> None:
        self._jobs.remove(job)
        if not any(each.caller == job.caller for each in self._jobs):
            del self._served[job.caller]


def _next(jobs: deque[Job] | list[Job], served: dict[str, int]) -> Job:
    """The first job of the caller whose last turn is longest ago."""
    return min(jobs, key=lambda job: served[job.caller])


class Workers:
    """One for the whole process: a lane for each device, where jobs take turns, photo by photo."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []
        self._closed = False

    def submit(self, job: Job, lane: str, limit: int | None = None) -> Job:
        """limit: how many jobs the lane may hold with this one, and one caller half as many; raises
        Full beyond it. None: there is always room, as for who looks at the page, until `close`."""
        if self._closed and limit is None:
            job.refuse(RunFailed(CLOSED))
            return job
        self._lane(lane).join(job, limit)
        return job

    def watch(self, watcher: Watcher) -> None:
        """From now on, it's told of each step that ends, once."""
        if watcher not in self._watchers:
            self._watchers.append(watcher)

    def jobs(self) -> dict[str, list[Job]]:
        """Those in each lane, the one that runs among them."""
        with self._lock:
            lanes = dict(self._lanes)
        return {name: lane.jobs() for name, lane in lanes.items()}

    def check_room(
        self, lanes: Iterable[str], caller: str, limit: int, coming: Sequence[str] = ()
    ) -> None:
        """Raises Full if none of the lanes has room for a job of the caller's. coming: who has been
        let in and has no place yet; each of them may come into any lane."""
        there = [self._lane(name) for name in lanes]
        full = [lane.full(caller, limit, coming) for lane in there]
        told = [each for each in full if each]
        if told and len(told) == len(there):
            raise min(told, key=lambda each: each.seconds)

    def waiting(self) -> dict[str, int]:
        """How many turns the jobs in each lane are going to take, one that has begun among them."""
        return {name: sum(max(1, job.turns) for job in jobs) for name, jobs in self.jobs().items()}

    def close(self) -> None:
        """The server is about to stop. What is in the lanes runs on, and so does what comes with a
        limit, which whoever sends it has let in before; nobody begins anything at the page."""
        self._closed = True

    def cancel(self) -> None:
        """End all that is in the lanes."""
        for job in [job for jobs in self.jobs().values() for job in jobs]:
            job.cancel()

    def _lane(self, name: str) -> Lane:
        with self._lock:
            if name not in self._lanes:
                self._lanes[name] = Lane(name, self._tell)
            return self._lanes[name]

    def _tell(self, lane: str, step: Step, outcome: Any) -> None:
        for watcher in self._watchers:
            watcher(lane, step, outcome)


@cache
def shared_workers() -> Workers:
    """Those that a process has: page and API wait in the same lanes."""
    return Workers()
