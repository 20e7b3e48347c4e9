"""The built-in segmenter at its limits: any size, boxes past the edge; and what it is made of."""

from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalog import GRABCUT
from models.families.grabcut.graph_cuts import grabcut, part_at, tidied
from models.families.grabcut.segmenter import clipped, load
from models.interface import Box, Point, Prompt, PromptMissing
from models.running.devices import BYTES_ONLY

MODEL = load(GRABCUT, None, BYTES_ONLY)


def alpha_of(picture: np.ndarray, *boxes: Box, points: tuple[Point, ...] = ()) -> np.ndarray:
    alpha = MODEL.segment(picture, Prompt(boxes=boxes, points=points)).alpha
    assert alpha.dtype == np.float32
    assert alpha.shape == picture.shape[:2]
    assert set(np.unique(alpha)) <= {0, 1}
    return alpha


@pytest.mark.parametrize(
    ("box", "raises"),
    [
        (Box(-50, 10, -1, 90), True),
        (Box(10, -50, 90, 0), True),
        (Box(100, 10, 120, 90), True),
        (Box(10, 80, 90, 200), True),
        (Box(-50, -50, 1, 1), False),
        (Box(99, 79, 500, 500), False),
    ],
)
def test_a_box_outside_the_photo_is_refused(box: Box, raises: bool) -> None:
    picture = np.zeros((80, 100, 3), np.uint8)
    if raises:
        with pytest.raises(PromptMissing, match=r"lies outside the photo, which is 100 × 80"):
            alpha_of(picture, box)
    else:
        assert not alpha_of(picture, box).any()


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(10, 20, 60, 40), Box(9, 19, 61, 41)),
        (Box(-10, 10, 40, 30), Box(0, 9, 41, 31)),
        (Box(0, 0, 100, 80), Box(0, 0, 100, 80)),
    ],
)
def test_boxes_grow_a_little_and_end_with_the_photo(box: Box, expected: Box) -> None:
    assert clipped(box, Box(0, 0, 100, 80)) == expected


def pictures(h: int, w: int) -> dict[str, np.ndarray]:
    halves = np.zeros((h, w, 3), np.uint8)
    halves[:, w // 2 :] = 255
    spot = np.full((h, w, 3), 90, np.uint8)
    spot[h // 4 : h // 2 + 1, w // 4 : w // 2 + 1] = (250, 20, 20)
    noise = np.random.default_rng(0).integers(0, 256, (h, w, 3)).astype(np.uint8)
    flat = np.full((h, w, 3), (200, 30, 90), np.uint8)
    return {
        "black": np.zeros_like(flat),
        "flat": flat,
        "halves": halves,
        "spot": spot,
        "noise": noise,
    }


SIZES = ((1, 1), (1, 2), (7, 9), (8, 8), (24, 24), (100, 90), (4, 3000), (3000, 4), (30, 2000))


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_any_size_and_prompt_gives_a_matte(size: tuple[int, int]) -> None:
    h, w = size
    corners = (Point(0, 0), Point(w - 0.01, h - 0.01, include=False), Point(-5, 9999))
    prompts: tuple[tuple[tuple[Box, ...], tuple[Point, ...]], ...] = (
        ((), ()),
        ((Box(0, 0, w, h),), ()),
        ((Box(w / 4, h / 4, w, h), Box(-5, -5, w / 2, h / 2)), corners),
        ((Box(0, 0, 0.2, 0.2),), (Point(w - 0.01, h - 0.01),)),
        ((), (Point(w / 2, h / 2),)),
        ((), corners),
    )
    for (name, picture), (boxes, points) in product(pictures(h, w).items(), prompts):
        alpha = alpha_of(picture, *boxes, points=points)
        said = any(point.include for point in points)
        assert not (name in ("black", "flat") and alpha.any() and not said)


@settings(deadline=None, max_examples=15)
@given(h=st.integers(1, 60), w=st.integers(1, 60), seed=st.integers(0, 99), blur=st.booleans())
def test_any_small_photo_gives_a_matte(h: int, w: int, seed: int, blur: bool) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (h, w, 3)).astype(np.uint8)
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), 3)
    alpha_of(picture)


@pytest.mark.parametrize("label", [cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD])
def test_a_trimap_of_one_side_only_is_its_own_answer(label: int) -> None:
    trimap = np.full((20, 20), label, np.uint8)
    found = grabcut(pictures(20, 20)["noise"], trimap, 3)
    assert (found == (label in (cv2.GC_FGD, cv2.GC_PR_FGD))).all()
    assert (trimap == label).all()


def parts() -> np.ndarray:
    """A part of 400 pixels with a hole of 4, and parts of 100 and 25 pixels."""
    mask = np.zeros((50, 50), bool)
    mask[10:30, 10:30] = True
    mask[20:22, 20:22] = False
    mask[35:45, 35:45] = True
    mask[1:6, 40:45] = True
    return mask


def test_tidying_fills_small_holes_and_drops_small_parts() -> None:
    tidy = tidied(parts())
    assert tidy[20, 20]
    assert not tidy[3, 42]
    assert tidy[40, 40]
    assert not tidy[45, 5]


def test_tidying_leaves_what_is_open_to_the_edge() -> None:
    mask = np.ones((50, 50), bool)
    mask[:2, 20:22] = False
    assert (tidied(mask) == mask).all()
    assert not tidied(np.zeros((5, 5), bool)).any()


def test_the_part_at_a_point() -> None:
    assert part_at(parts(), Point(40, 40)).sum() == 100
    assert not part_at(parts(), Point(3, 3)).any()
