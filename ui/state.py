"""What a visit holds: photos, prompts, cuts and the job that runs. It goes when the tab closes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import streamlit as st

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.interface import ModelError, Prompt
from models.running.lanes import Job
from photos.cutting import Cut, Refiner
from photos.painting import Painting
from photos.reading import PhotoError, PhotoFile, open_photo, photo_key

PAINTINGS = 12
"""Kept of each photo."""


@dataclass(frozen=True)
class Failure:
    """A model that gave no cut, and the prompt that it was given."""

    error: ModelError
    prompt: Prompt


@dataclass(eq=False)
class Easel:
    """What was painted for a photo, the painting that goes behind its subject, and why the last
    attempt gave none: the painter and what it met."""

    paintings: tuple[Painting, ...] = ()
    chosen: Painting | None = None
    failure: tuple[ModelSpec, Failure] | None = None

    def take(self, painting: Painting) -> None:
        """Keep one more; the oldest goes when there are many."""
        self.paintings = (*self.paintings, painting)[-PAINTINGS:]


class Backdrop(NamedTuple):
    """A picture to go behind subjects: the uploaded file's id and name, and its pixels."""

    file: str
    name: str
    pixels: Photo


@dataclass(eq=False)
class Bench:
    """photos: by a digest of their bytes and name, in order of arrival. The next five are by photo
    and by photo and model: prompts, what was drawn and typed; picks, the objects chosen among a
    model's own; asking, what a model was last run for; outcomes, what came of it; latest, the last
    cut, whatever was asked. easels: by photo. uploads: by their ids, which photo came of each of
    the files that the uploader shows. refused: what to tell of files that could not be used.
    backdrop: what Replace puts behind subjects under Picture. job: what runs now; trial, the job
    that the Prompt page started last. refiner: what draws masks' edges. visit: grows with
    “Start over”, so that the uploader forgets too.
    """

    photos: dict[str, PhotoFile] = field(default_factory=dict)
    current: str | None = None
    prompts: dict[str, Prompt] = field(default_factory=dict)
    picks: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    asking: dict[tuple[str, str], Prompt] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], Cut | Failure] = field(default_factory=dict)
    latest: dict[tuple[str, str], Cut] = field(default_factory=dict)
    easels: dict[str, Easel] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    backdrop: Backdrop | None = None
    job: Job | None = None
    trial: Job | None = None
    refiner: Refiner = "quick"
    visit: int = 0

    def add(self, data: bytes, name: str) -> str:
        """Open a photo and make it the current one; a file that can't be used is told of. Returns
        the key that the photo has, or would have."""
        key = photo_key(data, name)
        try:
            if key not in self.photos:
                self.photos[key] = open_photo(data, name)
            self.current = key
        except PhotoError as error:
            self.refused.append(str(error))
        return key

    def drop(self, key: str) -> None:
        """Forget a photo and all that came of it; a job that has yet to cut it ends. If it was the
        current one, its neighbour is next."""
        if self.job and any(step.key[0] == key for step in self.job.steps[self.job.done :]):
            self.job.cancel()
        if key == self.current:
            keys = list(self.photos)
            at = keys.index(key)
            self.current = next(iter(keys[at + 1 :] or reversed(keys[:at])), None)
        for by_photo in (self.photos, self.prompts, self.easels):
            by_photo.pop(key, None)
        for by_model in (self.picks, self.asking, self.outcomes, self.latest):
            for pair in list(by_model):  # a copy: a job may be adding to it
                if pair[0] == key:
                    del by_model[pair]

    @property
    def photo(self) -> PhotoFile | None:
        return self.photos.get(self.current) if self.current else None

    def easel(self, key: str) -> Easel:
        return self.easels.setdefault(key, Easel())

    def prompt(self, key: str) -> Prompt:
        """What was drawn and typed for a photo."""
        return self.prompts.get(key, Prompt())

    def asked(self, key: str, spec: ModelSpec) -> Prompt:
        """What a model is asked about a photo: all that it can be told, and the objects that were
        picked among its own."""
        objects = self.picks.get((key, spec.name), ())
        return replace(self.prompt(key), objects=objects).only(spec.prompts)

    def outcome(self, key: str, spec: ModelSpec) -> Cut | Failure | None:
        """What became of a photo, unless what decides it has changed since: the prompt that the
        model listens to, or the refiner of hard masks."""
        outcome = self.outcomes.get((key, spec.name))
        if outcome is None or outcome.prompt != self.asked(key, spec):
            return None
        if isinstance(outcome, Cut) and outcome.refiner not in (None, self.refiner):
            return None
        return outcome

    def cuts(self, specs: Iterable[ModelSpec]) -> list[tuple[str, Cut]]:
        """(photo's key, cut) of everything that the models in `specs` have cut out so far."""
        found = ((key, self.outcome(key, spec)) for key in self.photos for spec in specs)
        return [(key, outcome) for key, outcome in found if isinstance(outcome, Cut)]

    def awaits(self, key: str, spec: ModelSpec) -> bool:
        """Whether the job that runs has yet to cut this photo with this model."""
        job = self.job
        if job is None or not job.active:
            return False
        return any(step.key == (key, spec.name) for step in job.steps[job.done :])

    @property
    def running(self) -> bool:
        return self.job is not None and self.job.active


def bench() -> Bench:
    """This visit's own."""
    if "bench" not in st.session_state:
        st.session_state["bench"] = Bench()
    held = st.session_state["bench"]
    assert isinstance(held, Bench)
    return held


def start_over() -> None:
    """As if the page had just been opened; the controls alone stay as they were set."""
    held = bench()
    if held.job:
        held.job.cancel()
    st.session_state["bench"] = Bench(refiner=held.refiner, visit=held.visit + 1)
