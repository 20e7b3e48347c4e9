"""Where faces are that look into the camera: by a cascade of local binary patterns, from 2007 on in
every telephone. It comes with scikit-image and needs no network."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo

_SIDE = 480
"""Pixels of the longest side in which faces are looked for: smaller ones than a tenth of it are
none that a picture is about."""
_LEAST = 40
_GREY = 128
_HAIR = 1.1
"""Heights of a face, at most, from its upper edge to the crown: what looks like a face farther down
is part of the clothes."""
_SURE = 6
"""Neighbouring windows that all have to look like the face."""


class Face(NamedTuple):
    """A face in the photo's pixels: a square from above the brows to below the lips, and by how
    many degrees the line through the eyes falls to the right.

    Examples
    --------
    >>> Face(10, 20, 100, 0.0).side
    100
    """

    left: float
    top: float
    side: float
    tilt: float


def faces_in(pixels: Photo, alpha: Alpha) -> list[Face]:
    """Find the faces of a subject.

    What is behind the subject is covered, so that nothing there is taken for a face; and a face has
    its crown above it, where the matte ends.

    Parameters
    ----------
    pixels : (H, W, 3) uint8 array
    alpha : (H, W) float32 array
        Of the subject, in [0, 1].

    Returns
    -------
    faces : list of Face
        The largest first. A profile, or a head that is tilted by more than some 20 degrees, isn't
        found.

    Notes
    -----
    S. Liao, X. Zhu, Z. Lei, L. Zhang and S. Z. Li, "Learning multi-scale block local binary
    patterns for face recognition", 2007. The eyes are the darkest places where eyes are in a face.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> alpha = np.ones((512, 512), np.float32)
    >>> alpha[:15] = 0
    >>> (face,) = faces_in(astronaut(), alpha)
    >>> 150 < face.left < 190 and 90 < face.side < 115
    True
    """
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    height, width = alpha.shape
    scale = min(1.0, _SIDE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    part = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    covered = np.uint8(small * part[..., None] + _GREY * (1 - part[..., None]) + 0.5)
    most = min(size)
    if most < _LEAST:
        return []
    found = Cascade(lbp_frontal_face_cascade_filename()).detect_multi_scale(
        img=covered, scale_factor=1.05, step_ratio=1, min_size=(_LEAST, _LEAST),
        max_size=(most, most), min_neighbor_number=_SURE,
    )  # fmt: skip
    squares = [(int(each["c"]), int(each["r"]), int(each["width"])) for each in found]
    squares = [each for each in squares if _under_a_crown(each, part)]
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return [_face(group, grey, scale) for group in _together(squares)]


def _under_a_crown(square: tuple[int, int, int], part: Alpha) -> bool:
    left, top, side = square
    middle = part[:, left + side // 4 : left + side - side // 4] > 0.5
    rows = np.flatnonzero(middle.any(1))
    inside = middle[top : top + side].mean() > 0.9
    return bool(len(rows) and inside and top - rows[0] < _HAIR * side)


def _together(squares: Sequence[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Those of one face: their middles lie within the largest."""
    groups: list[list[tuple[int, int, int]]] = []
    for left, top, side in sorted(squares, key=lambda each: -each[2]):
        x, y = left + side / 2, top + side / 2
        for group in groups:
            large = group[0]
            if 0 < x - large[0] < large[2] and 0 < y - large[1] < large[2]:
                group.append((left, top, side))
                break
        else:
            groups.append([(left, top, side)])
    return groups


def _face(group: Sequence[tuple[int, int, int]], grey: NDArray[np.float32], scale: float) -> Face:
    """The mean of those that are about as large as the largest."""
    alike = [each for each in group if each[2] > 0.8 * group[0][2]]
    left, top, side = (float(value) for value in np.mean(alike, axis=0))
    return Face(left / scale, top / scale, side / scale, _tilt(grey, left, top, side))


def _tilt(grey: NDArray[np.float32], left: float, top: float, side: float) -> float:
    fine = cv2.GaussianBlur(grey, (0, 0), 0.035 * side)
    contrast = fine - cv2.GaussianBlur(fine, (0, 0), 0.1 * side)
    eyes = []
    for start, stop in ((0.14, 0.46), (0.54, 0.86)):
        x, y = int(left + start * side), int(top + 0.24 * side)
        there = contrast[y : int(top + 0.52 * side), x : int(left + stop * side)]
        row, column = np.unravel_index(int(there.argmin()), there.shape)
        eyes.append((x + int(column), y + int(row)))
    (x0, y0), (x1, y1) = eyes
    return math.degrees(math.atan2(y1 - y0, x1 - x0))
