"""The words everyone speaks: prompts go in, mattes come out, and what can go wrong has a name.

Coordinates are the photo's own pixels: x to the right, y down, the top left corner of the photo is
(0, 0). Nothing here is heavy to import.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.masks import Mask, mask_to_alpha

NOBODY = 0.1
"""A matte that stays below this everywhere has found no subject."""


@dataclass(frozen=True)
class Box:
    """A box around a subject: pixels with x0 <= x < x1 and y0 <= y < y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not (self.x1 > self.x0 and self.y1 > self.y0):
            raise ValueError(
                "A box needs x0 < x1 and y0 < y1; this one is "
                f"{self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g}."
            )


@dataclass(frozen=True)
class Point:
    """A click: on the subject (include) or on what doesn't belong to it."""

    x: float
    y: float
    include: bool = True


@dataclass(frozen=True)
class Prompt:
    """What the person says about the subject. If it is empty, the model decides by itself.

    text: noun phrases such as "person"; objects: names as a model listed them, such as "person 2".
    """

    boxes: tuple[Box, ...] = ()
    points: tuple[Point, ...] = ()
    text: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.boxes or self.points or self.text or self.objects)

    @property
    def names_subject(self) -> bool:
        """Whether it says what to cut out, and not only what to leave out."""
        included = any(point.include for point in self.points)
        return bool(self.boxes or included or self.text or self.objects)

    def only(self, kinds: Collection[str]) -> Self:
        """The part of it that a model understands. kinds: what it takes, such as {"boxes"}."""
        return replace(self, **{kind.name: () for kind in fields(self) if kind.name not in kinds})


NOTHING_SAID = Prompt()


@dataclass(frozen=True, eq=False)
class DetectedObject:
    """One thing a model found in a photo of `height` × `width` pixels.

    name: unique in its photo ("person 2"). score: 0 to 1, how sure the model is. mask: as
    small as the network drew it; twenty alphas of a large photo would take a gigabyte.
    """

    name: str
    label: str
    score: float
    box: Box
    mask: Mask
    height: int
    width: int

    @property
    def alpha(self) -> Alpha:
        """The mask at the photo's size, made anew each time."""
        return mask_to_alpha(self.mask, self.height, self.width)

    @property
    def share(self) -> float:
        """The part of the photo that it covers, 0 to 1."""
        return float(self.mask.mean()) / 255


@dataclass(frozen=True, eq=False)
class Matte:
    """alpha: `float32 (H, W)` in [0, 1], the photo's size. soft: a matting network drew the
    edges; those of a mask have yet to be refined. objects: all that was found, chosen or not.
    foreground: the subject's own colours where a network tells them, `uint8 (h, w, 3)`, sRGB, not
    premultiplied; they span the whole photo at the network's size. notes: what the person
    should know, a sentence each ("Box 2 holds nothing …").
    """

    alpha: Alpha
    soft: bool
    objects: tuple[DetectedObject, ...] = ()
    notes: tuple[str, ...] = ()
    foreground: Photo | None = None

    @property
    def empty(self) -> bool:
        return self.alpha.size == 0 or float(self.alpha.max()) < NOBODY

    @property
    def share(self) -> float:
        """The part of the photo kept as subject, 0 to 1."""
        return float(self.alpha.mean(dtype=np.float64))


class Segmenter(Protocol):
    """All that is asked of a model."""

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        """The matte of `photo` (`uint8 (H, W, 3)`), of the photo's size.

        Raises PromptMissing when the model can't guess, RunFailed when it could not finish.
        Each part of the work is timed with `models.running.stages.stage`.
        """
        ...


@dataclass(frozen=True, eq=False)
class Encoded:
    """What a model made of a photo before it was told anything; only that model can read `value`.

    nbytes: the memory that it takes on the device. height, width: the photo's.
    """

    value: Any
    nbytes: int
    height: int
    width: int


@runtime_checkable
class Encoder(Protocol):
    """A segmenter whose costly part doesn't depend on the prompt: encode once, decode many times.

    `segment(photo, prompt)` is `decode(encode(photo), prompt)`, to the bit.
    """

    def encode(self, photo: Photo) -> Encoded:
        """The costly part. Raises RunFailed."""
        ...

    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        """The quick part, of the photo's size. Raises PromptMissing or RunFailed."""
        ...

    def segment(self, photo: Photo, prompt: Prompt) -> Matte: ...


class ModelError(Exception):
    """Something went wrong with a model, in one sentence that says what to do next."""


class LoadFailed(ModelError):
    """The model could not be made ready: weights, memory or a broken file."""


class RunFailed(ModelError):
    """The model was ready and did not finish this photo."""


class OutOfMemory(RunFailed):
    """There wasn't enough memory for this photo. What the device had loaded has been dropped."""


class PromptMissing(ModelError):
    """The model must be told what the subject is."""


class DeviceMissing(ModelError):
    """The chosen device isn't in this machine."""


def untold(label: str, *, by_words: bool = False) -> PromptMissing:
    """The error of a model that can't guess and was told nothing. label: the model's name.
    by_words: whether it hears words too."""
    ways = "name it, draw a box around it or click" if by_words else "draw a box around it or click"
    return PromptMissing(f"{label} must be told what to cut out: {ways} on it.")


class Cancelled(Exception):
    """The person stopped the work; not an error."""


type Check = Callable[[], None]
"""Called between stages and inside long loops; raises Cancelled to stop the work."""


def unwanted() -> None:
    """The Check of work that nobody stops."""
