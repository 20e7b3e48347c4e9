"""The API's routes, for the server that has the page's too."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from models.running.settings import check
from serving import metrics, probes, rembg, state, watching, withoutbg, withoutbg_hosted
from serving.bodies import in_memory
from serving.errors import Shape, native
from serving.guard import BodyLimit, Guard
from serving.native.jobs import shelf
from serving.native.routes import api
from serving.removebg import routes as removebg
from serving.stopping import finishing
from serving.watching import Watched

log = logging.getLogger(__name__)

_FREE = ("/v1/health", "/v1/ready")


def routes(base: str, needs_keys: bool = False) -> list[BaseRoute]:
    """base: the path below which the page is, such as "tools"; empty for the root. needs_keys:
    programs on this machine need keys too, as they do beside a page with a login."""
    state.needs_keys = needs_keys
    below = f"/{base.strip('/')}" if base.strip("/") else ""
    by_address = ("GET", "POST")  # a GET asks for work, too
    return [
        Route(f"{below}/healthz", probes.health),
        Route(f"{below}/readyz", probes.ready),
        Route(f"{below}/metrics", Guard(metrics.app(native), native)),
        Route(
            f"{below}/api/remove", _guarded(rembg.app(), "rembg", rembg.shape, working=by_address)
        ),
        Mount(f"{below}/api", _guarded(api(), "native", native, _FREE)),
        *_hosted(below),  # some of them are below the next one's address
        Mount(f"{below}/v1.0", _guarded(removebg.app(), "removebg", removebg.shape)),
        Mount(f"{below}/v1", _guarded(withoutbg.app(), "withoutbg", withoutbg.shape)),
        *withoutbg.signs(below),
    ]


def _hosted(below: str) -> list[BaseRoute]:
    shape = withoutbg_hosted.shape
    return [
        Route(f"{below}{path}", _guarded(withoutbg_hosted.app(path), "withoutbg", shape))
        for path in (*withoutbg_hosted.ADDRESSES, withoutbg_hosted.CREDIT)
    ]


def _guarded(
    app: ASGIApp,
    dialect: str,
    shape: Shape,
    free: Collection[str] = (),
    working: Collection[str] = ("POST",),
) -> ASGIApp:
    guarded = Guard(BodyLimit(app, shape), shape, free, working)
    return Watched(guarded, dialect, shape, free, working)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Settings are looked at; while one is wrong, nothing runs."""
    state.wrong[:] = check()
    state.missing.clear()
    state.short.clear()
    state.stopping = state.cut_off = False
    watching.write_down()
    for sentence in state.wrong:
        log.error(sentence)
    preparation = None
    if not state.wrong:
        in_memory()
        metrics.begin()
        preparation = probes.Preparation()
    try:
        with finishing():
            yield {}
    finally:
        if preparation:
            preparation.stop()
        state.ready.clear()
        await shelf().close()
