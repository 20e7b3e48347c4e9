"""One person's voting on a collection: the ballots at hand, and what was said of those before."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.votes.ballots import next_ballot
from evaluation.votes.collection import Collection
from evaluation.votes.kinds import Ballot, Verdict, person
from evaluation.votes.pictures import BACKDROPS, Backdrop
from evaluation.votes.turnout import Turnout, turnout

AHEAD = 2
"""Ballots at hand: the one that is looked at, and the one after it."""


@dataclass(frozen=True)
class Drawn:
    """A ballot, what is behind both of its results, and what tells it from every other."""

    id: str
    ballot: Ballot
    backdrop: Backdrop


@dataclass(frozen=True)
class Done:
    """A vote that was kept, by its number in the collection."""

    number: int
    drawn: Drawn
    verdict: Verdict


class Booth:
    """open: the ballots at hand, the first to be looked at now. done: this visit's votes, without
    those that were taken back. turnout: of everybody's. heard: the number of what was said last;
    each has its own, so that what arrives twice counts once. late: whether the last verdict was on
    a ballot that isn't open, such as one from before the server was started anew."""

    def __init__(self, collection: Collection, chance: np.random.Generator | None = None) -> None:
        self.collection = collection
        self.visit = uuid.uuid4().hex
        self.open: list[Drawn] = []
        self.done: list[Done] = []
        self.turnout = Turnout(0, 0, 0)
        self.heard = 0
        self.late = False
        self._chance = chance or np.random.default_rng()

    def hear(self, number: int, ballot: str, verdict: Verdict | None, voter: str) -> None:
        """Keep a verdict on an open ballot, or with None take the last vote back: its ballot is
        open again. Of a ballot that isn't open nothing is kept. Raises BadBase."""
        if number <= self.heard:
            return
        self.heard, self.late = number, False
        if verdict is None:
            if self.done:
                last = self.done.pop()
                self.collection.take_back(last.number)
                self.open.insert(0, last.drawn)
            return
        drawn = next((each for each in self.open if each.id == ballot), None)
        if drawn is None:
            self.late = True
            return
        self.open.remove(drawn)  # first: if it can't be kept, another is put
        kept = self.collection.vote(drawn.ballot, verdict, voter, drawn.backdrop, visit=self.visit)
        self.done.append(Done(kept, drawn, verdict))

    def draw(self, voter: str, backdrop: Backdrop | None = None) -> Sequence[Drawn]:
        """Fill up what is open, and return it; nothing if no photo has two mattes. backdrop: of all
        of them; None draws it by chance. Raises BadBase."""
        votes = self.collection.votes()
        if backdrop:
            self.open = [replace(each, backdrop=backdrop) for each in self.open]
        photos = self.collection.contents()
        self.turnout = turnout(votes, len({model for _, models in photos for model in models}))
        who = person(voter.strip(), self.visit)
        while len(self.open) < AHEAD:
            ahead = [each.ballot for each in self.open]
            ballot = next_ballot(photos, votes, who, self._chance, ahead)
            if ballot is None:
                break
            behind = backdrop or BACKDROPS[int(self._chance.integers(len(BACKDROPS)))]
            self.open.append(Drawn(uuid.uuid4().hex, ballot, behind))
        return self.open
