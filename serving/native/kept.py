"""A job as it's remembered: an order that was taken, and what became of it."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from models.running.jobs import Job
from serving.errors import Refusal
from serving.native.answers import Result

type State = Literal["queued", "running", "done", "failed", "cancelled"]
type Webhook = Literal["waiting", "delivered", "failed"]


@dataclass(eq=False)
class KeptJob:
    """An order, and what became of it.

    owner: the key by which it was sent; only that finds it again. caller: whose part of the memory
    it takes. nbytes: which it takes until it has ended, and its result then. job: there while it
    waits in a lane or runs. done, total: of its steps. lost: why there is no result any more.
    """

    verb: str
    owner: str
    caller: str
    nbytes: int = 0
    webhook: Webhook | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    job: Job | None = None
    done: int = 0
    total: int = 0
    outcome: State | None = None
    result: Result | None = None
    refusal: Refusal | None = None
    lost: str = ""
    begun: float = field(default_factory=time.monotonic)
    ended_at: float = 0.0
    until: float = 0.0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)
    listeners: int = 0
    fetched: bool = False

    @property
    def state(self) -> State:
        if self.outcome:
            return self.outcome
        return "queued" if self.job and self.job.state == "queued" else "running"

    @property
    def expires_in(self) -> int | None:
        """Seconds for which the result is kept yet."""
        return round(max(0.0, self.until - time.monotonic())) if self.result else None

    def told(self) -> dict[str, Any]:
        job = self.job
        return {
            "id": self.id,
            "verb": self.verb,
            "state": self.state,
            "ahead": job.ahead if job else 0,
            "done": job.done if job else self.done,
            "total": self.total,
            "stage": job and _stage(job),
            "part": round(job.part, 3) if job else 0.0,
            "expires_in": self.expires_in,
            "error": self.refusal and {"code": self.refusal.code, "message": self.refusal.sentence},
            "webhook": self.webhook,
        }

    def end(
        self,
        outcome: State,
        *,
        result: Result | None = None,
        why: Refusal | None = None,
        seconds: float = 0,
    ) -> None:
        """From now on it holds nothing else. seconds: for which the result is kept."""
        self.outcome, self.result, self.refusal = outcome, result, why
        self.done = self.job.done if self.job else 0
        self.job, self.nbytes = None, len(result.data) if result else 0
        self.ended_at = time.monotonic()
        self.until = self.ended_at + seconds
        self.ended.set()

    def lose(self, why: str) -> None:
        if self.result:
            self.result, self.nbytes, self.lost = None, 0, why

    async def until_unwanted(self) -> dict[str, str]:
        """As a request tells it whose client hangs up."""
        await self.unwanted.wait()
        return {"type": "http.disconnect"}


def _stage(job: Job) -> str | None:
    """Which model does what now; between two turns nothing is done."""
    if not job.active:
        return "writing files"
    step = job.current
    return " ".join(filter(None, [step.label, job.detail])) if step else None


def bare(refusal: Refusal) -> Refusal:
    """The same without the frames that it came through: they hold photos."""
    return Refusal(refusal.status, refusal.sentence, refusal.headers, reason=refusal.reason)
