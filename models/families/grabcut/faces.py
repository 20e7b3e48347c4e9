"""Frontal faces, found without a network: scikit-image's cascade (Liao et al., "Learning
Multi-scale Block Local Binary Patterns for Face Recognition", ICB 2007), each checked for skin.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from compositing.arrays import Photo

SIDE = 320
"""Pixels along the longer side at which faces are looked for."""

SMALLEST = 24
"""Pixels: the window that the cascade was trained with."""


@dataclass(frozen=True)
class Face:
    """The square around a face: its centre and side, in pixels."""

    x: float
    y: float
    size: float


def find_faces(photo: Photo) -> list[Face]:
    """The faces at least a twelfth as large as the photo's shorter side, the largest first.

    Faces far smaller than the largest are left out, and so are faces on another's body: badges.
    """
    scale = min(1, SIDE / max(photo.shape[:2]))
    shorter = round(scale * min(photo.shape[:2]))
    if shorter < SMALLEST:
        return []
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cascade().detect_multi_scale(
        img=small,
        scale_factor=1.2,
        step_ratio=1,
        min_size=(max(SMALLEST, shorter // 12),) * 2,
        max_size=(shorter, shorter),
        min_neighbor_number=4,
    )
    faces = [Face(r["c"] + r["width"] / 2, r["r"] + r["height"] / 2, r["width"]) for r in found]
    faces = sorted((face for face in faces if has_skin(small, face)), key=lambda face: -face.size)
    kept: list[Face] = []
    for face in faces:
        if face.size >= 0.4 * faces[0].size and not any(_on_body(face, other) for other in kept):
            kept.append(face)
    return [Face(face.x / scale, face.y / scale, face.size / scale) for face in kept]


@cache
def cascade() -> Any:
    """Imported late: scikit-image takes a while, and not every run asks for faces."""
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename())


def has_skin(photo: Photo, face: Face) -> bool:
    """Whether nearly half of the face's middle has a chroma that skin has, dark or light."""
    reach = face.size / 4
    rows = slice(max(0, round(face.y - reach)), round(face.y + reach))
    columns = slice(max(0, round(face.x - reach)), round(face.x + reach))
    _, red, blue = cv2.split(cv2.cvtColor(photo[rows, columns], cv2.COLOR_RGB2YCrCb))
    return bool(np.mean((red > 133) & (red < 180) & (blue > 77) & (blue < 135)) > 0.45)


def _on_body(face: Face, other: Face) -> bool:
    below = face.y - face.size / 2 > other.y + 0.7 * other.size
    return below and abs(face.x - other.x) < 1.2 * other.size and face.size < 0.8 * other.size
