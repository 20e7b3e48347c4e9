"""A matte retouched by hand: strokes of a brush that erase the subject, or restore it.

A stroke is kept as it was drawn, in the photo's pixels, and so fits any matte of the photo. By
default it keeps to the colours that it was drawn on: `compositing.reach`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.checks import as_alpha, as_pair, as_photo
from compositing.reach import reach

type Mode = Literal["erase", "restore"]

LARGEST = 20_000.0
"""A brush's diameter, at most, in pixels."""
FARTHEST = 1e6
"""How far from the photo's corner a point may lie, in pixels."""
MOST_POINTS = 1000
"""Of a stroke."""
PIECE = 4.0
"""A stroke is worked on in pieces of so many radii: a long one takes no larger window, and colours
that change along it are compared with those nearby."""


@dataclass(frozen=True)
class Stroke:
    """One stroke of the brush.

    Parameters
    ----------
    points : tuple of (float, float, float)
        x, y and pressure: the path in the upright photo's pixels, where pixel i covers i to i + 1,
        inside the photo or not; the brush's size is multiplied by the pressure, in [0, 1].
    mode : {"erase", "restore"}
        Whether the subject is taken away, or brought back.
    size : float
        The brush's diameter in the photo's pixels.
    hardness : float
        The part of the radius in which the brush has its full opacity, 0 to 1.
    opacity : float
        How much of the alpha is changed, 0 to 1, however often the stroke crosses itself.
    aware : bool
        Whether the stroke keeps to the colours that it was drawn on, and so to edges.

    Raises
    ------
    ValueError
        If there are no points, or a number lies outside of what can be.

    Examples
    --------
    >>> Stroke(((20, 30, 1), (80, 30, 0.5)), "erase", size=12).aware
    True
    >>> Stroke((), size=12)
    Traceback (most recent call last):
    ValueError: A stroke has 1 to 1000 points; got 0.
    """

    points: tuple[tuple[float, float, float], ...]
    mode: Mode = "restore"
    size: float = 40
    hardness: float = 0.8
    opacity: float = 1
    aware: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.points) <= MOST_POINTS:
            raise ValueError(f"A stroke has 1 to {MOST_POINTS} points; got {len(self.points)}.")
        if not 1 <= self.size <= LARGEST:
            raise ValueError(f"A brush's size is 1 to {LARGEST:g} pixels; got {self.size:g}.")
        for name in ("hardness", "opacity"):
            if not 0 <= (value := getattr(self, name)) <= 1:
                raise ValueError(f"A brush's {name} is 0 to 1; got {value:g}.")
        for x, y, pressure in self.points:
            if not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):
                raise ValueError(f"A stroke's point is too far from the photo: {x:g}, {y:g}.")
            if not 0 <= pressure <= 1:
                raise ValueError(f"A point's pressure is 0 to 1; got {pressure:g}.")


