"""Our own API's description for programs, as OpenAPI has it."""

import base64
from typing import Any

from serving.errors import CODES
from serving.native.orders import BEHIND, DEPTH_MAP, PHOTO, URL, VERBS, Verb

_FILE = {"type": "string", "format": "binary"}
_TINY = base64.b64encode(b"a JPEG's bytes").decode()
_SEVERAL = ["application/zip"]
_PICTURES = ["image/jpeg", "image/png", "image/webp", "image/tiff", *_SEVERAL]
_KINDS = {"pictures": _PICTURES, "paintings": _PICTURES, "comparison": _SEVERAL, "objects": []}
_CLEAR_FIRST = ["image/png", *(kind for kind in _PICTURES if kind != "image/png")]
_RESULT = {"photo": "cat.jpg", "model": "u2netp", "seconds": {"network": 0.21},
           "subject_found": True}  # fmt: skip
_IN_JSON = {"mime": "image/png", "file": "…base64…", "results": [_RESULT]}
_OBJECT = {"name": "person 2", "label": "person", "score": 0.97, "share": 0.18,
           "box": [40, 20, 310, 400]}  # fmt: skip
_OBJECTS = {"results": [{"photo": "cat.jpg", "model": "detr-panoptic", "objects": [_OBJECT]}]}
_URL = "An address that the photo is fetched from, or several; off, unless CUTOUT_FETCH allows it."
_DEPTH_MAP = "For method=portrait: how far things are in the one photo, grey, near things light."
_WEBHOOK = "An https:// address that is told of the end; off, unless CUTOUT_WEBHOOK_HOSTS names it."
_ERRORS = {
    400: "What was asked for can't be done as it is said",
    401: "A key is needed",
    413: "Too large",
    422: "The model must be told what the subject is",
    429: "The queue is full; Retry-After tells for how long",
    501: "Switched off here",
    503: "The model can't be loaded",
    504: "It took too long",
}
_STATE = {
    "id": "Zt0bq3Vd0nJ1cG2sW9eXhA", "verb": "generate", "state": "running", "ahead": 0, "done": 1,
    "total": 2, "stage": "Stable Diffusion 1.5 · step 3 of 20", "part": 0.15, "webhook": "waiting",
    "url": "/api/v1/jobs/Zt0bq3Vd0nJ1cG2sW9eXhA",
}  # fmt: skip

type Told = dict[str, Any]


def of_verb(verb: Verb) -> Told:
    """For FastAPI, what a verb takes and gives."""
    return {"requestBody": _body(verb), "responses": _responses(verb)}


def of_new_job() -> Told:
    """The same of an order that is carried out later."""
    words: Told = {word.name: word.schema() for verb in VERBS for word in verb.words()}
    words |= {
        "verb": {"type": "string", "enum": [verb.name for verb in VERBS],
                 "description": "What is to be done; its fields are the other ones."},
        "webhook": {"type": "string", "format": "uri", "description": _WEBHOOK},
    }  # fmt: skip
    example = {"verb": "cutout", "model": "u2netp"}
    taken = {"description": "It's queued", "content": _json(_STATE),
             "headers": {"Location": {"schema": {"type": "string"}}}}  # fmt: skip
    return {
        "requestBody": _taking(words, ["verb"], example),
        "responses": {"202": taken} | _refused(*_ERRORS),
    }


def of_job(status: int, why: str, content: Told | None = None) -> Told:
    """What the address of a job answers. content: none for a state as JSON."""
    answer = {"description": why, "content": content or _json(_STATE)}
    if status == 204:
        del answer["content"]
    gone = {"404": {"description": "There is no such job of yours", "content": _error("not_found")}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"},
            "description": "The job's id"}  # fmt: skip
    return {"parameters": [name], "responses": {str(status): answer} | gone | _refused(401)}


def of_result() -> Told:
    told = of_job(200, "What the verb gives", _content(_CLEAR_FIRST, _IN_JSON))
    told["responses"] |= {
        "409": {"description": "It isn't done yet", "content": _error("not_done")},
        "410": {"description": "It's no longer kept", "content": _error("gone")},
    }
    return told


def of_events() -> Told:
    text = {"text/event-stream": {"example": 'event: state\ndata: {"state": "running", …}\n\n'}}
    return of_job(200, "Each change of the state, until the end", text)


def _body(verb: Verb) -> Told:
    """The form or the JSON that a verb takes."""
    words = {word.name: word.schema() for word in verb.words()}
    required = [word.name for word in verb.words() if word.required]
    examples = {BEHIND: "#ffffff", "prompt": "a beach at dawn", "models": "grabcut,u2netp"}
    example = {name: examples[name] for name in required}
    if verb.makes != "comparison":
        example["model"] = "detr-panoptic" if verb.makes == "objects" else "u2netp"
    return _taking(words, required, example)


def _taking(words: Told, required: list[str], example: Told) -> Told:
    what: Told = {"type": "object", "required": required,
                  "anyOf": [{"required": [PHOTO]}, {"required": [URL]}]}  # fmt: skip
    urls = {"type": "array", "items": {"type": "string", "format": "uri"}, "description": _URL}
    photos = {"type": "array", "items": _FILE, "description": "The photo, or several."}
    coded = {"type": "string", "format": "byte", "description": "As base64."}
    form, files = {PHOTO: photos, URL: urls, **words}, {PHOTO: coded}
    if "focus" in words:  # it can be blurred by depth
        form |= {DEPTH_MAP: _FILE | {"description": _DEPTH_MAP}}
        files |= {DEPTH_MAP: coded | {"description": f"{_DEPTH_MAP} As base64."}}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": what | {"properties": form}},
            "application/json": {
                "schema": what | {"properties": form | files},
                "example": {PHOTO: _TINY, **example},
            },
        },
    }


def _responses(verb: Verb) -> Told:
    """The kind that comes where no format was asked for is told first."""
    objects = verb.makes == "objects"
    kinds = _CLEAR_FIRST if verb.name in ("cutout", "matte") else _KINDS[verb.makes]
    content = _content(kinds, _OBJECTS if objects else _IN_JSON)
    why = "What was found" if objects else "The picture, or a ZIP of several"
    return {"200": {"description": why, "content": content}} | _refused(*_ERRORS)


def _content(kinds: list[str], in_json: Told) -> Told:
    return {kind: {"schema": _FILE} for kind in kinds} | _json(in_json)


def _refused(*statuses: int) -> Told:
    return {
        str(status): {"description": _ERRORS[status], "content": _error(CODES[status])}
        for status in statuses
    }


def _error(code: str) -> Told:
    return _json({"error": {"code": code, "message": "…"}})


def _json(example: Told) -> Told:
    return {"application/json": {"example": example}}
