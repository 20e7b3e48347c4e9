"""The API's routes, for the server that has the page's too."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

import compositing
from models.running.settings import check
from serving import rembg, state
from serving.bodies import in_memory
from serving.errors import Shape, native
from serving.guard import BodyLimit, Guard
from serving.native.routes import api
from serving.removebg import routes as removebg

log = logging.getLogger(__name__)

_FREE = ("/v1/health", "/v1/ready")


def routes(base: str, needs_keys: bool = False) -> list[BaseRoute]:
    """base: the path below which the page is, such as "tools"; empty for the root. needs_keys:
    programs on this machine need keys too, as they do beside a page with a login."""
    state.needs_keys = needs_keys
    below = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        Route(f"{below}/api/remove", _guarded(rembg.app(), rembg.shape)),
        Mount(f"{below}/api", _guarded(api(), native, _FREE)),
        Mount(f"{below}/v1.0", _guarded(removebg.app(), removebg.shape)),
    ]


def _guarded(app: ASGIApp, shape: Shape, free: tuple[str, ...] = ()) -> ASGIApp:
    return Guard(BodyLimit(app, shape), shape, free)


def _get_ready() -> None:
    compositing.warm_up()
    state.ready.set()


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Settings are looked at. What composes pictures is compiled beside the first requests: on a
    machine's first run that takes a while, and the page is to open at once."""
    state.wrong[:] = check()
    for sentence in state.wrong:
        log.error(sentence)
    if not state.wrong:
        in_memory()
        threading.Thread(target=_get_ready, name="getting ready", daemon=True).start()
    try:
        yield {}
    finally:
        state.ready.clear()
