"""The words given for options, turned into what they mean."""

import math
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, get_args

from typer import BadParameter

from compositing.alpha import Edges
from compositing.background import Transparent
from models.catalog import ModelSpec, PromptKind, find
from models.interface import Box, Point
from photos.look import Look

_PLACES = {
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "center": (0.5, 0.5),
}
EDGES = {
    "grow": "grow=PIXELS",
    "feather": "feather=PIXELS",
    "threshold": "threshold=0..1",
    "keep-largest": "keep-largest",
    "fill-holes": "fill-holes",
    "unrefined": "unrefined",
    "keep-old-colours": "keep-old-colours",
}
"""What can be done to edges, and how each is written."""


def check_words(words: Sequence[str]) -> None:
    """Refuse an empty word, which mostly is a shell's variable that isn't set: as a path it would
    mean the folder at hand, as `--matte` no matte. Only a painting may be told to avoid nothing.
    Raises BadParameter."""
    for before, word in pairwise(("cli.py", *words)):
        option, sign, value = word.partition("=")
        if not word:
            option = before
        elif not (option.startswith("--") and sign and not value):
            continue
        if option != "--negative":
            told = (
                f"After “{option}” stands an empty word, as a variable that isn't set leaves one."
            )
            raise BadParameter(f"{told} Say what is meant, or leave it out.")


def _numbers(text: str, example: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != example.count(",") + 1 or not all(map(math.isfinite, values)):
        raise BadParameter(f"“{text}” should be pixels such as {example}.")
    return values


def parse_box(text: str) -> Box:
    """Raises BadParameter."""
    try:
        return Box(*_numbers(text, "40,20,310,400"))
    except ValueError as error:
        raise BadParameter(str(error)) from error


def parse_point(text: str) -> Point:
    """Raises BadParameter."""
    place = text.removesuffix(",exclude")
    x, y = _numbers(place, "120,80")
    return Point(x, y, include=place == text)


def parse_position(text: str, option: str = "--position") -> tuple[float, float]:
    """Raises BadParameter."""
    try:
        across, down = _PLACES.get(text) or map(float, text.split(","))
    except ValueError:
        across = down = math.nan
    if not (0 <= across <= 1 and 0 <= down <= 1):
        places = ", ".join(_PLACES)
        sentence = f"“{text}” should be {places}, or X,Y from 0,0 to 1,1."
        raise BadParameter(sentence, param_hint=option)
    return across, down


def parse_edges(text: str) -> Look:
    """A look on a transparent background, its edges by changes with commas between them. Raises
    BadParameter."""
    changes: dict[str, Any] = {}
    for change in text.split(","):
        name, amount = _edge_change(change.strip())
        if name in changes:
            raise BadParameter(f"“{name}” should be there once.")
        changes[name] = amount
    refined = not changes.pop("unrefined", False)
    unmix = not changes.pop("keep-old-colours", False)
    try:
        edges = Edges(**{name.replace("-", "_"): amount for name, amount in changes.items()})
    except ValueError as error:
        raise BadParameter(str(error)) from error
    return Look(Transparent(), edges, unmix, refined)


def _edge_change(text: str) -> tuple[str, float | bool]:
    """(a name in EDGES, its number); True instead of a number for those that take none."""
    name, _, number = text.partition("=")
    written = EDGES.get(name, ", ".join(EDGES.values()))
    if text == name == written:
        return name, True
    if written.startswith(f"{name}="):
        with suppress(ValueError):
            return name, float(number)
    raise BadParameter(f"“{text}” should be {written}.")


def one_name(text: str) -> str:
    """The text, if it is one name. Raises BadParameter for several with commas between them."""
    if "," in text:
        raise BadParameter(f"“{text}” should be one name. Run it once for each.")
    return text


def find_models(text: str, among: Sequence[ModelSpec] | None = None) -> list[ModelSpec]:
    """The rows with these names, given with commas between them; each row once. among: where to
    look; by default the models that cut out. Raises BadParameter."""
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise BadParameter("Name at least one model; `cli.py models` lists them.")
    try:
        return [find(name, among) for name in names]
    except KeyError as error:
        raise BadParameter(error.args[0]) from error


def parse_hears(text: str) -> frozenset[PromptKind]:
    """Kinds of prompts. Raises BadParameter."""
    wanted = {word.strip().casefold() for word in text.split(",") if word.strip()}
    kinds = {kind for kind in get_args(PromptKind) if kind in wanted}
    if not wanted or wanted - kinds:
        unknown, known = ", ".join(sorted(wanted - kinds)) or text, ", ".join(get_args(PromptKind))
        raise BadParameter(f"“{unknown}” is nothing that models are told by. Say {known}.")
    return frozenset(kinds)
