"""The address that clients of rembg's server call: `/api/remove`.

A POST brings `file` or `url`, a GET `url`; options may be in the form or in the address. The answer
is always a PNG. What only tunes and can't be done here is named in `X-Ignored`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp

from compositing.alpha import Edges
from compositing.background import Colour, Transparent
from models.catalog import ModelSpec, cutters
from models.interface import Box, Point, Prompt
from models.running.default import default_model
from photos.look import Look
from photos.rendering import Kind
from serving.bodies import Body, File, ignored, noted, read_body
from serving.errors import Refusal, answering
from serving.fetching import fetched
from serving.pixels import png_file
from serving.words import SWITCH
from serving.work import aside, one_cut, opened
from terminal.parsing import find_models
from terminal.request import Request as Asked

MODELS: Mapping[str, str] = {
    "birefnet-general": "birefnet",
    "birefnet-general-lite": "birefnet-lite",
    "birefnet-general-fp16": "birefnet",
    "bria-rmbg": "rmbg-2.0",
    "isnet-general-use": "isnet-general",
    "sam": "sam2.1-tiny",
    "u2net_human_seg": "u2net-human",
}
"""Their names for models that have another here. The others are called alike."""

_KNOWN = ("url", "file", "model", "a", "af", "ab", "ae", "om", "ppm", "dc", "vm", "bgc", "extras")
_LABELS = {1: True, 0: False}
_SWITCH = SWITCH | {"t": True, "y": True, "f": False, "n": False, "": False}


def shape(refusal: Refusal) -> Response:
    """{"detail": sentence}"""
    return JSONResponse({"detail": refusal.sentence}, refusal.status, refusal.headers)


def app() -> ASGIApp:
    return request_response(answering(shape, _remove))


async def _remove(request: Request) -> Response:
    if request.method not in ("GET", "POST"):
        raise Refusal(405, "POST a picture as “file”.", {"Allow": "GET, POST"})
    body = await read_body(request)
    await fetched(request, body, {"url": "file"})
    file = _file(body)
    asked, look, kind, note = await aside(_asked, body)
    unheard = [name for name in body.words if name not in _KNOWN or name in ("af", "ab", "ae")]
    (photo,) = await opened(request, [file])
    cut = await one_cut(request, photo, asked)
    png = await aside(png_file, cut, look, kind)
    headers = {
        "X-Model": cut.spec.name,
        "Access-Control-Expose-Headers": "X-Model, X-Notes, X-Ignored",
        **noted([note, *cut.notes]),
        **ignored(unheard),
    }
    return Response(png, media_type="image/png", headers=headers)


def _file(body: Body) -> File:
    file = body.file("file", "photo")
    if file is None:
        raise Refusal(422, "Send a picture as a file called “file”, or its address as “url”.")
    return file


def _asked(body: Body) -> tuple[Asked, Look, Kind, str]:
    """Lastly, what is to be known of the model's choice; mostly empty."""
    extras, note = _extras(body.word("extras")), ""
    if _on(body, "vm"):
        spec = _spec("vitmatte-small")
    elif name := body.word("model"):
        spec = _spec(name)
    else:
        spec, note = default_model()
    prompt = _prompt(extras, spec)
    look = Look(_background(body.word("bgc")))
    if _on(body, "ppm"):
        look = replace(look, edges=Edges(threshold=0.5))
    kind: Kind = "matte" if _on(body, "om") else "composite"
    asked = Asked((spec,), prompt, "auto", "closed-form" if _on(body, "a") else "quick")
    if spec.needs_prompt and not prompt.names_subject:
        raise Refusal(422, f"{spec.label} must be told what the subject is, by extras.sam_prompt.")
    return asked, look, kind, note


def _spec(name: str) -> ModelSpec:
    ours = MODELS.get(name, name)
    if ours not in [spec.name for spec in cutters()]:
        raise Refusal(422, f"There is no model “{name}” here. GET /api/v1/models lists those.")
    return find_models(ours)[0]


def _on(body: Body, name: str) -> bool:
    word = body.word(name).lower()
    if word not in _SWITCH:
        raise Refusal(422, f"{name} should be true or false; not “{word}”.")
    return _SWITCH[word]


def _background(text: str) -> Transparent | Colour:
    if not text:
        return Transparent()
    try:
        red, green, blue, *rest = (int(part) for part in text.split(","))
        opacity = rest[0] if rest else 255
    except ValueError:
        raise Refusal(
            422, f"bgc should be R,G,B,A such as 255,255,255,255; not “{text}”."
        ) from None
    if opacity == 0:
        return Transparent()
    if opacity != 255 or len(rest) > 1 or not all(0 <= part <= 255 for part in (red, green, blue)):
        raise Refusal(422, f"bgc should be R,G,B,A from 0 to 255, A 0 or 255; not “{text}”.")
    return Colour(red, green, blue)


def _extras(text: str) -> list[Any]:
    """What is pointed at; nothing else of the extras says what the picture is of."""
    if not text:
        return []
    try:
        told = json.loads(text)
        prompt = told.get("sam_prompt", [])
    except (ValueError, AttributeError, RecursionError):
        raise Refusal(422, 'extras should be JSON such as {"sam_prompt": […]}.') from None
    if not isinstance(prompt, list):
        raise Refusal(422, "extras.sam_prompt should be a list.")
    return prompt


def _prompt(extras: list[Any], spec: ModelSpec) -> Prompt:
    points, boxes = [], []
    try:
        for each in extras:
            numbers = [float(number) for number in each["data"]]
            if not all(map(math.isfinite, numbers)):
                raise ValueError(numbers)
            if each["type"] == "point":
                x, y = numbers
                points.append(Point(x, y, include=_LABELS[each.get("label", 1)]))
            elif each["type"] == "rectangle":
                boxes.append(Box(*numbers))
            else:
                raise ValueError(each["type"])
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        wanted = "a point with x and y, labelled 1 or 0, or a rectangle with x0, y0, x1 and y1"
        raise Refusal(422, f"Each of extras.sam_prompt should be {wanted} in data.") from error
    prompt = Prompt(boxes=tuple(boxes), points=tuple(points))
    if prompt and prompt.only(spec.prompts) != prompt:
        raise Refusal(422, f"{spec.label} can't be told what the subject is.")
    return prompt
