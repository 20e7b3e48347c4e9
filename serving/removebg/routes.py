"""The addresses that clients of remove.bg call: `/v1.0/removebg` and `/v1.0/account`.

What only tunes and can't be done here is named in `X-Ignored`; what would make another picture than
the client wants is refused. Without `size` the picture keeps the photo's.
"""

import base64
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from models.interface import Prompt
from models.running.default import default_model
from serving.accepting import wants_json
from serving.bodies import ignored, noted, read_body
from serving.errors import Refusal, answering, refusal_of
from serving.fetching import fetched
from serving.removebg.pictures import Made, made
from serving.removebg.wish import ENCODED, FETCHED, check_sources, source_of, wish_of
from serving.work import aside, one_cut, opened
from terminal.request import Request as Asked

_CODES = {400: "invalid_parameters", 403: "auth_failed", 413: "file_too_large",
          429: "rate_limit_exceeded"}  # fmt: skip
NOBODY = "Could not identify foreground in image. Say where it is, by roi."


def shape(refusal: Refusal) -> Response:
    """{"errors": [{"title", "code"}]}; a missing key is 403, as a wrong one, and what is off here
    is one wrong parameter more."""
    status = {401: 403, 501: 400}.get(refusal.status, refusal.status)
    code = _CODES.get(status, refusal.code)
    if refusal.sentence == NOBODY:
        code = "unknown_foreground"
    told = {"errors": [{"title": refusal.sentence, "code": code}]}
    return JSONResponse(told, status, refusal.headers)


def app() -> ASGIApp:
    async def otherwise(_: Request, error: Exception) -> Response:
        return shape(refusal_of(error))

    return Starlette(
        routes=[
            Route("/removebg", answering(shape, _removebg), methods=["POST"]),
            Route("/account", answering(shape, _account), methods=["GET"]),
        ],
        exception_handlers={HTTPException: otherwise},
    )


async def _removebg(request: Request) -> Response:
    body = await read_body(request, ENCODED)
    check_sources(body)
    await fetched(request, body, FETCHED)
    (photo,) = await opened(request, [source_of(body)])
    wish = await aside(wish_of, body, photo)
    prompt = Prompt(boxes=(wish.roi,)) if wish.roi else Prompt()
    spec, note = await aside(default_model)
    cut = await one_cut(request, photo, Asked((spec,), prompt, "auto"))
    picture: Made | None = await aside(made, cut, wish)
    if picture is None:
        raise Refusal(400, NOBODY)
    told = {"X-Model": spec.name, **noted([note, *cut.notes]), **ignored(wish.ignored)}
    return await aside(_answer, request, picture, told)


def _answer(request: Request, picture: Made, told: Mapping[str, str]) -> Response:
    place = picture.place
    headers = {
        "X-Credits-Charged": "0",
        "X-Type": "other",
        "X-Width": str(picture.width),
        "X-Height": str(picture.height),
        "X-Foreground-Top": str(place.top),
        "X-Foreground-Left": str(place.left),
        "X-Foreground-Width": str(place.width),
        "X-Foreground-Height": str(place.height),
        **told,
    }
    if not wants_json(request):
        return Response(picture.data, media_type=picture.mime, headers=headers)
    data = {
        "result_b64": base64.b64encode(picture.data).decode(),
        "foreground_top": place.top,
        "foreground_left": place.left,
        "foreground_width": place.width,
        "foreground_height": place.height,
    }
    return JSONResponse({"data": data}, headers=headers)


async def _account(_: Request) -> Response:
    """Nothing is charged here. Clients ask whether there is credit left."""
    left = dict.fromkeys(("total", "subscription", "payg", "enterprise"), 0)
    api = {"free_calls": 1_000_000, "sizes": "all"}
    return JSONResponse({"data": {"attributes": {"credits": left, "api": api}}})
