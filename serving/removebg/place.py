"""How large the subject is in remove.bg's pictures, and where."""

import math
from dataclasses import dataclass

from compositing.frame import Extent
from compositing.placing import Placing
from compositing.window import Window
from serving.bodies import Body
from serving.errors import Refusal

_SMALLEST = 10
"""Percent of the picture that the subject takes, at least."""


@dataclass(frozen=True)
class Place:
    """part: of the picture's width or height, whichever it fills first, that the subject takes, in
    (0, 1]; None: as large as in the photo. position: from left (0) to right (1), and from top to
    bottom, of the room that the subject leaves; None: where it is in the photo."""

    part: float | None = None
    position: tuple[float, float] | None = None

    def placing(self, subject: Extent, photo: tuple[int, int]) -> Placing | None:
        """A picture of the photo's size (width, height); None if the subject stays as it is."""
        if self == Place():
            return None
        width, height = photo
        scale = 1.0
        if self.part is not None:
            scale = self.part * min(width / subject.width, height / subject.height)
        left = self._edge(0, subject.left, subject.width, width, scale)
        top = self._edge(1, subject.top, subject.height, height, scale)
        window = Window(left, top, width / scale, height / scale)
        return Placing(window, width, height, photo)

    def _edge(self, axis: int, start: int, side: int, whole: int, scale: float) -> float:
        """The window's left or upper edge. With no position a subject that is scaled keeps its
        middle, as far as it stays within the picture."""
        room = max(0.0, whole - side * scale)
        if self.position is None:
            there = min(max(0.0, start + side * (1 - scale) / 2), room)
        else:
            there = room * self.position[axis]
        return start - there / scale


def place_of(body: Body, *, cropped: bool) -> Place:
    """Who scales the subject and says no position wants it in the middle. Raises Refusal."""
    scale = body.word("scale") or "original"
    position = body.word("position") or ("original" if scale == "original" else "center")
    part = None if scale == "original" else _part(scale, "scale", _SMALLEST)
    place = Place(part, _position(position))
    if cropped and place != Place():
        raise Refusal(400, "crop can't go with scale or position here: leave one of them out.")
    return place


def _position(text: str) -> tuple[float, float] | None:
    if text == "original":
        return None
    if text == "center":
        return 0.5, 0.5
    parts = [_part(each, "position", 0, "original, center, ") for each in text.split()]
    if len(parts) not in (1, 2):
        raise Refusal(400, "position should be original, center, or one or two of 0% to 100%.")
    return parts[0], parts[-1]


def _part(text: str, name: str, least: int, others: str = "original, ") -> float:
    """From percent, with or without the sign."""
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = math.nan
    if not least <= percent <= 100:
        raise Refusal(400, f"{name} should be {others}or {least}% to 100%; not “{text}”.")
    return percent / 100
