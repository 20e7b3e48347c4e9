"""The API's description as one page for people.

It's whole in itself: no scripts, and nothing that a browser would fetch, so that it can be read
offline, and saved by whoever needs a key to get it.
"""

import functools
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from photos.program import program

_METHODS = ("get", "post", "put", "patch", "delete")
_ENDINGS = {"application/zip": "zip", "application/json": "json", "image/png": "png",
            "image/jpeg": "jpg"}  # fmt: skip
_FENCE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}

type Told = dict[str, Any]


def page(app: FastAPI, request: Request) -> Response:
    """What the app's OpenAPI says, under the address by which it was asked for."""
    base = request.scope.get("root_path", "")
    server = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{base}"
    groups: dict[str, list[Told]] = {}
    for path, method, told in _operations(app.openapi()):
        groups.setdefault(told["tags"][0], []).append(_operation(server, base, path, method, told))
    html = _template().render(
        title=app.title, about=app.description, program=program(), groups=groups, base=base,
        site=base.removesuffix("/api"), description=app.openapi_url,
    )  # fmt: skip
    return HTMLResponse(html, headers=_FENCE)


@functools.cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    rules = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return rules.get_template("docs.html")


def _operations(description: Told) -> Iterator[tuple[str, str, Told]]:
    for path, methods in description["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method.upper(), methods[method]


def _operation(server: str, base: str, path: str, method: str, told: Told) -> Told:
    content = told.get("requestBody", {}).get("content", {})
    schema = content.get("multipart/form-data", {}).get("schema", {})
    example = content.get("application/json", {}).get("example", {})
    fields = [
        _field(name, word, _needed(name, schema))
        for name, word in schema.get("properties", {}).items()
    ]
    in_path = [
        _field(each["name"], each["schema"] | each, "required")
        for each in told.get("parameters", ())
    ]
    return {
        "id": told["operationId"],
        "method": method,
        "path": base + path,
        "summary": told["summary"],
        "fields": in_path + fields,
        "curl": _curl(server + path, method, schema, example, told["responses"]),
        "answers": [_answer(status, each) for status, each in told["responses"].items()],
    }


def _needed(name: str, schema: Told) -> str:
    """Whether a field has to be there; empty if not."""
    if name in schema["required"]:
        return "required"
    either = [each for option in schema["anyOf"] for each in option["required"]]
    return f"either {' or '.join(either)}" if name in either else ""


def _field(name: str, word: Told, needed: str) -> Told:
    return {
        "name": name,
        "kind": _kind(word),
        "needed": needed,
        "default": _written(word["default"]) if "default" in word else "",
        "description": word.get("description", ""),
    }


def _kind(word: Told) -> str:
    """In words: a whole number from 1 to 100, or one of several."""
    if word["type"] == "array":
        (sample,) = word.get("example", [None])
        one = word["items"] | ({"example": sample} if sample else {})
        return f"{_kind(one)}; several are allowed"
    if choices := word.get("enum"):
        return " | ".join(map(str, choices))
    if word["type"] in ("integer", "number"):
        limits = (("from", word.get("minimum")), ("to", word.get("maximum")))
        told = [f"{side} {limit:.10g}" for side, limit in limits if limit is not None]
        return " ".join(["whole number" if word["type"] == "integer" else "number", *told])
    if word["type"] == "boolean":
        return "true | false"
    kind = {"binary": "file", "uri": "address"}.get(word.get("format", ""), "text")
    return f"{kind}: {word['example']}" if "example" in word else kind


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _curl(url: str, method: str, schema: Told, example: Told, responses: Told) -> str:
    """A line for a shell. The example is that of JSON, sent as a form."""
    words = ["curl"]
    if method == "DELETE":
        words += ["-X", method]
    for name, value in example.items():
        binary = schema["properties"][name].get("items", {}).get("format") == "binary"
        words += ["-F", f"{name}=@photo.jpg" if binary else f"{name}={value}"]
    words.append(url.replace("{name}", "ID"))
    kinds = [kind for each in list(responses.values())[:1] for kind in each.get("content", {})]
    if kinds and kinds[0] in _ENDINGS:
        words += ["-o", f"result.{_ENDINGS[kinds[0]]}"]
    return shlex.join(words)


def _answer(status: str, told: Told) -> Told:
    content = told.get("content", {})
    error = content.get("application/json", {}).get("example", {})
    error = error.get("error") if isinstance(error, dict) else None
    what = error["code"] if isinstance(error, dict) else ", ".join(content)
    return {"status": status, "why": told["description"], "what": what}
