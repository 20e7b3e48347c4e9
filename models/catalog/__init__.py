"""The models, one row each. Data only: the file that loads a family is named, not imported."""

from models.catalog.built_in import GRABCUT
from models.catalog.matting import MATTING
from models.catalog.objects import OBJECTS
from models.catalog.prompted import PROMPTED
from models.catalog.row import ModelSpec, PromptKind

__all__ = ["GRABCUT", "MODELS", "ModelSpec", "PromptKind", "find"]

MODELS: tuple[ModelSpec, ...] = (GRABCUT, *MATTING, *PROMPTED, *OBJECTS)


def find(name: str) -> ModelSpec:
    """The row called `name`. Raises KeyError with a sentence that lists the names there are."""
    for spec in MODELS:
        if spec.name == name:
            return spec
    names = ", ".join(spec.name for spec in MODELS)
    raise KeyError(f"There is no model called “{name}”. There are: {names}.")
