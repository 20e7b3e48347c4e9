"""Requests that are answered before their body has come, as those are whose key isn't known.

An HTTP server that then keeps the connection waits for the rest of the body without end (uvicorn
stops its clock for idle connections as soon as a byte of it comes), and so does a program that
waits for the connection to close. One that closes at once makes the rest arrive at a closed door:
the reset throws away the answer that the client has not read yet (RFC 9112, section 9.6). So such
an answer says that the connection closes; it closes when the body is in, or after a while.
"""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUIET = 5.0
"""Seconds that the next piece of a body may take that nobody wants."""
LONGEST = 30.0
"""Seconds for all of it."""


class Lingering:
    """Pure ASGI, around the whole server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if not _has_body(headers):
            await self._app(scope, receive, send)
            return
        asked = whole = early = ended = False

        async def heard() -> Message:
            nonlocal asked, whole
            asked = True
            message = await receive()
            whole = not message.get("more_body", False)  # or the client is gone
            return message

        async def told(message: Message) -> None:
            nonlocal early, ended
            if message["type"] == "http.response.start" and not whole:
                early = True
                message.setdefault("headers", [])
                MutableHeaders(scope=message)["Connection"] = "close"
            elif early and message["type"] == "http.response.body" and not message.get("more_body"):
                ended = True
                message = {**message, "more_body": True}
            await send(message)

        await self._app(scope, heard, told)
        if not ended:
            return
        # Who waits for "100 Continue" to send a body has got an answer instead, and sends none.
        waits = not asked and headers.get("expect", "").lower() == "100-continue"
        if not whole and not waits:
            await _drop(heard)
        await send({"type": "http.response.body"})


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def _drop(receive: Receive) -> None:
    """What still comes of a body, until it is whole."""
    try:
        async with asyncio.timeout(LONGEST):
            more = True
            while more:
                async with asyncio.timeout(QUIET):
                    more = (await receive()).get("more_body", False)
    except TimeoutError:
        pass
