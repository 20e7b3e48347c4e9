"""What there is of one photo in a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from compositing.floor import Floor
from compositing.stand import Stand
from evaluation.agreement import Agreement, agreement
from models.catalog import ModelSpec
from models.interface import ModelError, Prompt
from photos.cut import Cut, Refiner
from photos.cutting import input_cut
from photos.depth import Seen
from photos.painting import Painting
from photos.photo import PhotoFile
from ui.brushwork import Brushwork

PAINTINGS = 12
"""Kept of each photo."""


@dataclass(frozen=True)
class Failure:
    """A model that gave no cut, and the prompt that it was given."""

    error: ModelError
    prompt: Prompt


@dataclass(frozen=True)
class Steady:
    """How steady a model is on a photo: what each change of the photo changed in its matte, mean
    absolute difference, 0 to 1; and a JPEG of where it changed most."""

    by_change: Mapping[str, float]
    mean: float
    jpeg: bytes


@dataclass(eq=False)
class Easel:
    """What was painted for a photo, the painting that goes behind its subject, and why the last
    attempt gave none: the painter and what it met."""

    paintings: tuple[Painting, ...] = ()
    chosen: Painting | None = None
    failure: tuple[ModelSpec, Failure] | None = None

    def take(self, painting: Painting, *, choose: bool = False) -> None:
        """Keep one more; the oldest goes when there are many. choose: it goes behind."""
        self.paintings = (*self.paintings, painting)[-PAINTINGS:]
        if choose:
            self.chosen = painting


@dataclass(frozen=True)
class Placement:
    """How the new picture of a photo is laid out: where its subject stands; which part of a
    background picture is seen, as `compositing.background.Picture` takes it, and how large."""

    stand: Stand = field(default_factory=Stand)
    position: tuple[float, float] = (0.5, 0.5)
    zoom: float = 1.0


@dataclass(eq=False)
class Tray:
    """What there is of one photo. Whoever works on it holds the tray, not the visit: what comes of
    a photo that was taken away goes with its tray.

    prompt: what was drawn and typed. By models' names: picks, the objects chosen among a model's
    own; asking, what it was last run for; outcomes, what came of it; latest, the last cut, whatever
    was asked; steady, how steady it is, or why nobody knows, beside the key of the cut that was
    asked about; depths, how far things are. mattes: those of other tools, by their rows' names.
    floor, focus: of a blur by depth, None where nothing was said of this photo. placement: of its
    new picture. brushwork: what was painted on mattes; all other cuts here are without it. choice:
    the model whose result the person took for this photo, by its name.
    """

    photo: PhotoFile
    prompt: Prompt = field(default_factory=Prompt)
    picks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asking: dict[str, Prompt] = field(default_factory=dict)
    outcomes: dict[str, Cut | Failure] = field(default_factory=dict)
    latest: dict[str, Cut] = field(default_factory=dict)
    easel: Easel = field(default_factory=Easel)
    steady: dict[str, tuple[str, Steady | ModelError]] = field(default_factory=dict)
    mattes: dict[str, Cut] = field(default_factory=dict)
    placement: Placement = field(default_factory=Placement)
    floor: Floor | None = None
    focus: tuple[float, float] | None = None
    depths: dict[str, Seen | ModelError] = field(default_factory=dict)
    brushwork: Brushwork = field(default_factory=Brushwork)
    choice: str | None = None
    _agreement: tuple[tuple[str, ...], Agreement | None] = ((), None)

    def agreement(self, cuts: Sequence[Cut]) -> Agreement | None:
        """What these cuts of the photo agree on; kept until others are asked about."""
        keys = tuple(cut.own.key for cut in cuts)
        if keys != self._agreement[0]:
            self._agreement = keys, agreement(cuts)
        return self._agreement[1]

    @cached_property
    def own(self) -> Cut | None:
        """The transparency that the photo's file came with, to be compared too."""
        return input_cut(self.photo)

    @property
    def brought(self) -> list[Cut]:
        """Mattes that no model made: the one in the photo's file, and those of other tools; with
        what was painted on them."""
        return [self.brushwork.over(cut) for cut in (self.own, *self.mattes.values()) if cut]

    def asked(self, spec: ModelSpec) -> Prompt:
        """What a model is asked about the photo: all that it can be told, and the objects that were
        picked among its own."""
        objects = self.picks.get(spec.name, ())
        return replace(self.prompt, objects=objects).only(spec.prompts)

    def choose(self, model: str, name: str) -> None:
        """Pick an object among a model's own, or leave it out again."""
        picks = self.picks.get(model, ())
        without = tuple(each for each in picks if each != name)
        self.picks[model] = without if name in picks else (*picks, name)

    def can_run(self, spec: ModelSpec) -> bool:
        """Whether a model is told enough to run on the photo."""
        return not spec.needs_prompt or self.asked(spec).names_subject

    def outcome(self, spec: ModelSpec, refiner: Refiner) -> Cut | Failure | None:
        """What became of the photo, unless it's `_outdated`."""
        outcome = self.outcomes.get(spec.name)
        return None if outcome is None or self._outdated(spec, outcome, refiner) else outcome

    def outdated(self, spec: ModelSpec, refiner: Refiner) -> Cut | Failure | None:
        """What became of the photo, if it's `_outdated` and the model can run again."""
        outcome = self.outcomes.get(spec.name)
        if outcome is None or not self.can_run(spec):
            return None
        return outcome if self._outdated(spec, outcome, refiner) else None

    def _outdated(self, spec: ModelSpec, outcome: Cut | Failure, refiner: Refiner) -> bool:
        """Whether what decides an outcome has changed since: the prompt that the model listens to,
        or the refiner of hard masks."""
        other = isinstance(outcome, Cut) and outcome.refiner not in (None, refiner)
        return other or outcome.prompt != self.asked(spec)
