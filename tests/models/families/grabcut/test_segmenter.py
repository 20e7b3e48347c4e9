"""The built-in segmenter on the bundled sample photos, told nothing, boxes or points.

The marks were set by hand while looking at the photos. What may or may not belong to the subject
bears none: the astronaut's helmet, the blurred stuff beneath the cat's chin.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle

import cv2
import numpy as np
import pytest
from skimage import data

from models.catalog import GRABCUT
from models.families.grabcut.segmenter import GrabCut, load, shrunk
from models.hub import packaged
from models.interface import Box, Matte, Point, Prompt
from models.running.devices import BYTES_ONLY
from models.running.stages import recording

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
        ("chelsea", False, 0.85),
        ("astronaut", True, 0.95),
        ("coffee", True, 0.95),
        ("chelsea", True, 0.85),
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
        ("astronaut", (SHUTTLE,), [(400, 150), (395, 120), (225, 110), (400, 450)], [(30, 30)]),
        ("astronaut", (Point(225, 110),), [(225, 110), (100, 330)], [(400, 150), (30, 30)]),
        ("astronaut", (replace(HELMET, include=False),), [(225, 110), (100, 330)], [(400, 450)]),
        ("astronaut", (Point(230, 40, False),), [(225, 110)], [(230, 40), (30, 30)]),
        ("coffee", (Point(120, 220, False),), [(290, 150)], [(120, 220), (110, 250), (30, 250)]),
        ("chelsea", (Point(170, 110), Point(30, 230)), [(170, 110), (30, 230)], [(430, 100)]),
    ],
    ids=["shuttle too", "person", "no helmet", "no hair", "no saucer", "cat's body"],
)
def test_points_correct_what_was_found(
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
    jobs = list(zip(INSIDE, cycle((False, True)), strict=False))
    random = np.random.default_rng(0)

    def run(job: tuple[str, bool]) -> bytes:
        cv2.setRNGSeed(int(random.integers(1000)))
        return alpha_of(photo(job[0]), *[BOXES[job[0]]] * job[1]).tobytes()

    alone = [run(job) for job in jobs]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(run, jobs))
    assert together == alone


def test_the_time_is_told_by_stages() -> None:
    with recording() as record:
        alpha_of(photo("coffee"))
    assert set(record.seconds) == {"preprocess", "network", "postprocess"}
    assert min(record.seconds.values()) > 0


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> GrabCut:
    """Where the package with the network's file isn't installed."""
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    return load(GRABCUT, None, BYTES_ONLY)


def test_without_the_network_it_begins_with_the_middle_of_the_photo_and_says_so(
    alone: GrabCut,
) -> None:
    matte = alone.segment(photo("coffee"), Prompt())
    (note,) = matte.notes
    assert note.startswith("GrabCut began with the middle of the photo: U²-Net-P comes with")
    assert matte.alpha[150, 290] == 1
    assert matte.alpha[20, 20] == 0
    assert shrunk(Box(0, 0, 200, 100)) == Box(10, 5, 190, 95)


def test_where_there_is_nothing_to_look_at_it_says_so() -> None:
    """Its time would be none."""
    with recording() as record:
        matte = MODEL.segment(np.full((60, 90, 3), 200, np.uint8), Prompt())
    assert (matte.empty, sum(record.seconds.values()) < 0.005) == (True, True)
    assert matte.notes == ("The photo is tiny or of one colour: there was nothing to look for.",)


def test_without_the_network_a_box_is_enough(alone: GrabCut) -> None:
    matte = alone.segment(photo("coffee"), Prompt(boxes=(Box(170, 10, 410, 230),)))
    assert matte.notes == ()
    assert matte.alpha[60:100, 250:330].min() == 1
    assert matte.alpha[:, 420:].max() == 0


def test_where_the_network_finds_nothing_there_is_nothing_but_in_a_box() -> None:
    """Grass has no subject; a patch in it is one for who draws a box around it."""
    grass = np.random.default_rng(1).normal(90, 6, (200, 300, 3)).clip(0, 255).astype(np.uint8)
    grass[80:120, 130:170] += 14
    box = Box(120, 70, 180, 130)
    quiet = GrabCut()
    quiet.network = Silent()  # type: ignore[assignment]
    assert quiet.segment(grass, Prompt()).empty
    boxed = quiet.segment(grass, Prompt(boxes=(box,))).alpha
    assert boxed[90:110, 140:160].mean() > 0.9
    assert boxed[:, 185:].max() == 0


class Silent:
    """A network that finds nothing."""

    def segment(self, photo: np.ndarray, prompt: Prompt) -> Matte:
        return Matte(np.zeros(photo.shape[:2], np.float32), soft=True)