@dataclass(frozen=True)
class Patch:
    """What a piece of a stroke does to any matte of its photo: alpha moves toward `target` by each
    pixel's weight.

    Parameters
    ----------
    left, top : int
        Of its window, in the photo's pixels.
    target : {0, 1}
    packed : bytes
        The weights, 0 to 255, as a PNG of grey levels.

    Examples
    --------
    >>> dab = Stroke(((4.5, 5.5, 1),), size=4, hardness=1, aware=False)
    >>> (patch,) = patches_of(np.zeros((9, 9, 3), np.uint8), dab)
    >>> patch.left, patch.top, patch.target, int(patch.weights().max())
    (1, 2, 1, 255)
    """

    left: int
    top: int
    target: Literal[0, 1]
    packed: bytes

    def weights(self) -> NDArray[np.uint8]:
        """`uint8 (h, w)`: the window's."""
        data = np.frombuffer(self.packed, np.uint8)
        return cast(NDArray[np.uint8], cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def painted(alpha: NDArray[Any], photo: NDArray[Any], strokes: Sequence[Stroke]) -> Alpha:
    """Retouch an alpha by strokes, in the order in which they were drawn.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1]; bool and uint8 are converted.
    photo : (H, W, 3) uint8 array
        RGB.
    strokes : sequence of Stroke

    Returns
    -------
    painted : (H, W) float32 array
        In [0, 1]. Without strokes, the same values.

    Raises
    ------
    ValueError
        If the arrays cannot be a photo and its alpha.

    Examples
    --------
    >>> alpha, photo = np.zeros((9, 9), np.float32), np.zeros((9, 9, 3), np.uint8)
    >>> dab = Stroke(((4.5, 4.5, 1),), "restore", size=3, hardness=1)
    >>> painted(alpha, photo, [dab])[4, 2:7].tolist()
    [0.0, 1.0, 1.0, 1.0, 0.0]
    """
    as_pair(photo, alpha)
    photo, result = as_photo(photo), as_alpha(alpha).copy()
    for stroke in strokes:
        lay(result, patches_of(photo, stroke))
    return result


def patches_of(photo: Photo, stroke: Stroke) -> tuple[Patch, ...]:
    """Find out what a stroke does, whatever the matte.

    Parameters
    ----------
    photo : (H, W, 3) uint8 array
        RGB, at full size. A stroke that isn't `aware` asks only for its size.
    stroke : Stroke

    Returns
    -------
    patches : tuple of Patch
        None of which touch the same pixel. Empty if the stroke lies outside of the photo.

    Examples
    --------
    >>> photo = np.zeros((90, 90, 3), np.uint8)
    >>> [patch.weights().shape for patch in patches_of(photo, Stroke(((4, 50, 1),), size=9))]
    [(12, 10)]
    >>> patches_of(photo, Stroke(((-50, 4, 1),), size=9))
    ()
    """
    from compositing.kernels import strokes as kernels

    height, width = photo.shape[:2]
    windows: list[tuple[int, int, NDArray[np.float32]]] = []
    for path in _pieces(_path(stroke)):
        reached = path[:, 2].max() + 1
        left, top = (max(math.floor(path[:, axis].min() - reached), 0) for axis in (0, 1))
        right = min(math.ceil(path[:, 0].max() + reached), width)
        bottom = min(math.ceil(path[:, 1].max() + reached), height)
        if left >= right or top >= bottom:
            continue
        weight = np.zeros((bottom - top, right - left), np.float32)
        near = np.full_like(weight, np.inf)
        moved = np.ascontiguousarray(path - np.array([left, top, 0], np.float32))
        kernels.footprint(moved, np.float32(stroke.hardness), weight, near)
        if stroke.aware and weight.any():
            window = np.ascontiguousarray(photo[top:bottom, left:right])
            weight *= reach(window, near, float(path[:, 2].max()))
        for other in windows:
            _apart(other, (left, top, weight))
        windows.append((left, top, weight))
    target: Literal[0, 1] = 1 if stroke.mode == "restore" else 0
    return tuple(
        Patch(left, top, target, _packed(weight * stroke.opacity))
        for left, top, weight in windows
        if weight.any()
    )


def lay(values: NDArray[Any], patches: Sequence[Patch]) -> None:
    """Write patches into a matte, in order.

    Parameters
    ----------
    values : (H, W) array
        float32 in [0, 1], or uint8 or uint16 of which the largest is the subject; of the size of
        the photo that the patches are of. Changed in place.
    patches : sequence of Patch

    Examples
    --------
    >>> levels = np.full((9, 9), 200, np.uint8)
    >>> dab = Stroke(((4.5, 4.5, 1),), "erase", size=3, hardness=1, opacity=0.5)
    >>> lay(levels, patches_of(np.zeros((9, 9, 3), np.uint8), dab))
    >>> levels[4, 2:7].tolist()
    [200, 100, 100, 100, 200]
    """
    whole = np.issubdtype(values.dtype, np.integer)
    most = np.iinfo(values.dtype).max if whole else 1
    for patch in patches:
        weights = patch.weights()
        height, width = weights.shape
        under = values[patch.top : patch.top + height, patch.left : patch.left + width]
        share = weights * np.float32(1 / 255)
        share[weights == 255] = 1
        moved = under * (1 - share) + share * np.float32(patch.target * most)
        moved = np.rint(moved) if whole else moved
        np.copyto(under, moved.astype(values.dtype), where=weights > 0)


def _path(stroke: Stroke) -> NDArray[np.float32]:
    """(n, 3): x, y, radius."""
    path = np.array(stroke.points, np.float32)
    path[:, 2] = np.maximum(path[:, 2] * (stroke.size / 2), 0.5)
    return path


def _pieces(path: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """The path in parts that aren't longer than PIECE radii; each begins where another ends."""
    steps = np.hypot(*np.diff(path[:, :2], axis=0).T)
    if not steps.size:
        yield path
        return
    most = max(PIECE * float(path[:, 2].max()), 64.0)
    parts = np.maximum(np.ceil(steps / most), 1).astype(int)
    dense = [
        path[i] + (path[i + 1] - path[i]) * np.float32(part / count)
        for i, count in enumerate(parts)
        for part in range(count)
    ]
    points = np.array([*dense, path[-1]], np.float32)
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(points[:, :2], axis=0).T))]
    piece = np.minimum(along[:-1] // most, along[-1] // most)
    for number in np.unique(piece):
        (inside,) = np.nonzero(piece == number)
        yield points[inside[0] : inside[-1] + 2]


def _apart(
    before: tuple[int, int, NDArray[np.float32]], after: tuple[int, int, NDArray[np.float32]]
) -> None:
    """Where two windows of a stroke overlap, the larger weight goes into the later one alone."""
    (ax, ay, a), (bx, by, b) = before, after
    left, right = max(ax, bx), min(ax + a.shape[1], bx + b.shape[1])
    top, bottom = max(ay, by), min(ay + a.shape[0], by + b.shape[0])
    if left < right and top < bottom:
        old = a[top - ay : bottom - ay, left - ax : right - ax]
        new = b[top - by : bottom - by, left - bx : right - bx]
        np.maximum(old, new, out=new)
        old[:] = 0


def _packed(weight: NDArray[np.float32]) -> bytes:
    levels = np.rint(np.clip(weight, 0, 1) * 255).astype(np.uint8)
    done, png = cv2.imencode(".png", levels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    return bytes(png)
