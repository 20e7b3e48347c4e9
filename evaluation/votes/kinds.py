"""What a collection holds, and what voters are asked and say."""

from dataclasses import dataclass
from typing import Literal

type Verdict = Literal["left", "right", "both good", "both bad"]


@dataclass(frozen=True)
class Shown:
    """A photo of a collection. number: within the file; tags: what kind of photo it is."""

    number: int
    key: str
    name: str
    tags: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True)
class Entry:
    """A model's matte of a photo. png: its levels, of the photo's size."""

    model: str
    label: str
    family: str
    revision: str
    seconds: float
    peak_bytes: int
    png: bytes


@dataclass(frozen=True)
class Ballot:
    """What is put to a voter: two models' mattes of a photo, the models unnamed."""

    photo: Shown
    left: str
    right: str


@dataclass(frozen=True)
class Cast:
    """A vote as it's kept. photo: its key; name: its file's. voter: the name that the person chose,
    or none; visit: tells apart those who chose none. at: ISO 8601, UTC."""

    photo: str
    name: str
    tags: tuple[str, ...]
    left: str
    right: str
    verdict: Verdict
    voter: str
    visit: str
    backdrop: str
    at: str

    @property
    def person(self) -> str:
        """Whose vote it is, as far as is known."""
        return person(self.voter, self.visit)


def person(voter: str, visit: str) -> str:
    """One and the same for all votes under a name, or without a name in one visit."""
    return f"voter {voter}" if voter else f"visit {visit}"
