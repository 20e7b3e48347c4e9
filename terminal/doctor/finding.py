"""What a look at the machine found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]
_ORDER: tuple[State, ...] = ("ok", "warning", "problem")


@dataclass(frozen=True)
class Finding:
    """about: what was looked at, in a word. told: what there is, in a sentence or a few; unless it
    is ok, they say what to do. A warning keeps nothing from working that doesn't need it."""

    about: str
    state: State
    told: str


def worst(findings: Iterable[Finding]) -> State:
    """The gravest state among them."""
    return max((each.state for each in findings), key=_ORDER.index, default="ok")


def first_line(error: BaseException) -> str:
    """What an error says, without what follows it; its kind if it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
