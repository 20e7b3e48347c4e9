"""Answers of our own: pictures with headers, ZIPs, or JSON."""

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from photos.cut import Cut
from photos.cutting import input_cut
from photos.encoding import MIME, SUFFIX, left_out
from photos.export import archive, picture_file
from photos.names import folders_of
from photos.photo import PhotoFile
from serving.bodies import noted
from serving.errors import refusal_of
from serving.native.orders import Order
from serving.work import Outcome

ZIP = "application/zip"


def made(order: Order, outcomes: Sequence[Outcome]) -> tuple[bytes, str]:
    """The file that was asked for, and its MIME type. Raises the ModelError of what failed; of a
    comparison only if all did. To be called outside the server's loop."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if errors and (order.verb.kind or len(errors) == len(outcomes)):
        raise errors[0]
    if order.verb.kind is None:
        return _comparison(order, outcomes), ZIP
    cuts = [outcome.cut for outcome in outcomes if outcome.cut]
    files = [_picture(order, cut) for cut in cuts]
    if len(files) == 1:
        return files[0], MIME[order.format]
    ending = order.ending + SUFFIX[order.format]
    stems = folders_of(cut.photo.name for cut in cuts)
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_STORED) as into:
        for stem, file in zip(stems, files, strict=True):
            into.writestr(stem + ending, file)
    return pack.getvalue(), ZIP


def _picture(order: Order, cut: Cut) -> bytes:
    assert order.kind
    look, bits = order.look_of(cut.photo), order.matting.depth
    return picture_file(cut, look, order.kind, order.format, keep_gps=order.keep_gps, bits=bits)


def _comparison(order: Order, outcomes: Sequence[Outcome]) -> bytes:
    """What the command line writes into its folder: what failed is told in results.json, and a
    photo's own transparency is compared too. A photo that was sent twice is there once."""
    outcomes = list({(each.photo.key, each.spec.name): each for each in outcomes}.values())
    cuts = [outcome.cut for outcome in outcomes if outcome.cut]
    photos = {outcome.photo.key: outcome.photo for outcome in outcomes}
    own = [cut for photo in photos.values() if (cut := input_cut(photo))]
    failed = [
        {
            "photo": each.photo.name,
            "model": each.spec.name,
            "error": refusal_of(each.error).sentence,
        }
        for each in outcomes
        if each.error
    ]
    return archive([*cuts, *own], order.look_of, keep_gps=order.keep_gps, failed=failed)


def answer(
    request: Request, order: Order, outcomes: Sequence[Outcome], file: tuple[bytes, str], ahead: int
) -> Response:
    """As the client asks for it: JSON if it accepts that alone, else the file."""
    data, mime = file
    headers = {"X-Queue-Ahead": str(ahead)}
    results = [_told(order, outcome) for outcome in outcomes]
    if "application/json" in request.headers.get("accept", ""):
        body = {"mime": mime, "file": base64.b64encode(data).decode(), "results": results}
        return JSONResponse(body, headers=headers)
    if mime != ZIP or len(results) == 1:
        headers |= _headers(results[0])
    if failed := [each["model"] for each in results if each.get("error")]:
        headers["X-Failed"] = ", ".join(dict.fromkeys(failed))
    return Response(data, media_type=mime, headers=headers)


def _told(order: Order, outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"photo": outcome.photo.name, "model": outcome.spec.name}
    if outcome.cut is None:
        assert outcome.error
        return told | {"error": refusal_of(outcome.error).sentence}
    cut = outcome.cut
    return told | {
        "width": cut.photo.width,
        "height": cut.photo.height,
        "device": cut.device,
        "dtype": cut.dtype,
        "seconds": {name: round(spent, 4) for name, spent in cut.seconds.items()},
        "subject_found": not cut.empty,
        "share": round(cut.share, 4),
        "notes": _notes(order, cut.photo, cut),
    }


def _notes(order: Order, photo: PhotoFile, cut: Cut) -> list[str]:
    lost = left_out(photo, order.format, keep_gps=order.keep_gps)
    return list(filter(None, [order.note, *cut.notes, lost]))


def _headers(result: Mapping[str, Any]) -> dict[str, str]:
    """Seconds by stage are told as browsers' tools read them, in milliseconds."""
    spent = (f"{name};dur={seconds * 1000:.1f}" for name, seconds in result["seconds"].items())
    headers = {
        "X-Model": result["model"],
        "X-Device": f"{result['device']} {result['dtype']}",
        "X-Subject-Found": "true" if result["subject_found"] else "false",
        "Server-Timing": ", ".join(spent),
    }
    return headers | noted(result["notes"])
