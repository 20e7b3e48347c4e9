"""The command line's options, read from a request: same words, same defaults, same limits."""

import difflib
import math
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from typer.models import OptionInfo

from serving.errors import Refusal, in_our_words

SWITCH = {"1": True, "true": True, "yes": True, "on": True,
          "0": False, "false": False, "no": False, "off": False}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """An option. kind: of its value, or of each of several. default: Parameter.empty if it must be
    there."""

    name: str
    info: OptionInfo
    kind: Any
    several: bool
    default: Any

    @property
    def required(self) -> bool:
        return self.default is Parameter.empty

    def read(self, texts: Sequence[str]) -> Any:
        """Its value. Raises Refusal, or BadParameter as the command line does."""
        if not texts:
            if self.required:
                raise Refusal(400, f"“{self.name}” is missing: {self._help()}")
            return self.default
        if self.several:
            return [self._value(text) for text in texts]
        if len(texts) > 1:
            raise Refusal(400, f"“{self.name}” should be there once.")
        return self._value(texts[0])

    def schema(self) -> dict[str, Any]:
        """For OpenAPI."""
        told: dict[str, Any] = {"type": "string"}
        if get_origin(self.kind) is Literal:
            told["enum"] = list(get_args(self.kind))
        elif self.kind in (bool, int, float):
            told = {"type": {bool: "boolean", int: "integer", float: "number"}[self.kind]}
            limits = {"minimum": self.info.min, "maximum": self.info.max}
            told |= {name: limit for name, limit in limits.items() if limit is not None}
        if self.several:
            told = {"type": "array", "items": told}
        if not self.required and self.default is not None:
            told["default"] = self.default
        if isinstance(self.info.metavar, str):
            told["example"] = [self.info.metavar] if self.several else self.info.metavar
        return told | {"description": self._help()}

    def _help(self) -> str:
        return in_our_words(self.info.help or "").removesuffix(" Repeatable.")

    def _value(self, text: str) -> Any:
        if self.info.parser:
            return self.info.parser(text)
        if get_origin(self.kind) is Literal:
            return self._one_of(text, {each: each for each in get_args(self.kind)})
        if self.kind is bool:
            return self._one_of(text.lower(), SWITCH)
        if self.kind in (int, float):
            return self._number(text)
        return text

    def _one_of(self, text: str, values: Mapping[str, Any]) -> Any:
        if text not in values:
            raise Refusal(400, f"“{self.name}” should be one of {', '.join(values)}; not “{text}”.")
        return values[text]

    def _number(self, text: str) -> Any:
        least, most = self.info.min, self.info.max
        try:
            value = self.kind(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not (
            (least is None or value >= least) and (most is None or value <= most)
        ):
            limits = f" from {least:.9g} to {most:.9g}" if None not in (least, most) else ""
            whole = "whole " if self.kind is int else ""
            wanted = f"“{self.name}” should be a {whole}number{limits}"
            raise Refusal(400, f"{wanted}; it is “{text}”.")
        return value


def words_of(group: Any, names: Iterable[str] | None = None) -> list[Word]:
    """The options of a group, a dataclass of the command line's. names: only these."""
    hints = get_type_hints(group, include_extras=True)
    defaults = {name: each.default for name, each in signature(group).parameters.items()}
    return [word_of(name, hints[name], defaults[name]) for name in (names or hints)]


def word_of(name: str, annotated: Any, default: Any = Parameter.empty) -> Word:
    """One option, as it's annotated for the command line."""
    kind, *rest = get_args(annotated)
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (each for each in get_args(kind) if each is not types.NoneType)
    several = get_origin(kind) is list
    (info,) = (each for each in rest if isinstance(each, OptionInfo))
    return Word(name, info, get_args(kind)[0] if several else kind, several, default)


def check_known(given: Iterable[str], known: Sequence[str]) -> None:
    """What is misspelt would be passed over. Raises Refusal."""
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            guess = f" Did you mean “{near[0]}”?" if near else ""
            raise Refusal(400, f"There is no “{name}”.{guess} There are: {', '.join(known)}.")
