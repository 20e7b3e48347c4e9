"""What tells a supervisor or a load balancer how the server is: /healthz and /readyz; and what the
server does before it says that it's ready."""

import logging
import threading

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import compositing
from models import catalog
from models.interface import Cancelled, ModelError
from models.running.devices import cards, one_name, turn_on
from models.running.failures import outward
from models.running.pool import shared_pool
from models.running.settings import PRELOAD
from serving import state

log = logging.getLogger(__name__)

AGAIN = 30.0
"""Seconds after which a model that could not be loaded is tried again."""


async def health(_: Request) -> Response:
    """Whether the server lives."""
    return JSONResponse({"status": "ok"})


async def ready(_: Request) -> Response:
    """Whether it takes work: 503 until it does, and once it's about to stop."""
    return JSONResponse(state.told(), 200 if state.takes_work() else 503)


class Preparation:
    """On a thread of its own: on a machine's first run compiling takes a while, and the page is to
    open at once."""

    def __init__(self) -> None:
        self._over = threading.Event()
        threading.Thread(target=self._prepare, name="getting ready", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _prepare(self) -> None:
        devices = [one_name(name) for name in cards()] or ["auto"]
        compositing.warm_up()
        state.missing.update(dict.fromkeys(PRELOAD.value(), "It is being loaded."))
        while state.missing and not self._over.is_set():
            for name in tuple(state.missing):
                self._load(name, devices)
            if state.missing:
                self._over.wait(AGAIN)
        if not self._over.is_set():
            state.ready.set()

    def _load(self, name: str, devices: list[str]) -> None:
        """On each card that it can run on, as any of them may get the next photo."""
        spec = catalog.find(name, catalog.everything())
        try:
            for device in devices:
                with turn_on(device):
                    shared_pool().prepare(spec, check=self._check)
        except ModelError as error:
            state.missing[name] = outward(error)
            log.error("CUTOUT_PRELOAD names %s. %s It's tried again soon.", name, error)
        except Cancelled:
            pass
        else:
            state.missing.pop(name, None)

    def _check(self) -> None:
        if self._over.is_set():
            raise Cancelled
