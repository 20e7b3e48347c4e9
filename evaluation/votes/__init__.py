"""Which of two is better: collections of photos and mattes that people vote on."""

from evaluation.votes.ballots import next_ballot, ratings, steadiness
from evaluation.votes.base import BadBase, Base
from evaluation.votes.collection import Collection
from evaluation.votes.kinds import Ballot, Cast, Entry, Shown, Verdict, person

__all__ = [
    "BadBase",
    "Ballot",
    "Base",
    "Cast",
    "Collection",
    "Entry",
    "Shown",
    "Verdict",
    "next_ballot",
    "person",
    "ratings",
    "steadiness",
]
