"""The models, one row each. Data only: the file that loads a family is named, not imported."""

from collections.abc import Iterable

from models.catalog.built_in import GRABCUT
from models.catalog.matting import MATTING
from models.catalog.objects import OBJECTS
from models.catalog.painters import PAINTERS
from models.catalog.prompted import PROMPTED
from models.catalog.row import ModelSpec, PromptKind

__all__ = ["GRABCUT", "MODELS", "PAINTERS", "ModelSpec", "PromptKind", "find"]

MODELS: tuple[ModelSpec, ...] = (GRABCUT, *MATTING, *PROMPTED, *OBJECTS)
"""Those that cut out; PAINTERS paint what goes behind."""


def find(name: str, among: Iterable[ModelSpec] | None = None) -> ModelSpec:
    """The row called `name` among those that cut out, or among others. Raises KeyError with a
    sentence that lists the names there are."""
    rows = tuple(MODELS if among is None else among)
    for spec in rows:
        if spec.name == name:
            return spec
    names = ", ".join(spec.name for spec in rows)
    raise KeyError(f"There is no model called “{name}”. There are: {names}.")
