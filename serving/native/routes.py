"""The addresses of our own API, and its description for programs and for people."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models import catalog
from serving import probes
from serving.bodies import read_body
from serving.errors import Endpoint, answering, native, refusal_of
from serving.native import docs, job_routes
from serving.native.answers import answer
from serving.native.carrying import ENCODED, carried_out, order_in
from serving.native.description import of_events, of_job, of_new_job, of_result, of_verb
from serving.native.orders import VERBS, Verb
from serving.work import aside
from terminal.listing import as_json


class _Offer(NamedTuple):
    """What is done at an address, and what programs are told of it besides."""

    group: str
    method: str
    path: str
    name: str
    summary: str
    endpoint: Endpoint
    told: dict[str, Any] | None = None


def api() -> FastAPI:
    """To be mounted at /api."""
    app = FastAPI(
        title="Cutout Compare",
        version="1",
        description="Cut photos out, blur or replace what is behind the subject, compare models.",
        docs_url=None,  # its page would fetch scripts from elsewhere; ours is below
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    for offer in _offers():
        path, endpoint = f"/v1/{offer.path}", _typed(answering(native, offer.endpoint))
        app.add_api_route(
            path, endpoint, methods=[offer.method],
            summary=offer.summary, operation_id=offer.name, response_class=Response,
            openapi_extra=offer.told, tags=[offer.group],
        )  # fmt: skip
        if offer.method == "GET" and offer.endpoint is not job_routes.events:  # which may not end
            app.add_route(path, endpoint, methods=["HEAD"], include_in_schema=False)

    async def told(request: Request) -> Response:
        return await aside(docs.page, app, request)

    app.add_route("/v1/docs", answering(native, told))

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
    order, photos = await order_in(request, verb, await read_body(request, ENCODED))
    result, ahead = await carried_out(request, order, photos)
    return await aside(answer, request, result, ahead)


async def _models(_: Request) -> Response:
    told = await aside(lambda: as_json(catalog.everything()))
    return Response(told, media_type="application/json")


def _offers() -> list[_Offer]:
    verbs = [
        _Offer(
            "Pictures",
            "POST",
            verb.name,
            verb.name,
            verb.summary,
            partial(_carry_out, verb),
            of_verb(verb),
        )
        for verb in VERBS
    ]
    jobs, one = partial(_Offer, "Jobs"), "jobs/{name}"
    server = partial(_Offer, "The server", "GET")
    return [
        *verbs,
        jobs("POST", "jobs", "create_job", "Any verb's order, carried out after the answer",
             job_routes.create, of_new_job()),
        jobs("GET", one, "job", "How far a job is", job_routes.state, of_job(200, "Its state")),
        jobs("DELETE", one, "cancel_job", "End a job, and drop its result", job_routes.cancel,
             of_job(204, "It's ended")),
        jobs("GET", f"{one}/result", "job_result", "What a job made", job_routes.result,
             of_result()),
        jobs("GET", f"{one}/events", "job_events", "How far a job is, as server-sent events",
             job_routes.events, of_events()),
        server("models", "models", "The models there are, and what is known of each", _models),
        server("health", "health", "Whether the server lives", probes.health),
        server("ready", "ready", "Whether it takes work: 503 until it does", probes.ready),
    ]  # fmt: skip
