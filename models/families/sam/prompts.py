"""A prompt, taken apart: a mask decoder is told of one subject at a time, and draws one mask."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.interface import Box, Point, Prompt


@dataclass(frozen=True)
class Subject:
    """One thing to cut out: a box, points, or both. name: how a person would call it."""

    name: str
    box: Box | None
    points: tuple[Point, ...]


def subjects(prompt: Prompt) -> list[Subject]:
    """The subjects that boxes and points tell of, in the order of the boxes.

    A point inside a box refines that box, the smallest that holds it. Of the others, those to
    include tell of one more subject together, and those to exclude are about every subject.
    """
    owners = [_owner(point, prompt.boxes) for point in prompt.points]
    free = [point for point, owner in zip(prompt.points, owners, strict=True) if owner is None]
    excluded = tuple(point for point in free if not point.include)
    found = []
    for number, box in enumerate(prompt.boxes):
        own = (p for p, owner in zip(prompt.points, owners, strict=True) if owner == number)
        found.append(Subject(f"Box {number + 1}", box, (*own, *excluded)))
    if len(excluded) < len(free):
        found.append(Subject("What was clicked", None, tuple(free)))
    return found


def excluded_everywhere(prompt: Prompt) -> list[Point]:
    """The points to exclude that are outside all boxes."""
    return [p for p in prompt.points if not p.include and _owner(p, prompt.boxes) is None]


def _owner(point: Point, boxes: Sequence[Box]) -> int | None:
    """The place of the smallest box that holds the point."""
    around = [
        ((box.x1 - box.x0) * (box.y1 - box.y0), number)
        for number, box in enumerate(boxes)
        if box.x0 <= point.x < box.x1 and box.y0 <= point.y < box.y1
    ]
    return min(around)[1] if around else None
