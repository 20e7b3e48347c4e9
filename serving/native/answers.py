"""Answers of our own: pictures with headers, ZIPs, or JSON."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from photos.cut import Cut
from photos.cutting import input_cut
from photos.depth import Seen, with_depth
from photos.depth_maps import read_depth
from photos.describing import describe_depth
from photos.encoding import MIME, SUFFIX
from photos.export import archive
from photos.finishing import Finished, finished
from photos.look import Look, final_alpha
from photos.names import folders_of, unique
from photos.painting import Painting
from photos.photo import PhotoFile
from photos.recipes.result import ResultRecipe
from photos.recipes.writing import told as recipe_told
from serving.accepting import JSON, wants_json
from serving.bodies import noted
from serving.errors import refusal_of
from serving.native.orders import Order
from serving.pixels import at_hand
from serving.work import Outcome
from terminal.objects import facts

ZIP = "application/zip"
LONGEST_RECIPE = 2048
"""Bytes of a header: proxies such as nginx refuse answers whose headers take more than 4 kB."""
_TOO_LONG = "The recipe is too long for a header: an answer as JSON has it."


@dataclass(frozen=True, eq=False)
class Result:
    """What came of an order: a file, and what is told of each result in it. It holds no photo."""

    data: bytes
    mime: str
    results: list[dict[str, Any]]


def made(order: Order, outcomes: Sequence[Outcome]) -> Result:
    """What was asked for. Raises the ModelError of what failed; of a comparison only if all did. To
    be called outside the server's loop."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if errors and (order.verb.makes != "comparison" or len(errors) == len(outcomes)):
        raise errors[0]
    match order.verb.makes:
        case "objects":
            return _objects(outcomes)
        case "comparison":
            told = [_told(order, outcome) for outcome in outcomes]
            return Result(_comparison(order, outcomes), ZIP, told)
        case "paintings":
            files, told = _paintings(order, outcomes)
        case "pictures":
            files, told = _pictures(order, outcomes)
    if len(files) == 1:
        return Result(files[0].data, MIME[order.format], told)
    return Result(_packed(order, outcomes, files), ZIP, told)


def _packed(order: Order, outcomes: Sequence[Outcome], files: Sequence[Finished]) -> bytes:
    """A ZIP; of one photo's variants, the second is called photo_generated-2.jpg."""
    stems = folders_of(outcome.photo.name for outcome in outcomes)
    each = len(files) // len(outcomes)
    names = unique(f"{stem}_{order.ending}" for stem in stems for _ in range(each))
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_STORED) as into:
        for name, file in zip(names, files, strict=True):
            into.writestr(name + SUFFIX[order.format], file.data)
    return pack.getvalue()


def _pictures(
    order: Order, outcomes: Sequence[Outcome]
) -> tuple[list[Finished], list[dict[str, Any]]]:
    """The pictures, and what is told of each."""
    files, told = [], []
    bits = order.matting.depth
    for outcome, cut in ((each, each.cut) for each in outcomes if each.cut):
        look = _look(order, outcome)
        file = finished(
            cut, look, order.kind, order.format,
            pixels=at_hand(cut.photo), keep_gps=order.keep_gps, bits=bits,
        )  # fmt: skip
        files.append(file)
        one = _told(order, outcome, file.notes) | _recipe(order, cut, look)
        told.append(one | _of_depth(look, cut))
    return files, told


def _paintings(
    order: Order, outcomes: Sequence[Outcome]
) -> tuple[list[Finished], list[dict[str, Any]]]:
    """The pictures, and what is told of each."""
    files, told = [], []
    for outcome, cut in ((each, each.cut) for each in outcomes if each.cut):
        front = order.look_of(cut.photo)
        alpha = final_alpha(cut, front)
        for painting in _made(outcome):
            look = replace(front, paintings=(painting,))
            file = finished(
                cut, look, "composite", order.format,
                pixels=at_hand(cut.photo), alpha=alpha, keep_gps=order.keep_gps,
            )  # fmt: skip
            files.append(file)
            recipe = painting.recipe
            one = _told(order, outcome, file.notes) | _recipe(order, cut, look)
            one["seconds"] |= {"painting": recipe.seconds}
            told.append(one | {"painter": recipe.painter, "seed": recipe.seed})
    return files, told


def _made(outcome: Outcome) -> Iterator[Painting]:
    return (each for each in outcome.made if isinstance(each, Painting))


