"""The models, one row each. Data only: the file that loads a family is named, not imported."""

import difflib
from collections.abc import Sequence

from models.catalog.built_in import GRABCUT, INPUT_ALPHA, U2NETP
from models.catalog.matting import MATTING
from models.catalog.objects import OBJECTS
from models.catalog.painters import PAINTERS
from models.catalog.prompted import PROMPTED
from models.catalog.row import Conditions, ModelSpec, PromptKind

__all__ = [
    "GRABCUT",
    "INPUT_ALPHA",
    "MODELS",
    "PAINTERS",
    "U2NETP",
    "Conditions",
    "ModelSpec",
    "PromptKind",
    "everything",
    "find",
]

MODELS: tuple[ModelSpec, ...] = (U2NETP, GRABCUT, *MATTING, *PROMPTED, *OBJECTS)
"""Those that cut out; PAINTERS paint what goes behind."""


def everything() -> tuple[ModelSpec, ...]:
    """All rows there are, of both kinds."""
    return *MODELS, *PAINTERS


def find(name: str, among: Sequence[ModelSpec] | None = None) -> ModelSpec:
    """The row called `name` among those that cut out, or among others. Raises KeyError with
    sentences that guess what was meant and list the names there are."""
    rows = MODELS if among is None else among
    for spec in rows:
        if spec.name == name:
            return spec
    names = [spec.name for spec in rows]
    near = difflib.get_close_matches(name.casefold(), names, 1)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise KeyError(f"There is no model called “{name}”.{guess} There are: {', '.join(names)}.")
