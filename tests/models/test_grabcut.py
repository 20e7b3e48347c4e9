"""The built-in segmenter on the bundled sample photos, told nothing, boxes or points.

The marks were set by hand while looking at the photos. What may or may not belong to the subject
bears none: the astronaut's helmet, the blurred stuff beneath the cat's chin.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from models.catalog import GRABCUT
from models.devices import BYTES_ONLY
from models.grabcut import clipped, grabcut, load, parts_at, tidied
from models.interface import Box, Point, Prompt, PromptMissing
from models.stages import recording

MODEL = load(GRABCUT, None, BYTES_ONLY)

INSIDE = {
    "astronaut": """
        225,110 200,110 245,110 222,143 220,165 192,130 255,125
        230,40 180,70 280,80 165,80 250,30 290,95 210,60
        230,200 225,230 128,210 296,235
        100,330 60,400 150,300 200,340 320,280 200,420 90,270 60,290 330,320 270,320 110,450
        50,450 215,470 170,385 305,360 130,250 285,385""",
    "chelsea": """
        170,115 318,137 265,240 230,60 180,40 270,60 100,130 80,110 120,180 220,180 300,200
        240,120 150,70 60,80 30,200 40,260 20,280 60,230 90,280 230,272 150,230 180,250 70,12
        368,30 330,60 120,30 300,90 190,150 340,170 280,270""",
    "coffee": """
        290,150 250,140 330,160 290,180 240,70 360,90 215,100 182,110 402,120 200,190 300,240
        215,280 235,265 250,30 110,200 100,250 130,300 200,350 300,370 400,340 450,250 450,180
        430,150 365,285 380,225 412,82 290,290 170,240 150,110 350,350""",
}
OUTSIDE = {
    "astronaut": """
        110,60 110,150 330,60 330,150 320,200 350,30 140,20 310,20 480,60 480,150 340,240
        345,120 120,110 335,180
        30,30 20,100 50,160 20,200 15,280 10,350 45,20 30,230 8,380 8,430 6,480
        415,60 395,150 400,210 447,100 386,120 400,300 450,300 480,330""",
    "chelsea": """
        430,100 430,200 440,40 420,150 440,285 415,270 410,120 425,20 445,240 10,50 12,20 8,90
        400,90 395,180 410,30 420,60 400,220 440,150""",
    "coffee": """
        50,150 30,250 40,350 540,50 560,150 540,250 520,350 450,380 500,100 150,40 20,20 100,70
        500,20 60,60 60,100 480,60 580,300 570,380 520,200 20,200 50,300""",
}
BOXES = {
    "astronaut": Box(20, 10, 362, 512),
    "chelsea": Box(0, 0, 395, 300),
    "coffee": Box(75, 15, 482, 388),
}
HELMET, SHUTTLE, SAUCER = Point(400, 450), Point(400, 150), Point(120, 220)


def photo(name: str) -> np.ndarray:
    picture: np.ndarray = getattr(data, name)()
    return picture


def marks(text: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in (mark.split(",") for mark in text.split())]


def alpha_of(picture: np.ndarray, *boxes: Box, points: tuple[Point, ...] = ()) -> np.ndarray:
    matte = MODEL.segment(picture, Prompt(boxes=boxes, points=points))
    assert not matte.soft
    assert matte.alpha.dtype == np.float32
    assert matte.alpha.shape == picture.shape[:2]
    assert set(np.unique(matte.alpha)) <= {0, 1}
    return matte.alpha


@pytest.mark.parametrize(
    ("name", "boxed", "least"),
    [
        ("astronaut", False, 0.95),
        ("coffee", False, 0.95),
        ("chelsea", False, 0.70),  # the face in focus, not the blurred body
        ("astronaut", True, 0.95),
        ("coffee", True, 0.95),
        ("chelsea", True, 0.90),
    ],
)
def test_hand_set_marks_on_the_sample_photos(name: str, boxed: bool, least: float) -> None:
    alpha = alpha_of(photo(name), *[BOXES[name]] * boxed)
    inside = [alpha[y, x] == 1 for x, y in marks(INSIDE[name])]
    outside = [alpha[y, x] == 0 for x, y in marks(OUTSIDE[name])]
    assert np.mean(inside + outside) >= least


@pytest.mark.parametrize("name", INSIDE)
def test_a_photo_of_another_size_gives_the_same_picture(name: str) -> None:
    small = photo(name)
    h, w = small.shape[:2]
    large = cv2.resize(small, (4 * w, 4 * h), interpolation=cv2.INTER_CUBIC)
    again = cv2.resize(alpha_of(large), (w, h), interpolation=cv2.INTER_AREA) > 0.5
    first = alpha_of(small) > 0
    assert (first & again).sum() / (first | again).sum() > 0.9


def test_boxes_unite() -> None:
    picture, shuttle = photo("astronaut"), Box(355, 0, 470, 290)
    both = alpha_of(picture, BOXES["astronaut"], shuttle)
    assert both[110, 225] == 1
    assert both[60, 415] == 1
    assert both[:, 480:].max() == 0


@pytest.mark.parametrize(
    ("name", "points", "inside", "outside"),
    [
        ("astronaut", (SHUTTLE,), [(400, 150), (395, 120)], [(225, 110), (100, 330), (400, 450)]),
        ("astronaut", (HELMET,), [(400, 450), (350, 470)], [(225, 110), (100, 330)]),
        ("astronaut", (Point(225, 110),), [(225, 110), (100, 330)], [(400, 150), (30, 30)]),
        ("astronaut", (Point(225, 110), HELMET), [(225, 110), (100, 330), (400, 450)], [(30, 30)]),
        ("astronaut", (Point(230, 40, False),), [(225, 110)], [(230, 40), (250, 45), (30, 30)]),
        ("coffee", (Point(120, 220, False),), [(290, 150)], [(120, 220), (110, 250), (30, 250)]),
        ("chelsea", (Point(170, 110), Point(30, 230)), [(170, 110), (40, 260)], [(430, 100)]),
    ],
    ids=["shuttle", "helmet", "person", "person and helmet", "no hair", "no saucer", "cat's body"],
)
def test_points_say_what_belongs_to_the_subject(
    name: str,
    points: tuple[Point, ...],
    inside: list[tuple[int, int]],
    outside: list[tuple[int, int]],
) -> None:
    alpha = alpha_of(photo(name), points=points)
    assert [alpha[y, x] for x, y in inside] == [1] * len(inside)
    assert [alpha[y, x] for x, y in outside] == [0] * len(outside)


def test_points_refine_a_box() -> None:
    spoon = Point(365, 290, include=False)
    alpha = alpha_of(photo("coffee"), BOXES["coffee"], points=(spoon,))
    assert alpha[290, 365] == 0
    assert alpha[150, 290] == 1
    assert alpha[350, 200] == 1


def test_words_and_objects_are_for_other_models() -> None:
    told = MODEL.segment(photo("coffee"), Prompt(text=("cup",), objects=("cup 1",)))
    assert (told.alpha == alpha_of(photo("coffee"))).all()


def test_two_threads_at_once_find_what_one_finds() -> None:
    jobs = list(product(INSIDE, (False, True))) * 2
    random = np.random.default_rng(0)

    def run(job: tuple[str, bool]) -> bytes:
        cv2.setRNGSeed(int(random.integers(1000)))
        return alpha_of(photo(job[0]), *[BOXES[job[0]]] * job[1]).tobytes()

    alone = [run(job) for job in jobs]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(run, jobs))
    assert together == alone


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
        assert not (name in ("black", "flat") and alpha.any())


@settings(deadline=None, max_examples=40)
@given(h=st.integers(1, 60), w=st.integers(1, 60), seed=st.integers(0, 99), blur=st.booleans())
def test_any_small_photo_gives_a_matte(h: int, w: int, seed: int, blur: bool) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (h, w, 3)).astype(np.uint8)
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), 3)
    alpha_of(picture)


def test_the_time_is_told_by_stages() -> None:
    with recording() as record:
        alpha_of(photo("coffee"))
    assert set(record.seconds) == {"preprocess", "network", "postprocess"}
    assert min(record.seconds.values()) > 0


@pytest.mark.parametrize("label", [cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD])
def test_a_trimap_of_one_side_only_is_its_own_answer(label: int) -> None:
    trimap = np.full((20, 20), label, np.uint8)
    found = grabcut(photo("coffee")[:20, :20], trimap, 3)
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


@pytest.mark.parametrize(
    ("points", "hole", "speck"),
    [
        ((), True, False),
        ((Point(42, 3),), True, True),
        ((Point(20.5, 20.5, include=False),), False, False),
        ((Point(5, 45),), True, False),
    ],
)
def test_tidying_spares_what_was_pointed_at(
    points: tuple[Point, ...], hole: bool, speck: bool
) -> None:
    tidy = tidied(parts(), points)
    assert tidy[20, 20] == hole
    assert tidy[3, 42] == speck
    assert tidy[40, 40]
    assert not tidy[45, 5]


def test_tidying_leaves_what_is_open_to_the_edge() -> None:
    mask = np.ones((50, 50), bool)
    mask[:2, 20:22] = False
    assert (tidied(mask, ()) == mask).all()
    assert not tidied(np.zeros((5, 5), bool), ()).any()


def test_parts_at_points() -> None:
    assert parts_at(parts(), [Point(40, 40), Point(3, 3)]).sum() == 100
    assert not parts_at(parts(), [Point(3, 3)]).any()
