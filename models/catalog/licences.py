"""Which models may be used to earn money with, as their rows say."""

from collections.abc import Iterable

from models.catalog.row import Conditions, ModelSpec

WORDS: dict[Conditions, str] = {
    "": "yes",
    "non-commercial": "no",
    "conditions apply": "conditions",
}
"""Whether one may earn money with the results, in a word."""

MEANINGS: dict[Conditions, str] = {
    "": "you may earn money with the results. Some of these licences forbid certain uses all the "
    "same, such as to harm people.",
    "non-commercial": "you may not: neither sell the results nor use them at work. Where it is "
    "unclear which licence holds, nobody has allowed it.",
    "conditions apply": "you may if you meet what the licence asks, such as to publish your own "
    "program's source. Read it first.",
}


def usable(specs: Iterable[ModelSpec], *, commercial_only: bool) -> list[ModelSpec]:
    """Those that may be run; commercial_only: for a purpose that earns money, with no conditions to
    be met."""
    return [spec for spec in specs if not (commercial_only and spec.conditions)]


def refusals(specs: Iterable[ModelSpec]) -> list[str]:
    """A sentence for each that isn't free for commercial use, which names its licence."""
    return [
        f"{spec.label} isn't free for commercial use: {spec.meaning}."
        for spec in specs
        if spec.conditions
    ]
