"""What a model found in a photo gets its names here, and what the person picked becomes a matte."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Photo
from models.interface import Box, DetectedObject, Encoded, Matte, Prompt, PromptMissing
from models.masks import Mask, enlarged
from models.stages import stage

PEOPLE = frozenset({"person"})
ANIMALS = frozenset(
    {"bear", "bird", "cat", "cow", "dog", "elephant", "giraffe", "horse", "sheep", "zebra"}
)
"""As COCO and Pascal VOC name them."""


class Finding(NamedTuple):
    """One thing, as a network tells it. counted: one of several of its label, not all of it at
    once. stuff: without a shape of its own, such as the sky; nobody's subject unless picked."""

    label: str
    score: float
    mask: Mask
    counted: bool = True
    stuff: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """All that was found in a photo; guess: the names of the subject when nobody picks one."""

    objects: tuple[DetectedObject, ...]
    guess: tuple[str, ...]


@dataclass(frozen=True)
class ObjectSegmenter:
    """An Encoder made of a network that finds things: finding them is the costly part, picking
    among them the quick one. All masks of a photo have one size.

    title: the model's name in sentences.
    """

    title: str
    find: Callable[[Photo], Sequence[Finding]]

    def encode(self, photo: Photo) -> Encoded:
        height, width = photo.shape[:2]
        findings = self.find(photo)
        with stage("postprocess"):
            found = named(findings, height, width)
        nbytes = sum(each.mask.nbytes for each in found.objects)
        return Encoded(found, nbytes, height, width)

    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        """Raises PromptMissing, with what there is, when a picked object isn't in the photo."""
        found: Found = encoded.value
        with stage("postprocess"):
            names = prompt.objects or found.guess
            chosen = {each.name: each for name in names for each in self._picked(name, found)}
            alpha = np.zeros((encoded.height, encoded.width), np.float32)
            if chosen:
                alpha = enlarged(union(chosen.values()), encoded.height, encoded.width)
        return Matte(alpha, soft=True, objects=found.objects)

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        return self.decode(self.encode(photo), prompt)

    def _picked(self, name: str, found: Found) -> list[DetectedObject]:
        """The object of that name, or all of that label."""
        wanted = name.strip().casefold()
        picked = [
            each
            for each in found.objects
            if wanted in (each.name.casefold(), each.label.casefold())
        ]
        if not picked:
            names = ", ".join(each.name for each in found.objects)
            remedy = f"Pick of: {names}." if names else "It found nothing: choose another model."
            raise PromptMissing(f"{self.title} found no “{name}” in this photo. {remedy}")
        return picked


def named(findings: Iterable[Finding], height: int, width: int) -> Found:
    """The findings in a photo of that size as objects, the surest first, then from left to right;
    those that are counted are numbered within their label in that order. A mask that is sure of no
    pixel is left out.
    """
    boxed = [(each, box) for each in findings if (box := around(each.mask, height, width))]
    boxed.sort(key=lambda pair: (-pair[0].score, pair[1].x0, pair[1].y0))
    numbers: Counter[str] = Counter()
    objects, things = [], []
    for (label, score, mask, counted, stuff), box in boxed:
        numbers[label] += 1
        name = f"{label} {numbers[label]}" if counted else label
        objects.append(DetectedObject(name, label, score, box, mask, height, width))
        if not stuff:
            things.append(objects[-1])
    return Found(tuple(objects), subject(things))


def subject(things: Sequence[DetectedObject]) -> tuple[str, ...]:
    """Whom a photo is of, as a rule: its people; without people its animals, all of them; without
    animals the thing that covers most. Names, in the order of `things`."""
    for kind in (PEOPLE, ANIMALS):
        if names := tuple(each.name for each in things if each.label in kind):
            return names
    return (max(things, key=lambda each: each.share).name,) if things else ()


def union(objects: Iterable[DetectedObject]) -> Mask:
    """What belongs to any of them. The sum rather than the maximum: along the seam of two people
    each has half of a pixel, and together they have all of it."""
    first, *others = (each.mask for each in objects)
    for mask in others:
        first = cv2.add(first, mask)  # saturates
    return first


def around(mask: Mask, height: int, width: int) -> Box | None:
    """The box, in pixels of a photo of that size, of what is more likely in the mask than not."""
    inside = mask > 127
    rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    down, right = height / mask.shape[0], width / mask.shape[1]
    return Box(
        float(columns[0] * right),
        float(rows[0] * down),
        float((columns[-1] + 1) * right),
        float((rows[-1] + 1) * down),
    )
