"""Orders that are carried out after their answer: what waits, what runs, and results for a while.

All of it is in memory, and goes when the server stops. Used in the server's loop alone.
"""

import asyncio
import functools
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any

from starlette.requests import Request

from models.interface import Cancelled
from models.running.jobs import Job
from models.running.lanes import Full
from photos.photo import PhotoFile
from serving import guard
from serving.bodies import largest_body
from serving.errors import Refusal, refusal_of
from serving.native import webhooks
from serving.native.carrying import carried_out
from serving.native.kept import KeptJob, bare
from serving.native.orders import Order

SECONDS = 3600.0
"""A job takes no longer, its wait in the lane included."""
KEPT = 600.0
"""Seconds for which a result is kept."""
REMEMBERED = 3600.0
"""Seconds for which it's known then that there was one."""
COLLECTED = 10.0
"""Seconds for which the server's end waits for somebody to fetch a result."""
RECORDS = 10_000
"""Jobs that are known at once."""

_FIRST_GUESS = 10.0
_WEIGHT = 0.2
"""Seconds that a job takes before one was measured, and how much the latest counts after that."""


class Shelf:
    """The jobs that are known. Results leave when their time is over, or where there isn't room
    for all: the oldest first, of the caller whose are the largest."""

    def __init__(self) -> None:
        self._jobs: dict[str, KeptJob] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seconds = _FIRST_GUESS

    def find(self, name: str, owner: str) -> KeptJob:
        """Raises Refusal: somebody else's job is none."""
        kept = self._jobs.get(name)
        if kept is None or kept.owner != owner:
            raise Refusal(404, "There is no such job of yours. It may be over for long.")
        return kept

    def busy(self) -> bool:
        """Whether the server's end would lose something that is wanted."""
        return any(map(_awaited, self._jobs.values()))

    async def take(
        self, kept: KeptJob, order: Order, photos: Sequence[PhotoFile], hook: str | None
    ) -> None:
        """From now on it waits in its lane. Raises Full, or Refusal if the lane takes no more."""
        if not self._make_room(kept, order.nbytes):
            raise Full(self._until_one_ends())
        kept.nbytes, kept.webhook = order.nbytes, "waiting" if hook else None
        self._jobs[kept.id] = kept
        begun = asyncio.get_running_loop().create_future()
        self._spawn(self._carry_out(kept, order, photos, begun))
        if refused := await begun:
            del self._jobs[kept.id]
            raise refused
        if hook:
            self._spawn(self._tell(kept, hook))

    async def _carry_out(
        self,
        kept: KeptJob,
        order: Order,
        photos: Sequence[PhotoFile],
        begun: asyncio.Future[Refusal | None],
    ) -> None:
        request = Request({"type": "http", "caller": kept.caller}, kept.until_unwanted)

        def watch(job: Job) -> None:
            kept.job, kept.total = job, job.total
            begun.set_result(None)

        try:
            result, _ = await carried_out(request, order, photos, SECONDS, watch)
            if kept.unwanted.is_set():
                raise Cancelled
            if not self._make_room(kept, len(result.data)):
                size = f"{len(result.data) / 1e6:.0f} MB"
                raise Refusal(413, f"There is no room for the result: {size}. Send less at once.")
            kept.end("done", result=result, seconds=KEPT)
        except Exception as error:
            refusal = bare(refusal_of(error))
            if not begun.done():
                begun.set_result(refusal)
                return
            if kept.unwanted.is_set():
                kept.end("cancelled")
            else:
                kept.end("failed", why=refusal)
        self._seconds += _WEIGHT * (time.monotonic() - kept.begun - self._seconds)
        loop = asyncio.get_running_loop()
        loop.call_later(KEPT, kept.lose, f"It was kept for {KEPT / 60:g} minutes.")
        loop.call_later(KEPT + REMEMBERED, self._jobs.pop, kept.id, None)

    async def _tell(self, kept: KeptJob, hook: str) -> None:
        await kept.ended.wait()
        kept.webhook = "delivered" if await webhooks.deliver(hook, kept.told()) else "failed"

    def _make_room(self, kept: KeptJob, nbytes: int) -> bool:
        """Whether there is room for so many bytes of that job. One caller has half of it."""
        most = guard.TOGETHER * largest_body()
        others = [each for each in self._jobs.values() if each is not kept]
        own = [each for each in others if each.caller == kept.caller]
        ended = [each.id for each in others if each.outcome]
        for name in ended[: max(0, len(others) - RECORDS)]:
            self._jobs.pop(name).lose("Too many came after it.")  # a timer still holds it
        return _fit(own, nbytes, most // 2) and _fit(others, nbytes, most)

    def _until_one_ends(self) -> float:
        """Seconds, by what jobs took so far; one that takes longer than most may end soon."""
        now = time.monotonic()
        begun = [each.begun for each in self._jobs.values() if not each.outcome]
        return max(1.0, self._seconds - (now - min(begun, default=now)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """The server stops: what isn't done never will be."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._jobs.clear()


def _awaited(kept: KeptJob) -> bool:
    """Whether somebody is likely to ask for it soon."""
    if not kept.outcome or kept.webhook == "waiting":
        return True
    new = time.monotonic() - kept.ended_at < COLLECTED
    return new and kept.result is not None and not kept.fetched


def _fit(jobs: Sequence[KeptJob], nbytes: int, most: int) -> bool:
    """Whether so many bytes more fit: results leave for them, but nothing that isn't done."""
    held = Counter[str]()
    for each in jobs:
        held[each.caller] += each.nbytes
    waiting = sum(each.nbytes for each in jobs if not each.result)
    if waiting + nbytes > most:
        return False
    while held.total() + nbytes > most:
        with_result = {each.caller for each in jobs if each.result}
        largest = max(with_result, key=held.__getitem__)
        oldest = next(each for each in jobs if each.result and each.caller == largest)
        held[largest] -= oldest.nbytes
        oldest.lose("There wasn't room for all results. Fetch each as soon as it's done.")
    return True


@functools.cache
def shelf() -> Shelf:
    """The server's."""
    return Shelf()
