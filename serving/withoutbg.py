"""The addresses that clients of withoutBG's own server call: `/v1/remove-background` and those that
tell how it is.

A POST brings the picture as the body, as the form's `image`, or in JSON. What only tunes and can't
be done here is named in `X-Ignored`.
"""

import asyncio
import base64
import time
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from compositing.background import Transparent
from models.interface import Prompt
from models.running.default import default_model
from photos.cut import Cut
from photos.look import Look
from photos.program import program
from photos.rendering import Kind
from serving import state
from serving.accepting import JSON
from serving.bodies import Body, File, ignored, kind_of, noted, read_body
from serving.errors import Refusal, answering, refusal_of
from serving.pixels import png_file
from serving.work import aside, one_cut, opened
from terminal.request import Request as Asked

_KINDS: Mapping[str, Kind] = {"cutout": "composite", "processed": "composite", "matte": "matte"}
_STROKES = ("keep_mask", "remove_mask", "matte")
"""They change an earlier cutout: without that the picture would be another."""
_PICTURE = "image"


def shape(refusal: Refusal) -> Response:
    """{"error": sentence}, and the same as "detail", where clients that send JSON look."""
    told = dict.fromkeys(("error", "detail"), refusal.sentence)
    return JSONResponse(told, refusal.status, refusal.headers)


def app() -> ASGIApp:
    """To be mounted at /v1."""

    async def otherwise(_: Request, error: Exception) -> Response:
        return shape(refusal_of(error))

    return Starlette(
        routes=[
            Route("/remove-background", answering(shape, _remove), methods=["POST"]),
            Route("/licenses", answering(shape, _licences), methods=["GET"]),
        ],
        exception_handlers={HTTPException: otherwise},
    )


def signs(below: str) -> list[BaseRoute]:
    """Whether it lives and takes work: for anybody to ask."""
    return [
        Route(f"{below}/health", answering(shape, _health)),
        Route(f"{below}/ready", answering(shape, _ready)),
    ]


async def _remove(request: Request) -> Response:
    start = time.monotonic()
    if not state.takes_work():
        raise Refusal(503, "The server gets ready. Ask again in a moment.", {"Retry-After": "2"})
    body = await _body(request)
    output = body.word("output") or "cutout"
    if output not in _KINDS:
        raise Refusal(400, f"output should be one of {', '.join(_KINDS)}; not “{output}”.")
    cut, note = await _cut(request, body)
    look = Look(Transparent())
    in_json = kind_of(request) == JSON
    kinds: list[Kind] = ["composite", "matte"] if in_json else [_KINDS[output]]
    files = [await aside(png_file, cut, look, kind) for kind in kinds]
    spent = round((time.monotonic() - start) * 1000)
    headers = {
        "X-Latency-Ms": str(spent),
        "X-Model": cut.spec.name,
        **noted([note, *cut.notes]),
        **ignored(name for name in [*body.words, *body.files] if name not in ("output", _PICTURE)),
    }
    if in_json:
        return await aside(_in_json, *files, spent, headers)
    return Response(files[0], media_type="image/png", headers=headers)


def _in_json(cutout: bytes, matte: bytes, spent: int, headers: Mapping[str, str]) -> Response:
    processed, alpha = (
        f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in (cutout, matte)
    )
    told = {"processed": processed, "alphaMatte": alpha, "latencyMs": spent}
    return JSONResponse(told, headers=headers)


async def _body(request: Request) -> Body:
    """Whatever is neither a form with parts nor JSON is the picture: some clients name no kind, or
    a wrong one. Raises Refusal."""
    if kind_of(request) in ("multipart/form-data", JSON):
        body = await read_body(request, {_PICTURE: "photo"})
    else:
        told = request.query_params
        body = Body({name: told.getlist(name) for name in told})
        body.files[_PICTURE] = [File("photo", await request.body())]
    for name in _STROKES:
        if name in body.words or name in body.files:
            raise Refusal(501, f"{name} can't be heeded here. Leave it out.")
    return body


async def _cut(request: Request, body: Body) -> tuple[Cut, str]:
    """And what is to be known of the model's choice; mostly empty."""
    file = body.file(_PICTURE)
    if file is None:
        raise Refusal(400, f"Send a picture as the body, or as “{_PICTURE}” in a form or JSON.")
    (photo,) = await opened(request, [file])
    spec, note = await aside(default_model)
    return await one_cut(request, photo, Asked((spec,), Prompt(), "auto")), note


async def _health(_: Request) -> Response:
    spec = (await asyncio.to_thread(default_model)).spec  # not behind files that are written
    told = {"status": "ok", "model": spec.name, "version": program().rpartition(" ")[2]}
    return JSONResponse(told)


async def _ready(_: Request) -> Response:
    ready = state.takes_work()
    return JSONResponse({"status": "ready" if ready else "not_ready"}, 200 if ready else 503)


async def _licences(_: Request) -> Response:
    """Of the model that cuts out here."""
    spec = (await aside(default_model)).spec
    model = {"name": spec.label, "license": spec.licence, "url": spec.page}
    return JSONResponse({"model": model})
