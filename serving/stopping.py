"""The server's end: told by SIGTERM, it finishes what runs, refuses what is new, and stops.

The web server alone would shut its door at once, and a load balancer's next request would meet
none. So it's told only when the work is done, or after CUTOUT_SHUTDOWN_SECONDS.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from models.running.lanes import shared_workers
from models.running.settings import SHUTDOWN_SECONDS
from serving import state, watching
from serving.native.jobs import shelf

log = logging.getLogger(__name__)

type Handler = Callable[[int, FrameType | None], object]

SEEN = 1.0
"""Seconds that the server answers 503 at the least, so that a load balancer's probe or a client
that comes just then hears it."""
LAST = 5.0
"""Seconds that connections have after that; a body of which only half comes would hold it up."""


@contextmanager
def finishing() -> Iterator[None]:
    """Inside, that is how SIGTERM is heeded; a second one ends all at once. Nothing changes where
    the web server doesn't heed it itself, as in tests."""
    ends = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(ends):
        yield
        return
    loop = asyncio.get_running_loop()
    end = _End(ends)
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(end.begin))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, ends)


class _End:
    def __init__(self, ends: Handler) -> None:
        self._ends = ends
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def begin(self) -> None:
        if self._task:
            self._hurry.set()
            return
        state.stopping = True
        state.ready.clear()
        shared_workers().close()
        self._task = asyncio.get_running_loop().create_task(self._finish())

    async def _finish(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        seconds = 0.0 if state.wrong else SHUTDOWN_SECONDS.value()  # it may be what is wrong
        log.warning("The server is about to stop: it finishes what runs, for %g s.", seconds)
        while not self._hurry.is_set() and loop.time() < begun + seconds:
            if _idle() and loop.time() >= begun + SEEN:
                break
            await asyncio.sleep(0.05)
        if not _idle():
            log.warning("What still runs is ended.")
        watching.cut_off()
        shared_workers().cancel()
        await asyncio.sleep(0.2)  # in which those who wait are told
        self._ends(signal.SIGTERM, None)
        await asyncio.sleep(LAST)
        self._ends(signal.SIGINT, None)  # to the web server: it's not to wait for connections


def _idle() -> bool:
    lanes = any(shared_workers().jobs().values())
    return not (watching.running() or lanes or shelf().busy())
