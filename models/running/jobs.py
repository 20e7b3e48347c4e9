"""A job is pieces of work that take turns with others': progress, cancel, a heartbeat."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

from models.interface import Cancelled, ModelError, RunFailed
from models.running.failures import unforeseen

log = logging.getLogger(__name__)

GRACE = 15.0
"""Seconds that a job outlives its browser, so that a short loss of the network costs nothing."""

type Key = tuple[str, str]
"""What a step is about: a photo's key and a model's name."""

type State = Literal["queued", "running", "done", "cancelled"]


@dataclass(frozen=True)
class Step:
    """One piece of a job. run gets the job, whose `check` it calls now and then. alone: who waits
    has a turn after it, even if the job's next step is about the same photo."""

    key: Key
    label: str
    run: Callable[["Job"], Any]
    alone: bool = False


def _between(step: Step, following: Step) -> bool:
    """Whether others have a turn between the two."""
    return step.alone or step.key[0] != following.key[0]


def _bare(error: ModelError) -> ModelError:
    """The error without the frames that it came through: they hold photos, and tensors on the card,
    and would do so for as long as somebody keeps the error."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def nothing(*_: object) -> None:
    """What is called where nobody wants to know."""


class Queue(Protocol):
    """What a job asks of the lane that it's in."""

    def ahead(self, job: "Job") -> int: ...

    def came(self, step: Step, outcome: Any) -> None: ...

    def dismiss(self, job: "Job") -> None: ...


class Job:
    """Steps that run one after the other; one that fails doesn't stop the rest.

    alive: whether the browser that asked is still there; raises Cancelled once the server stops.
    on_result: called in the worker with the step's key and what it returned, or the ModelError
    that ended it. on_end: called once, with nothing, when no more will come of it. caller: who
    asked; callers take turns, however many jobs each has. By default each job counts as one.
    left: what is yet to begin. detail, part: how far the current step is, in words
    and from 0 to 1.
    """

    def __init__(
        self,
        steps: Iterable[Step],
        alive: Callable[[], bool],
        on_result: Callable[[Key, Any], None],
        on_end: Callable[[], object] = nothing,
        caller: str | None = None,
    ) -> None:
        self.alive, self.on_result, self.on_end = alive, on_result, on_end
        self.caller = caller or uuid.uuid4().hex
        self.state: State = "queued"
        self.left = tuple(steps)
        self.current: Step | None = None
        self.done = 0
        self.detail, self.part = "", 0.0
        self._left_out: frozenset[str] = frozenset()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._lane: Queue | None = None
        self._gone_since: float | None = None
        self._next_look = 0.0

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def stopping(self) -> bool:
        return self.active and self._stop.is_set()

    @property
    def ahead(self) -> int:
        """How many jobs have a turn before this one's next."""
        return self._lane.ahead(self) if self._lane else 0

    @property
    def total(self) -> int:
        """How many steps it has, done and to do."""
        with self._lock:
            return self.done + (self.current is not None) + len(self.left)

    @property
    def turns(self) -> int:
        """How many turns what is left of it takes."""
        with self._lock:
            pairs = pairwise(self.left)
            return bool(self.left) + sum(_between(*pair) for pair in pairs)

    def awaits(self, key: Key) -> bool:
        """Whether something is yet to come of a step about `key`."""
        with self._lock:
            current = (self.current,) if self.current else ()
            return self.active and any(
                step.key == key and not self._unwanted(step) for step in (*current, *self.left)
            )

    def waits_in(self, lane: Queue) -> None:
        """From now on, that is where it has its place."""
        self._lane = lane

    def cancel(self) -> None:
        """End it: at once while it waits for a turn, else at its next `check`."""
        self._stop.set()
        if self._lane:
            self._lane.dismiss(self)

    def leave_out(self, photo: str) -> None:
        """Go on without the photo that has this key; a step about it ends at its next `check`."""
        with self._lock:
            self._left_out |= {photo}
            self.left = tuple(step for step in self.left if step.key[0] != photo)
        if self._lane and not self.left:
            self._lane.dismiss(self)

    def check(self) -> None:
        """Raise Cancelled if the person pressed Cancel or has gone, took away the photo that this
        is about, or the server stops."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + 1
            if self.alive():
                self._gone_since = None
            elif self._gone_since is None:
                self._gone_since = now
            elif now - self._gone_since > GRACE:
                self._stop.set()
        if self._stop.is_set() or self._unwanted(self.current):
            raise Cancelled

    def report(self, done: int, total: int) -> None:
        """Progress of a download, in bytes."""
        percent = f" · {done / total:.0%}" if total else ""
        self.detail = f"downloading {done / 1e6:.0f} MB{percent}"

    def take_turn(self) -> None:
        """Run the steps about the next photo, or the next one alone. Raises Cancelled."""
        self.state = "running"
        self.check()
        step = self._begin(None)
        while step:
            self._run(step)
            step = self._begin(step)

    def refuse(self, error: ModelError) -> None:
        """None of it is begun: that is what comes of each step."""
        for step in self.left:
            self.on_result(step.key, error)
        self.end("done")

    def end(self, state: State) -> None:
        """Done or cancelled: what it held, a visit's photos among it, it holds no longer."""
        self.current, self.left = None, ()
        self.state, tell = state, self.on_end
        self.on_result, self.on_end = nothing, nothing
        tell()

    def _begin(self, last: Step | None) -> Step | None:
        """The next step, if it's part of the turn to which the `last` one belonged."""
        with self._lock:
            self.current, self.done = None, self.done + (last is not None)
            step = self.left[0] if self.left else None
            if step and last and _between(last, step):
                return None
            self.current, self.left = step, self.left[1:]
            self.detail, self.part = "", 0.0
            return step

    def _run(self, step: Step) -> None:
        try:
            self.check()
            outcome = step.run(self)
        except Cancelled:
            if self._stop.is_set() or not self._unwanted(step):
                raise
            return
        except ModelError as error:
            outcome = _bare(error)
        except Exception as error:
            self.alive()  # when the server stops, nobody gets threads any more: that's no failure
            log.exception("%s failed", step.label)
            outcome = RunFailed(unforeseen(step.label, error))
        if not self._unwanted(step):
            if self._lane:
                self._lane.came(step, outcome)
            self.on_result(step.key, outcome)

    def _unwanted(self, step: Step | None) -> bool:
        return step is not None and step.key[0] in self._left_out
