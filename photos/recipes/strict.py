"""JSON becomes what a program expects, or is refused: a recipe's file may come from anyone."""

import math
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, get_type_hints

_LONGEST = 1000
"""Entries of a list."""


class Unreadable(ValueError):
    """What is wrong with a recipe, as the end of a sentence. key: where, with dots between.

    Examples
    --------
    >>> read_as(int, "two", "steps")
    Traceback (most recent call last):
    photos.recipes.strict.Unreadable: “steps” is not a whole number
    """

    def __init__(self, told: str, key: str = "") -> None:
        super().__init__(told)
        self.key = key


def read_as(wanted: Any, value: Any, name: str) -> Any:
    """Make a value of a type from what JSON holds.

    Parameters
    ----------
    wanted
        None, bool, int, float, str, a Literal, a union or tuple of these, `dict[str, Any]`, or a
        dataclass whose fields have such types. Of a dataclass all keys must be known, and there
        unless they have a default; one with `parse` may be written as text too.
    value
        As `json.loads` gives it.
    name : str
        What the value is called.

    Returns
    -------
    value
        Of the type that is wanted.

    Raises
    ------
    Unreadable
        If it's none, or the dataclass itself refuses it.

    Examples
    --------
    >>> from compositing.alpha import Edges
    >>> from compositing.shadow import Shadow
    >>> read_as(Edges, {"grow": -2, "keep_largest": True}, "edges").keep_largest
    True
    >>> read_as(Shadow, {"dark": 1}, "it")
    Traceback (most recent call last):
    photos.recipes.strict.Unreadable: “it” holds “dark”, which is none of strength, softness
    """
    if isinstance(wanted, TypeAliasType):
        return read_as(wanted.__value__, value, name)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _dataclass(wanted, value, name)
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _one_of(inner, value, name)
    if origin is Literal:
        return _checked(isinstance(value, str) and value in inner, value, name, _words(inner))
    if origin in (tuple, list):
        return _listed(origin, inner, value, name)
    if origin is dict:
        return _checked(isinstance(value, dict), value, name, "a table")
    return _plain(wanted, value, name)


def _plain(wanted: Any, value: Any, name: str) -> Any:
    if wanted is type(None):
        return _checked(value is None, value, name, "empty")
    if wanted is bool:
        return _checked(isinstance(value, bool), value, name, "true or false")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return _checked(number and isinstance(value, int), value, name, "a whole number")
    if wanted is float:  # a whole one stays whole: it is written as it came
        small = number and abs(value) < 1e300 and math.isfinite(value)
        return _checked(small, value, name, "a number")
    return _checked(isinstance(value, str), value, name, "text")


def _checked(right: bool, value: Any, name: str, expected: str) -> Any:
    if not right:
        raise Unreadable(f"“{name}” is not {expected}", name)
    return value


def _words(choices: tuple[Any, ...]) -> str:
    return f"one of {', '.join(map(str, choices))}"


def _one_of(choices: tuple[Any, ...], value: Any, name: str) -> Any:
    """By the choice that isn't None, if the value is there."""
    if value is None and type(None) in choices:
        return None
    (only,) = (choice for choice in choices if choice is not type(None))
    return read_as(only, value, name)


def _listed(origin: type, inner: tuple[Any, ...], value: Any, name: str) -> Any:
    _checked(isinstance(value, list) and len(value) <= _LONGEST, value, name, "a short list")
    if origin is list or inner[-1] is Ellipsis:
        inner = (inner[0],) * len(value)
    _checked(len(value) == len(inner), value, name, f"a list of {len(inner)}")
    return origin(
        read_as(each, part, f"{name}[{number}]")
        for number, (each, part) in enumerate(zip(inner, value, strict=True))
    )


def _dataclass(wanted: type, value: Any, name: str) -> Any:
    parse = getattr(wanted, "parse", None)
    if parse and isinstance(value, str):
        return _made(parse, {"text": value}, name)
    _checked(isinstance(value, dict), value, name, "a table")
    hints, expected = get_type_hints(wanted), {each.name: each for each in fields(wanted)}
    for key in value.keys() - expected.keys():
        known = ", ".join(expected)
        told = f"“{name}” holds “{key[:40]}”, which is none of {known}"
        raise Unreadable(told, f"{name}.{key}")
    needed = [
        each.name
        for each in expected.values()
        if each.default is MISSING and each.default_factory is MISSING
    ]
    for key in needed:
        if key not in value:
            raise Unreadable(f"“{name}” lacks “{key}”", name)
    parts = {key: read_as(hints[key], part, f"{name}.{key}") for key, part in value.items()}
    return _made(wanted, parts, name)


def _made(make: Callable[..., Any], parts: dict[str, Any], name: str) -> Any:
    try:
        return make(**parts)
    except ValueError as error:
        told = str(error).removesuffix(".")
        raise Unreadable(f"“{name}” can't be followed: {told}", name) from error