def _comparison(order: Order, outcomes: Sequence[Outcome]) -> bytes:
    """What the command line writes into its folder: what failed is told in results.json, and a
    photo's own transparency is compared too. A photo that was sent twice is there once."""
    outcomes = list({(each.photo.key, each.spec.name): each for each in outcomes}.values())
    cuts = [outcome.cut for outcome in outcomes if outcome.cut and not outcome.error]
    looks = {each.photo.key: _look(order, each) for each in outcomes if not each.error}
    photos = {outcome.photo.key: outcome.photo for outcome in outcomes}
    own = [
        cut
        for key, photo in photos.items()
        if (key in looks or not order.depth) and (cut := input_cut(photo))
    ]
    failed = [
        {
            "photo": each.photo.name,
            "model": each.spec.name,
            "error": refusal_of(each.error).sentence,
        }
        for each in outcomes
        if each.error
    ]

    def look_of(photo: PhotoFile) -> Look:
        return looks.get(photo.key) or order.look_of(photo)

    return archive([*cuts, *own], look_of, keep_gps=order.keep_gps, failed=failed)


def _look(order: Order, outcome: Outcome) -> Look:
    """A photo's, with the depth that was told of it."""
    look = order.look_of(outcome.photo)
    if order.depth_map:
        look = with_depth(look, read_depth(order.depth_map, outcome.photo))
    for depth in (each for each in outcome.made if isinstance(each, Seen)):
        look = with_depth(look, depth)
    return look


def _objects(outcomes: Sequence[Outcome]) -> Result:
    """As `--list-objects json` tells them."""
    told: list[dict[str, Any]] = [
        {
            "photo": outcome.photo.name,
            "model": outcome.spec.name,
            "objects": [facts(each) for each in outcome.cut.objects],
        }
        for outcome in outcomes
        if outcome.cut
    ]
    return Result(json.dumps({"results": told}).encode(), JSON, told)


def answer(request: Request, result: Result, ahead: int | None = None) -> Response:
    """As the client asks for it: JSON if it would rather have that, else the file. ahead: how many
    jobs went before. To be called outside the server's loop: base64 of a large file takes a
    while."""
    headers = {} if ahead is None else {"X-Queue-Ahead": str(ahead)}
    results, mime = result.results, result.mime
    if mime == JSON:
        return Response(result.data, media_type=JSON, headers=headers)
    if wants_json(request):
        file = base64.b64encode(result.data).decode()
        return JSONResponse({"mime": mime, "file": file, "results": results}, headers=headers)
    if mime != ZIP or len(results) == 1:
        headers |= _headers(results[0])
    if seeds := [str(each["seed"]) for each in results if "seed" in each]:
        headers["X-Seed"] = ", ".join(dict.fromkeys(seeds))
    if failed := [each["model"] for each in results if each.get("error")]:
        headers["X-Failed"] = ", ".join(dict.fromkeys(failed))
    return Response(result.data, media_type=mime, headers=headers)


def _told(order: Order, outcome: Outcome, notes: Sequence[str] = ()) -> dict[str, Any]:
    """notes: what is to be known of the file besides."""
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
        "notes": list(filter(None, [order.note, *cut.notes, *notes])),
    }


def _recipe(order: Order, cut: Cut, look: Look) -> dict[str, Any]:
    """All that decides a picture's pixels, as its file has it too."""
    recipe = ResultRecipe.of(cut, look, order.kind, order.matting.depth)
    return {"recipe": recipe_told(recipe, order.format)}


def _of_depth(look: Look, cut: Cut) -> dict[str, Any]:
    depth = describe_depth(look, cut.photo)
    return {"depth": depth} if depth else {}


def _headers(result: Mapping[str, Any]) -> dict[str, str]:
    """Seconds by stage are told as browsers' tools read them, in milliseconds."""
    spent = (f"{name};dur={seconds * 1000:.1f}" for name, seconds in result["seconds"].items())
    headers = {
        "X-Model": result["model"],
        "X-Device": f"{result['device']} {result['dtype']}",
        "X-Subject-Found": "true" if result["subject_found"] else "false",
        "Server-Timing": ", ".join(spent),
    }
    told, notes = result.get("recipe"), result["notes"]
    recipe = json.dumps(told, separators=(",", ":")) if told else ""  # in ASCII
    if len(recipe) > LONGEST_RECIPE:
        recipe, notes = "", [*notes, _TOO_LONG]
    return headers | noted(notes) | ({"X-Recipe": recipe} if recipe else {})
