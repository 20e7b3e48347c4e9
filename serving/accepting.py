"""How a client wants to be answered: by the file, or by JSON that has it inside."""

import re

from starlette.requests import Request

JSON = "application/json"

_RANGE = re.compile(r"^\s*([\w.+*-]+/[\w.+*-]+)\s*(?:;\s*(.*))?$")
_WEIGHT = re.compile(r"(?:^|;)\s*q\s*=\s*([\d.]+)", re.IGNORECASE)


def wants_json(request: Request) -> bool:
    """Whether the Accept header (RFC 9110, 12.5.1) names JSON, and nothing that the client would
    rather have. Where it isn't named, as under `*/*`, the file is meant."""
    weights = {kind: weight for kind, weight in map(_weighed, _listed(request)) if kind}
    return 0 < weights.get(JSON, 0) >= max(weights.values())


def _listed(request: Request) -> list[str]:
    return ",".join(request.headers.getlist("accept")).split(",")


def _weighed(text: str) -> tuple[str, float]:
    """A kind in lower case, and how welcome it is, 0 to 1; no kind for what can't be read."""
    found = _RANGE.match(text)
    if found is None:
        return "", 0
    told = _WEIGHT.search(found[2] or "")
    try:
        return found[1].lower(), float(told[1]) if told else 1
    except ValueError:
        return "", 0
