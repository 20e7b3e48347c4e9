"""What can go wrong with a request, as a status and a sentence."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope
from typer import BadParameter

from models.interface import (
    Cancelled,
    DeviceMissing,
    LoadFailed,
    ModelError,
    OutOfMemory,
    PromptMissing,
)
from models.running.failures import out_of_memory, outward
from models.running.lanes import Full
from models.running.settings import WrongSetting
from photos.photo import PhotoError

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "key_missing",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "not_done",
    410: "gone",
    413: "too_large",
    422: "not_possible",
    429: "busy",
    499: "client_gone",
    500: "failed",
    501: "not_offered",
    503: "unavailable",
    504: "took_too_long",
}
_LONGEST_WAIT = 3600
_MEMORY_WAIT = "30"
"""Seconds after which what else took the memory may be done."""


class Refusal(Exception):
    """A request that gets no picture. sentence: what is wrong and what to do, for the caller.
    reason: a word for whoever runs this, where the status alone doesn't say it."""

    def __init__(
        self,
        status: int,
        sentence: str,
        headers: Mapping[str, str] | None = None,
        *,
        reason: str = "",
    ) -> None:
        super().__init__(sentence)
        self.status, self.headers, self.reason = status, dict(headers or {}), reason
        self.sentence = sentence.encode(errors="replace").decode()  # JSON may bring half a letter

    @property
    def code(self) -> str:
        """A word for programs."""
        return CODES.get(self.status, "refused")


type Shape = Callable[[Refusal], Response]
"""How a dialect tells of a refusal."""
type Endpoint = Callable[[Request], Awaitable[Response]]


def native(refusal: Refusal) -> Response:
    """{"error": {"code", "message"}}"""
    told = {"error": {"code": refusal.code, "message": refusal.sentence}}
    return JSONResponse(told, refusal.status, refusal.headers)


def answering(shape: Shape, endpoint: Endpoint) -> Endpoint:
    """The endpoint, whose errors all become answers of that shape; no traceback leaves."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:
            return shape(note(request.scope, refusal_of(error)))

    return answer


def note(scope: Scope, refusal: Refusal) -> Refusal:
    """The same, once the request's record knows why it was refused."""
    scope.get("record", {})["refused"] = refusal.reason or refusal.code
    return refusal


def refusal_of(error: Exception) -> Refusal:
    """What to answer. What nobody foresaw goes to the log in full, and out as a plain sentence."""
    match error:
        case Refusal():
            return error
        case BadParameter():
            return Refusal(400, in_our_words(error.message))
        case PhotoError():
            return Refusal(400, str(error))
        case Full():
            seconds = min(max(1, math.ceil(error.seconds)), _LONGEST_WAIT)
            return Refusal(429, str(error), {"Retry-After": str(seconds)}, reason="queue_full")
        case DeviceMissing():
            return Refusal(400, str(error))
        case PromptMissing():
            return Refusal(422, str(error))
        case LoadFailed():
            return Refusal(503, outward(error))
        case OutOfMemory():
            return _no_memory(outward(error))
        case ModelError():
            return Refusal(500, outward(error))
        case Cancelled() | ClientDisconnect():
            return Refusal(499, "The work was stopped.")
        case WrongSetting():
            return Refusal(503, str(error))
        case HTTPException():
            return Refusal(error.status_code, f"{error.detail}", error.headers)
    if out_of_memory(error):
        log.error("There was not enough memory for a request", exc_info=error)
        return _no_memory("There is not enough memory here for that. Send fewer or smaller photos.")
    log.error("A request failed", exc_info=error)
    return Refusal(500, "Something went wrong that nobody foresaw. The server's log says where.")


def _no_memory(sentence: str) -> Refusal:
    return Refusal(503, sentence, {"Retry-After": _MEMORY_WAIT}, reason="out_of_memory")


def in_our_words(sentence: str) -> str:
    """A sentence of the command line's, with the API's names: --light-match is light_match."""
    sentence = sentence.replace("`cli.py models`", "GET /api/v1/models")
    sentence = re.sub(r"`cli\.py models [^`]*`", "GET /api/v1/models", sentence)
    return re.sub(r"--([a-z][a-z-]*)", lambda option: option[1].replace("-", "_"), sentence)
