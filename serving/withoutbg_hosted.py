"""The addresses that clients of withoutBG's hosted API call, its own Python SDK among them: four
below `/v1.0`, and `/available-credit`.

A matte or a cutout, as a PNG for a form's `file`, or as base64 for JSON's `image_base64`. Other
words aren't heeded, and are named in `X-Ignored`.
"""

import base64
from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp

from compositing.background import Transparent
from models.interface import Prompt
from models.running.default import default_model
from photos.look import Look
from photos.rendering import Kind
from serving import withoutbg
from serving.bodies import ignored, noted, read_body
from serving.errors import Endpoint, Refusal, answering
from serving.pixels import png_file
from serving.work import aside, one_cut, opened
from terminal.request import Request as Asked

CREDIT = "/available-credit"
_FILE, _CODED = "file", "image_base64"


class _Address(NamedTuple):
    """coded: what the picture is called in JSON; empty: the answer is the picture itself."""

    kind: Kind
    coded: str = ""


ADDRESSES: Mapping[str, _Address] = {
    "/v1.0/image-without-background": _Address("composite"),
    "/v1.0/image-without-background-base64": _Address("composite", "img_without_background_base64"),
    "/v1.0/alpha-channel": _Address("matte"),
    "/v1.0/alpha-channel-base64": _Address("matte", "alpha_base64"),
}


def shape(refusal: Refusal) -> Response:
    """As withoutBG's own server tells it. A key that isn't known is 401 here: to clients of the
    hosted API 403 says that their credits have expired."""
    answer = withoutbg.shape(refusal)
    if refusal.status == 403:
        answer.status_code = 401
    return answer


def app(address: str) -> ASGIApp:
    """address: one of ADDRESSES, or CREDIT."""
    there = ADDRESSES.get(address)
    endpoint = _remover(there) if there else _credit
    return request_response(answering(shape, endpoint))


def _remover(there: _Address) -> Endpoint:
    async def remove(request: Request) -> Response:
        if request.method != "POST":
            raise Refusal(405, "POST a picture here.", {"Allow": "POST"})
        body = await read_body(request, {_CODED: "photo"})
        file = body.file(_FILE, _CODED)
        if file is None:
            raise Refusal(
                400, f"Send a picture as “{_FILE}” in a form, or as “{_CODED}” in JSON, as base64."
            )
        (photo,) = await opened(request, [file])
        spec, note = await aside(default_model)
        cut = await one_cut(request, photo, Asked((spec,), Prompt(), "auto"))
        png = await aside(png_file, cut, Look(Transparent()), there.kind)
        others = [name for name in [*body.words, *body.files] if name not in (_FILE, _CODED)]
        headers = {"X-Model": spec.name, **noted([note, *cut.notes]), **ignored(others)}
        if there.coded:
            return await aside(_in_json, there.coded, png, headers)
        return Response(png, media_type="image/png", headers=headers)

    return remove


def _in_json(name: str, png: bytes, headers: Mapping[str, str]) -> Response:
    return JSONResponse({name: base64.b64encode(png).decode()}, headers=headers)


async def _credit(request: Request) -> Response:
    """Nothing is charged here. Clients ask whether there is credit left."""
    if request.method not in ("GET", "HEAD"):
        raise Refusal(405, "GET tells the credit.", {"Allow": "GET, HEAD"})
    return JSONResponse({"credit": 1_000_000, "expiration_date": "9999-12-31 23:59:59"})
