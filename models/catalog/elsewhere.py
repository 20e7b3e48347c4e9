"""Rows of mattes that other tools made: they stand beside models, and can't be run."""

import re

from models.catalog.row import ModelSpec

_GROUP = "Other tools"
_MARKS = re.compile(r"[\\`*\[\]{}<>#$|~:\x00-\x1f]+")
"""What would turn into formatting where a label is shown."""
_LONGEST = 40
"""Characters of a name, which becomes part of files' names."""


def elsewhere(label: str, taken: frozenset[str]) -> ModelSpec:
    """The row of a tool's mattes.

    label: what the tool or its file is called. taken: names that it can't have: those of the
    catalogue and of other tools. Its licence isn't known, so it's never taken to be free for
    commercial use. Mattes of one tool are of one family.
    """
    words = re.sub(r"[^\w.-]+", "-", label.casefold()).strip("-._")[:_LONGEST].strip("-._")
    first = name = words or "matte"
    number = 2
    while name in taken:
        name, number = f"{first}-{number}", number + 1
    return ModelSpec(
        name=name,
        label=" ".join(_MARKS.sub(" ", label).split()) or "Matte",
        family=f"elsewhere/{name}",
        group=_GROUP,
        summary="A matte that another tool made, to compare models with.",
        licence="unknown",
        commercial=False,
        page="",
        soft=True,
        foreign=True,
    )
