"""Each request to the API, as whoever runs the server sees it: counted, timed and written down.

What was asked for is told by the route's pattern alone: names of photos, addresses' queries and
whatever else came from outside stay out of it.
"""

import asyncio
import json
import logging
import re
import sys
import time
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.running.settings import ACCESS_LOG, WrongSetting
from serving import metrics, state
from serving.errors import CODES, Refusal, Shape, note

log = logging.getLogger("cutout.access")

RETRY = "60"
"""Seconds after which another server, or this one again, is likely to be there."""
GONE = 499

_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_running: set[asyncio.Task[Any]] = set()


class Watched:
    """dialect: whose requests these are. free: paths that say how the server is; they aren't
    written down. working: methods that ask for work, and are refused while the server stops; what
    was begun can still be asked for."""

    def __init__(
        self,
        app: ASGIApp,
        dialect: str,
        shape: Shape,
        free: Collection[str] = (),
        working: Collection[str] = ("POST",),
    ) -> None:
        self._app, self._dialect, self._shape = app, dialect, shape
        self._free, self._working = free, working

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _own_path(scope) in self._free:
            return await self._app(scope, receive, send)
        record = _Record(scope, receive, send, self._dialect)
        task = asyncio.current_task()
        assert task
        try:
            if state.stopping and scope["method"] in self._working:
                await self._refuse(record, "Send this again in a minute")
                return None
            _running.add(task)
            await self._app(scope, record.receive, record.send)
        except asyncio.CancelledError:
            if task not in _running or not state.cut_off or record.status:
                raise
            await self._refuse(record, "This took too long for that: send it again in a minute")
        finally:
            _running.discard(task)
            record.close()

    async def _refuse(self, record: "_Record", advice: str) -> None:
        headers = {"Retry-After": RETRY, "Connection": "close"}
        told = f"The server is about to stop. {advice}."
        refusal = note(record.scope, Refusal(503, told, headers, reason="stopping"))
        await self._shape(refusal)(record.scope, record.receive, record.send)


class _Record:
    """What is known of a request, from its first byte to the last of its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, dialect: str) -> None:
        self.scope, self._receive, self._send, self._dialect = scope, receive, send, dialect
        self.status = self._come = self._gone = 0
        self._listens = False
        self._begun = time.perf_counter()
        sent = Headers(scope=scope).get("x-request-id", "")
        self._id = sent if _ID.fullmatch(sent) else uuid.uuid4().hex[:16]
        scope["record"] = {}

    async def receive(self) -> Message:
        message = await self._receive()
        self._come += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._id
            self._listens = headers.get("content-type", "").startswith("text/event-stream")
        self._gone += len(message.get("body", b""))
        await self._send(message)

    def close(self) -> None:
        status = self.status or GONE
        seconds = time.perf_counter() - self._begun
        refused = self.scope["record"].get("refused", "")
        if status >= 400 and not refused:
            refused = CODES.get(status, "refused")
        # Who listens to a job stays as long as that takes, which tells nothing of the server.
        metrics.request_ended(self._dialect, status, None if self._listens else seconds, refused)
        if not log.isEnabledFor(logging.INFO):
            return
        caller = self.scope.get("caller", "")
        told = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": self._id,
            "dialect": self._dialect,
            "method": self.scope["method"],
            "route": _pattern(self.scope),
            "status": status,
            "refused": refused or None,
            "bytes_in": self._come,
            "bytes_out": self._gone,
            "seconds": round(seconds, 4),
            "key": caller.removeprefix("key ") if caller.startswith("key ") else None,
        }
        log.info(json.dumps(told))


def _own_path(scope: Scope) -> str:
    """As the part of the API calls it."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _pattern(scope: Scope) -> str | None:
    """The route as it's written in the program; None if there is none for this address."""
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return None
    return f"{scope.get('root_path', '')}{route.path}"


def running() -> int:
    """How many requests there are for which work is done or a body is read."""
    return len(_running)


def cut_off() -> None:
    """End them; those that haven't got an answer yet are told so."""
    state.cut_off = True
    for task in tuple(_running):
        task.cancel()


def write_down() -> None:
    """From now on, if CUTOUT_ACCESS_LOG asks for it; and what the web server itself writes down of
    requests, uvicorn's own lines, has no queries any more: they may hold pictures' addresses."""
    logging.getLogger("uvicorn.access").addFilter(_without_queries)
    try:
        wanted = ACCESS_LOG.value()
    except WrongSetting:  # which is told elsewhere, and nothing runs
        wanted = False
    log.setLevel(logging.INFO if wanted else logging.CRITICAL)
    log.propagate = False
    if wanted and not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)


def _without_queries(record: logging.LogRecord) -> bool:
    """Take the queries out of uvicorn's line, which is written."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            each.partition("?")[0] if isinstance(each, str) and "?" in each else each
            for each in record.args
        )
    return True
