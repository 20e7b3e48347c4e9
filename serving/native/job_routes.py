"""The addresses of jobs: an order is taken, and what comes of it is fetched later."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from serving.bodies import Body, read_body
from serving.errors import Refusal
from serving.guard import has_key
from serving.native import webhooks
from serving.native.answers import answer
from serving.native.carrying import ENCODED, order_in
from serving.native.jobs import shelf
from serving.native.kept import KeptJob, bare
from serving.native.orders import VERBS, Verb
from serving.work import aside

TICK = 0.3
"""Seconds between two looks at a job that somebody listens to."""
QUIET = 15.0
"""Seconds after which a line keeps the connection open."""
LISTENERS = 8
"""How many may listen to one job at once."""

_LAST = "end"


async def create(request: Request) -> Response:
    body = await read_body(request, ENCODED)
    verb, hook = _verb(body), webhooks.hook_of(body)
    order, photos = await order_in(request, verb, body)
    kept = KeptJob(verb.name, _owner(request), str(request.scope["caller"]))
    request.scope["arrival"].over()  # the job has its place from here on, not the request
    await shelf().take(kept, order, photos, hook)
    told = _told(request, kept)
    return JSONResponse(told, 202, {"Location": told["url"], "Cache-Control": "no-store"})


async def state(request: Request) -> Response:
    return JSONResponse(_told(request, _found(request)), headers={"Cache-Control": "no-store"})


async def cancel(request: Request) -> Response:
    kept = _found(request)
    kept.unwanted.set()
    kept.lose("It was deleted.")
    return Response(status_code=204)


async def result(request: Request) -> Response:
    kept = _found(request)
    if kept.result:
        kept.fetched = True
        return await aside(answer, request, kept.result)
    if kept.refusal:
        raise bare(kept.refusal)
    if kept.outcome:
        raise Refusal(410, f"There is no result any more. {kept.lost or 'The job was cancelled.'}")
    raise Refusal(
        409, f"The job isn't done yet: it is {kept.state}. Ask again, or listen to its events."
    )


async def events(request: Request) -> Response:
    """As browsers' EventSource reads them: it connects again by itself, and is told by 204 that
    there is nothing more."""
    kept = _found(request)
    if request.headers.get("last-event-id") == _LAST:
        return Response(status_code=204)
    if kept.listeners >= LISTENERS:
        raise Refusal(429, "Too many listen to this job.", {"Retry-After": str(round(QUIET))})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _stream(request, kept), headers=headers, media_type="text/event-stream"
    )


async def _stream(request: Request, kept: KeptJob) -> AsyncIterator[str]:
    before: dict[str, Any] = {}
    last = time.monotonic()
    kept.listeners += 1
    try:
        while True:
            told, over = _told(request, kept), kept.ended.is_set()
            if told != before:
                before, last = told, time.monotonic()
                name = f"id: {_LAST}\n" if over else ""
                yield f"event: state\n{name}data: {json.dumps(told)}\n\n"
            if over:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(kept.ended.wait(), TICK)
            if time.monotonic() - last >= QUIET:
                last = time.monotonic()
                yield ": still here\n\n"
    finally:
        kept.listeners -= 1


def _verb(body: Body) -> Verb:
    name = body.word("verb")
    body.words.pop("verb", None)
    for verb in VERBS:
        if verb.name == name:
            return verb
    names = ", ".join(verb.name for verb in VERBS)
    told = (
        f"“verb” should be one of {names}; not “{name}”."
        if name
        else f"“verb” is missing: {names}."
    )
    raise Refusal(400, told)


def _owner(request: Request) -> str:
    """Who has no key is known by the job's id alone: addresses change."""
    return str(request.scope["caller"]) if has_key(request) else ""


def _found(request: Request) -> KeptJob:
    return shelf().find(request.path_params["name"], _owner(request))


def _told(request: Request, kept: KeptJob) -> dict[str, Any]:
    return kept.told() | {"url": f"{request.scope.get('root_path', '')}/v1/jobs/{kept.id}"}
