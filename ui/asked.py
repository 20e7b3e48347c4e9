"""Where tabs ask how their jobs go, past the page's script.

A run of the script, which the browser then draws, takes a tenth of a second of a core; this answer
takes a thousandth. A crowd that waits asks all the time.
"""

import asyncio
import logging
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ui.components.assets import beside_page
from ui.visits import with_token

HELD = 0.6
"""Seconds that a question waits for news."""
LOOK = 0.03
"""Seconds between two looks for it."""
DIGITS = 9
"""Of the number of a drawing, at most."""


def address() -> str:
    """Where tabs ask: beside the page, below the path that the server is told."""
    return beside_page("/job")


def route() -> Route:
    """GET, with the header Visit: a tab's token. 404 for one that isn't known."""
    return Route(address(), _answer)


def keep_out_of_log() -> None:
    """Each tab that waits asks twice a second: uvicorn's lines of requests leave that out."""
    logging.getLogger("uvicorn.access").addFilter(_written)


def _written(record: logging.LogRecord) -> bool:
    """Whether uvicorn writes this line, of which the request's path is a part."""
    parts = record.args if isinstance(record.args, tuple) else ()
    paths = (part.partition("?")[0] for part in parts if isinstance(part, str))
    return not any(path.endswith(address()) for path in paths)


async def _answer(request: Request) -> Response:
    """At once if there is news for the page; else after a while, of how far the job is by then."""
    visit = with_token(request.headers.get("visit", ""))
    watch, drawn = visit.watch if visit else None, request.query_params.get("drawn", "")
    if watch is None or not drawn.isdecimal() or len(drawn) > DIGITS:
        return Response(status_code=404)
    last = time.monotonic() + HELD
    while not watch.news(int(drawn)) and time.monotonic() < last:
        await asyncio.sleep(LOOK)
    return JSONResponse(watch.tell(int(drawn)), headers={"Cache-Control": "no-store"})
