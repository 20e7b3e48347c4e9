"""The words of painting: a wish goes in, a picture comes out. Nothing here is heavy to import."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from compositing.arrays import Alpha, Photo

type Step = Callable[[int, int], None]
"""Called while a painter works, with the number of steps done and of all steps."""

STEPS = (2, 150)
GUIDANCE = (1.0, 30.0)
LARGEST_SEED = 2**32 - 1
NEW_SEEDS = 10**6


@dataclass(frozen=True)
class Wish:
    """What should be behind the subject, and how it is painted.

    prompt: what to show; negative: what not to show. steps: of denoising, 2 to 150. guidance: how
    closely to follow the prompt, 1 to 30 (the scale of Ho and Salimans, "Classifier-Free Diffusion
    Guidance", 2022); at 1 the negative prompt has no effect. None: as is usual for the painter, see
    `Habits`. seed: 0 to 2³² − 1; the same wish gives the same picture. Raises ValueError with a
    sentence that says what to do.
    """

    prompt: str
    negative: str = ""
    steps: int | None = None
    guidance: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise ValueError("Say in words what should be behind the subject.")
        if self.steps is not None and not STEPS[0] <= self.steps <= STEPS[1]:
            raise ValueError(f"Choose {STEPS[0]} to {STEPS[1]} steps, not {self.steps}.")
        low, high = GUIDANCE
        if self.guidance is not None and not low <= self.guidance <= high:
            raise ValueError(f"Choose a guidance from {low:g} to {high:g}, not {self.guidance:g}.")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"Choose a seed from 0 to {LARGEST_SEED}, not {self.seed}.")


@dataclass(frozen=True)
class Habits:
    """What a painter does unless it's told otherwise. steps: of denoising. guidance: None if it
    has none, as painters distilled to a few steps; nor does it hear then what not to show, which
    works by guidance alone."""

    steps: int = 20
    guidance: float | None = 7.5

    def settle(self, wish: Wish, painter: str) -> Wish:
        """The wish with nothing left open. painter: its name, for what is said. Raises ValueError
        for what the painter can't be told, which else would change nothing."""
        if self.guidance is None:
            unheard = {"negative words": wish.negative, "guidance": wish.guidance is not None}
            for what in (name for name, said in unheard.items() if said):
                raise ValueError(f"{painter} has no {what}. Leave that out, or choose another.")
        return replace(
            wish,
            steps=self.steps if wish.steps is None else wish.steps,
            guidance=self.guidance if wish.guidance is None else wish.guidance,
        )


USUAL = Habits()


def variants(wish: Wish, count: int) -> list[Wish]:
    """The wish, and the same with the seeds that follow: `count` in all. Raises ValueError."""
    return [replace(wish, seed=wish.seed + number) for number in range(count)]


def new_seed() -> int:
    """A random seed, short enough to be copied by hand."""
    return secrets.randbelow(NEW_SEEDS)


class Painter(Protocol):
    """All that is asked of a model that paints."""

    def paint(self, photo: Photo, alpha: Alpha, wish: Wish, step: Step) -> Photo:
        """A background for the subject, `uint8 (h, w, 3)`, of the photo's proportions at the
        painter's own size.

        photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)`; wish: settled, see `Habits`. What is
        painted where the subject stands must not be shown. Raises RunFailed, or Cancelled between
        two steps. A painter whose family has a `Reader` is given, as `words`, what that read.
        """
        ...


@dataclass(frozen=True, eq=False)
class Words:
    """What a reader made of a prompt; only its painter can use `value`. nbytes: the memory that it
    takes on the device."""

    value: Any
    nbytes: int


class Reader(Protocol):
    """A painter's text encoder that is loaded apart from the rest, by `load_reader` of its family:
    where both don't fit in the memory, it is dropped before the rest is loaded."""

    def read(self, prompt: str) -> Words:
        """Raises RunFailed for what is longer than it reads."""
        ...
