"""The face of the bundled portrait, and what is no face."""

import cv2
import numpy as np
import pytest
from skimage import data

from models.families.grabcut.faces import Face, find_faces, has_skin

FACE = (222, 112)
"""The middle of the astronaut's face, by eye."""


@pytest.mark.parametrize("scale", [0.5, 1, 3])
def test_the_portrait_has_one_face_whatever_its_size(scale: float) -> None:
    photo = cv2.resize(data.astronaut(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    (face,) = find_faces(photo)
    assert np.hypot(face.x / scale - FACE[0], face.y / scale - FACE[1]) < 20
    assert 70 < face.size / scale < 130


@pytest.mark.parametrize(
    "photo",
    [
        data.chelsea(),
        data.coffee(),
        data.rocket(),
        np.zeros((300, 400, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((4, 3000, 3), np.uint8),
    ],
    ids=["cat", "coffee", "rocket", "black", "one pixel", "thread"],
)
def test_no_face_where_there_is_none(photo: np.ndarray) -> None:
    assert find_faces(photo) == []


def test_a_face_must_have_the_colour_of_skin() -> None:
    assert find_faces(data.astronaut()[..., ::-1].copy()) == []


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((224, 172, 145), True),
        ((141, 85, 62), True),
        ((75, 46, 36), True),
        ((60, 90, 200), False),
        ((128, 128, 128), False),
        ((30, 160, 60), False),
    ],
)
def test_skin(colour: tuple[int, int, int], expected: bool) -> None:
    photo = np.full((40, 40, 3), colour, np.uint8)
    assert has_skin(photo, Face(20, 20, 30)) is expected
