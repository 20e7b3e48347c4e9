"""The words of painting: a wish goes in, a picture comes out. Nothing here is heavy to import."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

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
    Guidance", 2022); at 1 the negative prompt has no effect. seed: 0 to 2³² − 1; the same wish
    gives the same picture. Raises ValueError with a sentence that says what to do.
    """

    prompt: str
    negative: str = ""
    steps: int = 20
    guidance: float = 7.5
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise ValueError("Say in words what should be behind the subject.")
        if not STEPS[0] <= self.steps <= STEPS[1]:
            raise ValueError(f"Choose {STEPS[0]} to {STEPS[1]} steps, not {self.steps}.")
        if not GUIDANCE[0] <= self.guidance <= GUIDANCE[1]:
            low, high = GUIDANCE
            raise ValueError(f"Choose a guidance from {low:g} to {high:g}, not {self.guidance:g}.")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"Choose a seed from 0 to {LARGEST_SEED}, not {self.seed}.")


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

        photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)`. What is painted where
        the subject stands must not be shown. Raises RunFailed, or Cancelled between two steps.
        """
        ...
