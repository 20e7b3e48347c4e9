"""The models, one row each. Data only: the file that loads a family is named, not imported."""

import difflib
from collections.abc import Iterable, Sequence

from models.catalog import own
from models.catalog.built_in import CONSENSUS, GRABCUT, INPUT_ALPHA, U2NETP
from models.catalog.classic import CLASSIC
from models.catalog.depths import DEPTHS
from models.catalog.elsewhere import elsewhere
from models.catalog.matting import MATTING
from models.catalog.objects import OBJECTS
from models.catalog.painters import PAINTERS
from models.catalog.people import PEOPLE
from models.catalog.prompted import PROMPTED
from models.catalog.row import UNCLEAR, Conditions, ModelSpec, Part, PromptKind

__all__ = [
    "CONSENSUS",
    "DEPTHS",
    "GRABCUT",
    "INPUT_ALPHA",
    "MODELS",
    "PAINTERS",
    "U2NETP",
    "UNCLEAR",
    "Conditions",
    "ModelSpec",
    "Part",
    "PromptKind",
    "cutters",
    "everything",
    "find",
    "other_tool",
]

MODELS: tuple[ModelSpec, ...] = (
    U2NETP,
    GRABCUT,
    *CLASSIC,
    *MATTING,
    *PEOPLE,
    *PROMPTED,
    *OBJECTS,
)
"""Those of the program that cut out; PAINTERS paint what goes behind, DEPTHS tell
how far things are."""


def cutters() -> tuple[ModelSpec, ...]:
    """All that cut out: the program's, and the person's own rows, each in its group."""
    rows = (*MODELS, *own_rows().specs)
    groups = list(dict.fromkeys(spec.group for spec in rows))
    return tuple(sorted(rows, key=lambda spec: groups.index(spec.group)))


def own_rows() -> own.Rows:
    """The rows of the file that CUTOUT_MODELS names, and what is wrong there. Read once."""
    if path := own.path_set():
        return own.read_once(path, MODELS, reserved())
    return own.Rows()


def reserved() -> frozenset[str]:
    """Names that own rows can't have."""
    return frozenset(spec.name for spec in (*MODELS, *PAINTERS, *DEPTHS, INPUT_ALPHA, CONSENSUS))


def other_tool(label: str, besides: Iterable[ModelSpec] = ()) -> ModelSpec:
    """The row of mattes of a tool that is called so. besides: further rows whose names are taken,
    as of other tools."""
    rows = (*cutters(), *besides)
    return elsewhere(label, reserved() | {spec.name for spec in rows})


def everything() -> tuple[ModelSpec, ...]:
    """All rows there are, of every kind."""
    return *cutters(), *PAINTERS, *DEPTHS


def find(name: str, among: Sequence[ModelSpec] | None = None) -> ModelSpec:
    """The row called `name` among those that cut out, or among others. Raises KeyError with
    sentences that guess what was meant and list the names there are."""
    rows = cutters() if among is None else among
    for spec in rows:
        if spec.name == name:
            return spec
    names = [spec.name for spec in rows]
    near = difflib.get_close_matches(name.casefold(), names, 1)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise KeyError(f"There is no model called “{name}”.{guess} There are: {', '.join(names)}.")
