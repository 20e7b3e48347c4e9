"""How much a model's matte changes when the photo does in ways that should change nothing.

The photo is mirrored, darkened, turned by a few degrees and compressed; what the model then says is
brought back and compared with what it said of the photo itself. A steady model can still be wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from evaluation.encoding import jpeg
from models.interface import Box, Check, Point, Prompt, unwanted
from models.painter import Step
from models.running.pool import Pool
from photos.cut import Cut

type Segment = Callable[[Photo, Prompt], Alpha]
"""A model: photo and prompt in, alpha of the photo's size out."""

DARKER = 0.6
"""Of the light, in sRGB values."""

DEGREES = 4.0
QUALITY = 40
"""Of the JPEG."""

CHANGES = 4


@dataclass(frozen=True, eq=False)
class Change:
    """What is done to a photo. there: photo and prompt, changed; back: an alpha, and the part of it
    that is known, 0 or 1 at each pixel."""

    name: str
    there: Callable[[Photo, Prompt], tuple[Photo, Prompt]]
    back: Callable[[Alpha], tuple[Alpha, Alpha]]


@dataclass(frozen=True, eq=False)
class Steadiness:
    """by_change: the mean absolute difference that each change made, 0 to 1; one that leaves no
    pixel to compare, as turning a photo of a few pixels, is left out. worst: `float32
    (H, W)`, the largest difference at each pixel."""

    by_change: dict[str, float]
    worst: Alpha

    @property
    def mean(self) -> float:
        """Over the changes; 0 is perfectly steady."""
        return float(np.mean(list(self.by_change.values())))


def steadiness_of(
    cut: Cut,
    pool: Pool,
    *,
    pixels: Photo | None = None,
    step: Step | None = None,
    check: Check = unwanted,
) -> Steadiness:
    """How steady the model of a cut is on its photo: four more runs, on the device that it ran on.

    Masks are compared as the model drew them, before their edges are refined. pixels: the photo's,
    if they are at hand. step: told before each run how many are done, and of how many. Raises what
    `Pool.run` does.
    """
    bound = cut.photo.alpha() if cut.photo.transparent else None
    done = 0

    def segment(changed: Photo, prompt: Prompt) -> Alpha:
        nonlocal done
        check()
        if step:
            step(done, CHANGES)
        done += 1
        return pool.run(cut.spec, changed, prompt, cut.device, check=check).made.alpha

    pixels = cut.photo.pixels() if pixels is None else pixels
    return steadiness(pixels, cut.prompt, cut.own.alpha(refined=False), segment, bound)


def steadiness(
    photo: Photo, prompt: Prompt, alpha: Alpha, segment: Segment, bound: Alpha | None = None
) -> Steadiness:
    """Run a model on the changed photos. photo: `uint8 (H, W, 3)`; alpha: `float32 (H, W)`, what
    the model says of the photo itself; bound: what that was kept below, if anything. `segment` is
    called four times."""
    told, worst = {}, np.zeros(alpha.shape, np.float32)
    for change in changes(photo):
        again, known = change.back(segment(*change.there(photo, prompt)))
        if bound is not None:
            again = np.minimum(again, bound)
        apart = np.abs(again - alpha) * known
        if seen := known.sum(dtype=np.float64):
            told[change.name] = float(apart.sum(dtype=np.float64) / seen)
        np.maximum(worst, apart, out=worst)
    return Steadiness(told, worst)


def changes(photo: Photo) -> Iterator[Change]:
    """Of photos of this one's size."""
    yield MIRRORED
    yield Change("darker", lambda pixels, prompt: (_darker(pixels), prompt), _as_it_is)
    yield _turned(*photo.shape[:2])
    yield Change("compressed", lambda pixels, prompt: (_compressed(pixels), prompt), _as_it_is)


def mirrored(photo: Photo, prompt: Prompt) -> tuple[Photo, Prompt]:
    """Left and right changed over, in the prompt too."""
    width = photo.shape[1]
    boxes = tuple(Box(width - box.x1, box.y0, width - box.x0, box.y1) for box in prompt.boxes)
    points = tuple(Point(width - 1 - each.x, each.y, each.include) for each in prompt.points)
    turned = Prompt(boxes, points, prompt.text, prompt.objects)
    return np.ascontiguousarray(photo[:, ::-1]), turned


MIRRORED = Change(
    "mirrored", mirrored, lambda alpha: (alpha[:, ::-1], np.ones(alpha.shape, np.float32))
)


def _as_it_is(alpha: Alpha) -> tuple[Alpha, Alpha]:
    return alpha, np.ones(alpha.shape, np.float32)


def _darker(photo: Photo) -> Photo:
    return np.asarray(cv2.convertScaleAbs(photo, alpha=DARKER), np.uint8)


def _compressed(photo: Photo) -> Photo:
    file = np.frombuffer(jpeg(photo, QUALITY), np.uint8)
    pixels = np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(pixels[..., ::-1])


def _turned(height: int, width: int) -> Change:
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), DEGREES, 1.0)
    inverse = cv2.invertAffineTransform(matrix)

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = matrix @ (x, y, 1)
        return float(across), float(down)

    def there(photo: Photo, prompt: Prompt) -> tuple[Photo, Prompt]:
        # What comes in at the corners is what lies there, mirrored: black would be a subject.
        pixels = cv2.warpAffine(
            photo, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
        )
        boxes = []
        for box in prompt.boxes:
            corners = [place(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
            across, down = zip(*corners, strict=True)
            boxes.append(Box(min(across), min(down), max(across), max(down)))
        points = (Point(*place(each.x, each.y), each.include) for each in prompt.points)
        return pixels, Prompt(tuple(boxes), tuple(points), prompt.text, prompt.objects)

    def back(alpha: Alpha) -> tuple[Alpha, Alpha]:
        again, known = (
            cv2.warpAffine(each, inverse, (width, height), flags=cv2.INTER_LINEAR)
            for each in (alpha, np.ones(alpha.shape, np.float32))
        )
        return again, (known > 0.999).astype(np.float32)

    return Change("turned", there, back)
