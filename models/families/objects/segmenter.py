"""Names for what a model found in a photo, and the matte of what the person picks of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Photo
from compositing.masks import Mask, mask_to_alpha
from models.interface import Box, DetectedObject, Encoded, Matte, Prompt, PromptMissing
from models.running.stages import stage

PEOPLE = frozenset({"person"})
ANIMALS = frozenset(
    {"bear", "bird", "cat", "cow", "dog", "elephant", "giraffe", "horse", "sheep", "zebra"}
)
"""As COCO and Pascal VOC name them."""


class Finding(NamedTuple):
    """One thing that a network found. counted: one of several with its label, not all of them at
    once. stuff: it has no shape of its own, such as the sky; a subject only if it is picked."""

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
        """Raises PromptMissing when none of the picked objects is in the photo."""
        found: Found = encoded.value
        with stage("postprocess"):
            chosen, notes = pick(prompt.objects or found.guess, found.objects, self.title)
            alpha = np.zeros((encoded.height, encoded.width), np.float32)
            if chosen:
                alpha = mask_to_alpha(union(chosen), encoded.height, encoded.width)
        return Matte(alpha, soft=False, objects=found.objects, notes=tuple(notes))

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        return self.decode(self.encode(photo), prompt)


def pick(
    names: Sequence[str], objects: Sequence[DetectedObject], title: str
) -> tuple[list[DetectedObject], list[str]]:
    """The objects that have one of these names or labels, and a sentence on each name that none
    has. Raises PromptMissing, with what there is, when no name brings any object.

    title: the name, in sentences, of the model that found them.
    """
    called = {name: name.strip().casefold() for name in names}
    titles = [(each.name.casefold(), each.label.casefold()) for each in objects]
    picked = [
        each
        for each, own in zip(objects, titles, strict=True)
        if any(name in own for name in called.values())
    ]
    absent = [f"“{name}”" for name, it in called.items() if not any(it in own for own in titles)]
    if absent and not picked:
        there = ", ".join(each.name for each in objects)
        remedy = f"Pick of: {there}." if there else "It found nothing: choose another model."
        raise PromptMissing(f"{title} found no {' or '.join(absent)} in this photo. {remedy}")
    return picked, [f"No {name} was found." for name in absent]


def named(findings: Iterable[Finding], height: int, width: int) -> Found:
    """The findings in a photo of that size as objects, the surest first, then from left to right;
    those that are counted are numbered within their label in that order. A mask that is sure of no
    pixel is left out.
    """
    boxed = [(each, box) for each in findings if (box := bounding_box(each.mask, height, width))]
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
    """The names of what a photo usually shows, in the order of `things`: all people; if there are
    none, all animals; if there are none, the thing that covers most."""
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


def bounding_box(mask: Mask, height: int, width: int) -> Box | None:
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
