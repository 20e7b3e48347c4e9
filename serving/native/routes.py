"""The addresses of our own API, and its description for programs."""

import base64
import functools
import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models import catalog
from serving import probes
from serving.bodies import read_body
from serving.errors import Endpoint, answering, native, refusal_of
from serving.native.answers import answer, made
from serving.native.orders import BEHIND, PHOTO, VERBS, Verb, order_of
from serving.work import aside, cut_all, opened
from terminal.listing import as_json

_ENCODED = {PHOTO: "photo"}
_FILE = {"type": "string", "format": "binary"}
_TINY = base64.b64encode(b"a JPEG's bytes").decode()
_ERRORS = {
    400: "What was asked for can't be done as it is said",
    401: "A key is needed",
    413: "Too large",
    422: "The model must be told what the subject is",
    429: "The queue is full; Retry-After tells for how long",
    503: "The model can't be loaded",
    504: "It took too long",
}


def api() -> FastAPI:
    """To be mounted at /api."""
    app = FastAPI(
        title="Cutout Compare",
        version="1",
        description="Cut photos out, blur or replace what is behind the subject, compare models.",
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    for verb in VERBS:
        app.add_api_route(
            f"/v1/{verb.name}",
            _typed(answering(native, functools.partial(_carry_out, verb))),
            methods=["POST"],
            summary=verb.summary,
            operation_id=verb.name,
            response_class=Response,
            openapi_extra={"requestBody": _body(verb), "responses": _responses(verb)},
        )
    for path, summary, endpoint in (
        ("models", "The models there are, and what is known of each", _models),
        ("health", "Whether the server lives", probes.health),
        ("ready", "Whether it takes work: 503 until it does", probes.ready),
    ):
        app.add_api_route(
            f"/v1/{path}", _typed(answering(native, endpoint)), summary=summary, operation_id=path
        )

    async def otherwise(_: Request, error: Exception) -> Response:
        return native(refusal_of(error))

    app.add_exception_handler(HTTPException, otherwise)
    return app


def _typed(endpoint: Endpoint) -> Callable[..., Any]:
    """For FastAPI, which looks at a function's signature."""

    async def answer(request: Request) -> Response:
        return await endpoint(request)

    return answer


async def _carry_out(verb: Verb, request: Request) -> Response:
    body = await read_body(request, _ENCODED)
    order = await aside(order_of, verb, body)
    photos = await opened(request, order.files)
    outcomes, ahead = await cut_all(request, photos, order.asked)
    file = await aside(made, order, outcomes)
    return answer(request, order, outcomes, file, ahead)


async def _models(_: Request) -> Response:
    told = await aside(lambda: as_json(catalog.everything()))
    return Response(told, media_type="application/json")


def _body(verb: Verb) -> dict[str, Any]:
    """The form or the JSON that a verb takes."""
    words = {word.name: word.schema() for word in verb.words()}
    required = [PHOTO, *(word.name for word in verb.words() if word.required)]
    photos = {"type": "array", "items": _FILE, "description": "The photo, or several."}
    form = {PHOTO: photos, **words}
    coded = words | {PHOTO: {"type": "string", "format": "byte", "description": "As base64."}}
    example = {PHOTO: _TINY, **({BEHIND: "#ffffff"} if BEHIND in required else {})}
    example |= {"models": "grabcut,u2netp"} if verb.kind is None else {"model": "u2netp"}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": form, "required": required}
            },
            "application/json": {
                "schema": {"type": "object", "properties": coded, "required": required},
                "example": example,
            },
        },
    }


def _responses(verb: Verb) -> dict[str, Any]:
    kinds = ["application/zip"]
    if verb.kind:
        kinds = ["image/png", "image/jpeg", "image/webp", *kinds]
    content: dict[str, Any] = {kind: {"schema": _FILE} for kind in kinds}
    content["application/json"] = {
        "example": json.loads(
            '{"mime": "image/png", "file": "…base64…", "results": [{"photo": "cat.jpg",'
            ' "model": "u2netp", "seconds": {"network": 0.21}, "subject_found": true}]}'
        )
    }
    refused = {"application/json": {"example": {"error": {"code": "busy", "message": "…"}}}}
    errors = {
        str(status): {"description": why, "content": refused} for status, why in _ERRORS.items()
    }
    return {"200": {"description": "The picture, or a ZIP of several", "content": content}} | errors
