"""What a request brings: words and files, however it's encoded."""

import asyncio
import base64
import binascii
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from photos.reading import max_bytes
from serving.accepting import JSON
from serving.errors import Refusal

FILES, WORDS = 64, 500
"""In a request, at most."""

_DEEPEST = 4
"""Lists in lists, at most, in JSON."""
_WORDS_ALONE = "application/x-www-form-urlencoded"
_FORMS = ("multipart/form-data", _WORDS_ALONE)
_NO_FORM = (
    f"The body isn't of the kind that is told, “{_WORDS_ALONE}”. Send a picture with its own kind, "
    "in curl by -H 'Content-Type: image/jpeg' --data-binary @photo.jpg, or in a form, by -F "
    "photo=@photo.jpg."
)
"""What curl's --data-binary brings if it isn't told the kind: the picture, under a form's name."""


class File(NamedTuple):
    name: str
    data: bytes


@dataclass
class Body:
    """words: what was sent as text, by name. files: the same of files."""

    words: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[File]] = field(default_factory=dict)

    def word(self, name: str, default: str = "") -> str:
        """The only word of that name. Raises Refusal if there are several."""
        found = self.words.get(name, [])
        if len(found) > 1:
            raise Refusal(400, f"“{name}” should be there once.")
        return found[0] if found else default

    def file(self, *names: str) -> File | None:
        """The only file with one of these names. Raises Refusal if there are several."""
        found = [file for name in names for file in self.files.get(name, [])]
        if len(found) > 1:
            raise Refusal(400, f"Send one file as “{names[0]}”, not {len(found)}.")
        return found[0] if found else None


def ignored(names: Iterable[str]) -> dict[str, str]:
    """The header that names what wasn't heeded; nothing if all was. Names come from outside, and
    are percent-encoded where a header couldn't hold them."""
    told = ", ".join(quote(name, errors="replace") for name in dict.fromkeys(names))
    return {"X-Ignored": told} if told else {}


def noted(notes: Iterable[str]) -> dict[str, str]:
    """The header of what is to be known of a picture, percent-encoded; nothing if nothing is."""
    told = quote(" ".join(filter(None, notes)), safe=" ,.;:()'!?=/", errors="replace")
    return {"X-Notes": told} if told else {}


def in_memory() -> None:
    """From now on, what forms bring stays in memory, the page's uploads too: photos never get to
    the disk, however large. By default all beyond a megabyte does."""
    MultiPartParser.spool_max_size = sys.maxsize


def largest_body() -> int:
    """Bytes: a photo of the largest size, as base64, and something around it."""
    return max_bytes() * 4 // 3 + 1_000_000


def kind_of(request: Request) -> str:
    """What the body is said to be, without parameters; empty where nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, encoded: Mapping[str, str] = {}) -> Body:
    """All that the address and the body say. encoded: JSON and form fields that hold a file as
    base64, and the name it gets where none was told. Raises Refusal."""
    body = Body()
    for name, value in request.query_params.multi_items():
        if name in encoded:
            raise Refusal(400, f"“{name}” is sent in the body, not in the address.")
        body.words.setdefault(name, []).append(value)
    kind = kind_of(request)
    if request.method == "GET" or not kind:
        return body
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(400, "Bodies aren't unpacked here: send it without a Content-Encoding.")
    if kind == JSON:
        await asyncio.to_thread(_add_json, body, await request.body(), encoded)
    elif kind in _FORMS:
        if kind == _WORDS_ALONE and b"\0" in await request.body():
            raise Refusal(400, _NO_FORM)
        most = largest_body()
        async with request.form(max_files=FILES, max_fields=WORDS, max_part_size=most) as form:
            await _add_form(body, form.multi_items(), encoded)
    elif kind.startswith("image/") or kind == "application/octet-stream":
        body.files["photo"] = [File("photo", await request.body())]
    else:
        raise Refusal(
            400, f"A body of the kind “{kind}” is not read. Send a form, JSON or a picture."
        )
    return body


async def _add_form(
    body: Body, items: Iterable[tuple[str, Any]], encoded: Mapping[str, str]
) -> None:
    for name, value in items:
        if isinstance(value, UploadFile):
            file = File(value.filename or "photo", await value.read())
            body.files.setdefault(name, []).append(file)
        elif name in encoded and value:
            body.files.setdefault(name, []).append(File(encoded[name], decoded(value, name)))
        else:
            body.words.setdefault(name, []).append(value)


def _add_json(body: Body, data: bytes, encoded: Mapping[str, str]) -> None:
    try:
        told = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body says that it's JSON, and can't be read as that.") from error
    if not isinstance(told, dict):
        raise Refusal(400, 'The JSON should be an object, such as {"photo": "…base64…"}.')
    lists = {name: value if isinstance(value, list) else [value] for name, value in told.items()}
    if sum(map(len, lists.values())) > WORDS:
        raise Refusal(400, f"Too many fields: {WORDS} are the limit here.")
    for name, values in lists.items():
        for each in values:
            if each is None:
                continue
            if isinstance(each, str) and (name in encoded or each.startswith("data:")):
                file = File(encoded.get(name, name), decoded(each, name))
                body.files.setdefault(name, []).append(file)
            else:
                body.words.setdefault(name, []).append(_written(each, name))
    if sum(map(len, body.files.values())) > FILES:
        raise Refusal(400, f"Too many files: {FILES} are the limit here.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What JSON's names mean; of a name that is there twice, nobody knows which one is meant."""
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal(400, f"“{twice}” should be there once. Send several in a list.")
    return told


def decoded(text: str, name: str) -> bytes:
    """The bytes of base64, or of a data URL. Raises Refusal."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        told = f"“{name}” should be a file as base64; it can't be decoded."
        raise Refusal(400, f"{told} In a form, curl sends a file by -F {name}=@FILE.") from error


def _written(value: Any, name: str, depth: int = 0) -> str:
    """As the command line has it: a list of numbers, such as a box, with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and depth < _DEEPEST:
        return ",".join(_written(each, name, depth + 1) for each in value)
    raise Refusal(400, f"“{name}” should be a text, a number, or a list of those.")
