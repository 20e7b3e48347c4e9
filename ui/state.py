"""What a visit holds: photos, prompts, cuts and the job that runs. It goes when the tab closes."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import streamlit as st

from compositing.floor import Floor
from evaluation.measuring import Outcome
from evaluation.pace import Pace
from evaluation.report.pictures import Strip
from evaluation.sets.held import TruthFile
from models.catalog import ModelSpec
from models.running.jobs import Job
from photos.cut import Cut, Refiner
from photos.file_picture import FilePicture
from photos.photo import PhotoError, PhotoFile, photo_key
from photos.reading import open_photo
from ui.tray import Failure, Placement, Tray


class Stopped(NamedTuple):
    """A job that the person cancelled, and how many steps it had."""

    job: Job
    total: int


class Backdrop(NamedTuple):
    """A picture to go behind subjects, and the uploaded file's id."""

    file: str
    picture: FilePicture


class Asked(NamedTuple):
    """What a measurement depends on: a pair of photo and truth by its key, the model's name, the
    device as it was chosen, and the refiner of hard masks. Without a model: the pair itself, which
    can't be used."""

    pair: str
    model: str = ""
    device: str = ""
    refiner: Refiner | None = None


@dataclass(eq=False)
class Truths:
    """What is known of photos by their truths. files: the truths, by their uploads' ids; shown: the
    ids that the uploader shows. outcomes: what was measured, or why not; worst: where each matte is
    worst. told: how many outcomes there have been. job: the last that measured; pace: on its
    device, with its refiner."""

    files: dict[str, TruthFile] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    outcomes: dict[Asked, Outcome] = field(default_factory=dict)
    worst: dict[Asked, Strip] = field(default_factory=dict)
    told: int = 0
    job: Job | None = None
    pace: Pace = field(default_factory=Pace)

    @property
    def running(self) -> bool:
        return self.job is not None and self.job.active

    def pace_on(self, device: str, refiner: Refiner) -> Pace:
        """By what was measured on it, as it was chosen, with the refiner where one was needed."""
        pace = Pace()
        for asked, outcome in self.outcomes.items():
            # What holds another tool's matte against a truth is no device's work.
            there = asked.device == device or (outcome.spec and outcome.spec.foreign)
            if there and asked.refiner in (None, refiner):
                pace.learn_of(outcome)
        return pace

    def time_left(self, job: Job) -> str:
        """Of the job that measures, such as "about 5 min left"; empty of others, and where nothing
        tells yet."""
        current = (job.current,) if job.current else ()
        told = self.pace.words(step.key[1] for step in (*current, *job.left))
        return f"{told} left" if told and job is self.job else ""

    def keep(self, asked: Asked, outcome: Outcome, worst: Strip | None) -> None:
        """In place of what was known before."""
        self.outcomes[asked] = outcome
        if worst:
            self.worst[asked] = worst
        self.told += 1
        self.pace.learn_of(outcome)


@dataclass(eq=False)
class Bench:
    """trays: of the photos, in order of arrival; one that is added anew has a new key. current: the
    key of the photo at hand. uploads: by their ids, which photo came of each of the files that the
    uploader shows. refused: what to tell of files that could not be used. backdrop: what Replace
    puts behind subjects under Picture. job: what runs now, or has ended and the page doesn't show
    it yet; trial, the job that the Prompt page started last; stopped, the last job, if the person
    cancelled it. refiner: what draws masks' edges. truths: what photos are measured by. floor: of
    all photos that have none of their own. drawn: how many times the page was. visit: grows with
    “Start over”, so that the uploader forgets too.
    """

    trays: dict[str, Tray] = field(default_factory=dict)
    current: str | None = None
    uploads: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    backdrop: Backdrop | None = None
    job: Job | None = None
    trial: Job | None = None
    stopped: Stopped | None = None
    refiner: Refiner = "quick"
    truths: Truths = field(default_factory=Truths)
    floor: Floor = field(default_factory=Floor)
    drawn: int = 0
    visit: int = 0

    def add(self, data: bytes, name: str) -> str:
        """Open a photo and make it the current one; a file that can't be used is told of. Returns
        the key that the photo has, or would have."""
        wanted = photo_key(data, name)
        for key, tray in self.trays.items():
            if tray.photo.key == wanted:
                self.current = key
                return key
        key = uuid.uuid4().hex
        try:
            self.trays[key] = Tray(open_photo(data, name))
            self.current = key
        except PhotoError as error:
            self.refused.append(str(error))
        return key

    def drop(self, key: str) -> None:
        """Forget a photo and all that came of it; the job that runs goes on without it. If it was
        the current one, its neighbour is next."""
        if self.job:
            self.job.leave_out(key)
        if key == self.current:
            keys = list(self.trays)
            at = keys.index(key)
            self.current = next(iter(keys[at + 1 :] or reversed(keys[:at])), None)
        self.trays.pop(key, None)

    def remove(self, key: str) -> None:
        """`drop` a photo by its ×. The uploader, which would go on showing its file, is emptied;
        the other photos stay."""
        self.drop(key)
        self.uploads = {}
        self.visit += 1

    @property
    def tray(self) -> Tray | None:
        """The photo at hand and what there is of it."""
        return self.trays.get(self.current) if self.current else None

    @property
    def photo(self) -> PhotoFile | None:
        return self.tray.photo if self.tray else None

    @property
    def placement(self) -> Placement:
        """Of the photo at hand."""
        return self.tray.placement if self.tray else Placement()

    def place(self, **parts: Any) -> None:
        """Change parts of the `placement`."""
        if self.tray:
            self.tray.placement = replace(self.tray.placement, **parts)

    def outcome(self, key: str, spec: ModelSpec) -> Cut | Failure | None:
        """`Tray.outcome` of the photo with this key, with what was painted on it."""
        tray = self.trays[key]
        outcome = tray.outcome(spec, self.refiner)
        return tray.brushwork.over(outcome) if isinstance(outcome, Cut) else outcome

    def cuts(self, specs: Iterable[ModelSpec]) -> list[tuple[str, Cut]]:
        """(photo's key, cut) of everything that the models in `specs` have cut out so far."""
        found = ((key, self.outcome(key, spec)) for key in self.trays for spec in specs)
        return [(key, outcome) for key, outcome in found if isinstance(outcome, Cut)]

    def awaits(self, key: str, spec: ModelSpec) -> bool:
        """Whether the job that runs has yet to cut this photo with this model."""
        job = self.job  # which another thread may take away
        return job is not None and job.awaits((key, spec.name))

    @property
    def running(self) -> bool:
        job = self.job
        return job is not None and job.active


def bench() -> Bench:
    """This visit's own."""
    if "bench" not in st.session_state:
        st.session_state["bench"] = Bench()
    held = st.session_state["bench"]
    assert isinstance(held, Bench)
    return held
