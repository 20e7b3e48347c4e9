"""Whether there are votes enough to tell which model is best."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.paired import LEAST
from evaluation.votes.kinds import Cast

FEW = 3
"""Votes a pair, on average, below which no ranking is told."""


@dataclass(frozen=True)
class Turnout:
    """votes: how many there are; photos: on how many photos; models: how many are voted on."""

    votes: int
    photos: int
    models: int

    @property
    def needed(self) -> int:
        """Votes from which a ranking is told, if they are on photos enough: one or more on each."""
        return max(LEAST, FEW * self.models * (self.models - 1) // 2)

    @property
    def enough(self) -> bool:
        """Whether a ranking is told, and a model named."""
        return self.models > 1 and self.votes >= self.needed and self.photos >= LEAST

    @property
    def share(self) -> float:
        """How much of that there is, 0 to 1: of votes or of photos, whichever is less."""
        return min(1.0, self.votes / self.needed, self.photos / LEAST)

    @property
    def wanted(self) -> str:
        """What it takes, after the number of votes there are; empty if there is enough."""
        if self.enough or self.models < 2:
            return ""
        there = _count(self.photos, "photo")
        return f" on {there}; a ranking takes {self.needed} on {LEAST}"

    @property
    def missing(self) -> str:
        """Why no model is named yet, and what it takes; empty if there is enough."""
        if self.enough:
            return ""
        if self.models < 2:
            return "Votes are between two models, and there is no second one yet."
        few = "Too few votes" if self.votes < self.needed else "Votes on too few photos"
        pairs = f" ({FEW} for each pair of models)" if self.models > 2 else ""
        there = f"{_count(self.votes, 'vote')} on {_count(self.photos, 'photo')}"
        return (
            f"{few} to tell which model is best: {there} so far. It takes at least {self.needed} "
            f"votes{pairs}, on at least {LEAST} photos."
        )


def turnout(votes: Sequence[Cast], models: int) -> Turnout:
    """Of these votes, on so many models."""
    return Turnout(len(votes), len({cast.photo for cast in votes}), models)


def photos_missing(photos: int) -> int:
    """How many photos a collection of so many lacks before its votes can tell anything."""
    return max(0, LEAST - photos)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
