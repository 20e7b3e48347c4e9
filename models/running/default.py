"""Which model runs where the person named none: decided here for page, command line and callers."""

from typing import NamedTuple

from models.catalog import GRABCUT, U2NETP, ModelSpec
from models.hub import packaged
from models.interface import LoadFailed


class Default(NamedTuple):
    """The model, and what the person should know of the choice: a sentence or two, mostly empty."""

    spec: ModelSpec
    note: str


def default_model() -> Default:
    """U²-Net-P; GrabCut where the package with its weights is missing or its file is another.

    A model that was named is nobody's to exchange: ask only where none was.
    """
    try:
        packaged.file_of(U2NETP)
    except LoadFailed as error:
        return Default(GRABCUT, f"{error} Until then {GRABCUT.label} takes its place.")
    return Default(U2NETP, "")
