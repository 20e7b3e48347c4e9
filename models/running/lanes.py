"""Work off the page's script thread: a worker for each device, progress, cancel, a heartbeat."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Literal

from models.interface import Cancelled, ModelError, RunFailed

log = logging.getLogger(__name__)

GRACE = 15.0
"""Seconds that a job outlives its browser, so that a short loss of the network costs nothing."""

type Key = tuple[str, str]
"""What a step is about: a photo's key and a model's name."""

type State = Literal["queued", "running", "done", "cancelled"]


@dataclass(frozen=True)
class Step:
    """One piece of a job. run gets the job, whose `check` it calls now and then."""

    key: Key
    label: str
    run: Callable[["Job"], Any]


@dataclass(eq=False)
class Job:
    """Steps that run one after the other; one that fails doesn't stop the rest.

    alive: whether the browser that asked is still there; raises Cancelled once the server stops.
    on_result: called in the worker with the step's key and what it returned, or the ModelError
    that ended it. detail, part: how far the current step is, in words and from 0 to 1.
    """

    steps: Sequence[Step]
    alive: Callable[[], bool]
    on_result: Callable[[Key, Any], None]
    state: State = "queued"
    done: int = 0
    current: Step | None = None
    detail: str = ""
    part: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _gone_since: float | None = None
    _next_look: float = 0.0

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def stopping(self) -> bool:
        return self.active and self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()

    def check(self) -> None:
        """Raise Cancelled if the person pressed Cancel or has gone, or the server stops."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + 1
            if self.alive():
                self._gone_since = None
            elif self._gone_since is None:
                self._gone_since = now
            elif now - self._gone_since > GRACE:
                self._stop.set()
        if self._stop.is_set():
            raise Cancelled

    def report(self, done: int, total: int) -> None:
        """Progress of a download, in bytes."""
        percent = f" · {done / total:.0%}" if total else ""
        self.detail = f"downloading {done / 1e6:.0f} MB{percent}"


class Workers:
    """One for the whole process: a lane for each device, where jobs take turns, photo by photo."""

    def __init__(self) -> None:
        self._lanes: dict[str, tuple[ThreadPoolExecutor, list[Job]]] = {}
        self._lock = threading.Lock()

    def submit(self, job: Job, device: str) -> Job:
        with self._lock:
            if device not in self._lanes:
                executor = ThreadPoolExecutor(1, thread_name_prefix=f"work-{device}")
                self._lanes[device] = (executor, [])
            executor, waiting = self._lanes[device]
            waiting.append(job)
            executor.submit(self._turn, device, job)
        return job

    def ahead(self, job: Job) -> int:
        """How many jobs have a turn before this one's first."""
        with self._lock:
            for _, waiting in self._lanes.values():
                if job in waiting:
                    return waiting.index(job)
        return 0

    def _turn(self, device: str, job: Job) -> None:
        """One photo's steps; then those who wait have theirs, before the job's next photo."""
        executor, waiting = self._lanes[device]
        try:
            job.check()
            job.state = "running"
            left = job.steps[job.done :]
            for step in takewhile(lambda step: step.key[0] == left[0].key[0], left):
                job.check()
                _take(job, step)
                job.done += 1
            job.current = None
            if job.done < len(job.steps):
                executor.submit(self._turn, device, job)
            else:
                job.state = "done"
        except Cancelled:
            job.state = "cancelled"
        finally:
            if not job.active:
                with self._lock:
                    waiting.remove(job)  # and with it a visit's photos, if the visit has ended
                gc.collect()  # the page doesn't, after its runs: see .streamlit/config.toml


def _take(job: Job, step: Step) -> None:
    job.current, job.detail, job.part = step, "", 0.0
    try:
        outcome = step.run(job)
    except Cancelled:
        raise
    except ModelError as error:
        outcome = error
    except Exception as error:
        job.alive()  # when the server stops, nobody gets threads any more: that's no failure
        log.exception("%s failed", step.label)
        outcome = RunFailed(f"{step.label} did not finish ({type(error).__name__}: {error}).")
    job.on_result(step.key, outcome)
