"""What cards show of very long photos, and where 100 % goes to."""

import inspect

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from compositing.background import Blur, Colour
from compositing.frame import Frame
from compositing.stand import Stand
from photos.cut import Cut
from photos.look import Look
from photos.rendering import render
from tests.cuts import cut_of, photo_of
from ui import levels as previews
from ui import render as rendering
from ui.parts import edges_of, part_around, part_of
from ui.view import View, ViewKind

LONG = (200, 2000)


@pytest.fixture(autouse=True)
def no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, cached in ((previews, "_levels"), (rendering, "_cut_jpeg")):
        monkeypatch.setattr(module, cached, inspect.unwrap(getattr(module, cached)))


def disc(size: tuple[int, int], at: tuple[int, int], radius: int) -> NDArray[np.uint8]:
    levels = np.zeros(size, np.uint8)
    cv2.circle(levels, at, radius, 255, -1, cv2.LINE_AA)
    return levels


def cuts(*levels: NDArray[np.uint8], **more: object) -> list[Cut]:
    noise = np.random.default_rng(1).integers(0, 255, (*levels[0].shape, 3), np.uint8)
    photo = photo_of(noise)
    return [cut_of(photo, each, **more) for each in levels]


@pytest.mark.parametrize(("at", "begins"), [(1500, 1300), (60, 0), (1980, 1600)])
def test_the_subject_is_in_the_middle_of_the_part_as_far_as_can_be(at: int, begins: int) -> None:
    levels = disc(LONG, (at, 100), 60)
    part = part_around(levels.astype(float))
    assert (part.left * 2000, part.right * 2000) == pytest.approx((begins, begins + 400), abs=40)
    assert (part.top, part.bottom) == (0, 1)
    turned = part_around(levels.T.astype(float))
    assert turned == (part.top, part.left, part.bottom, part.right)


@pytest.mark.parametrize(
    ("size", "begins", "ends"),
    [((200, 900), 760, 880), ((600, 3000), 2550, 2850), ((600, 3000), 150, 450)],
)
def test_a_subject_is_found_whose_matte_is_hard(
    size: tuple[int, int], begins: int, ends: int
) -> None:
    """Also once it is smaller: the mattes by which a place is found have no level between."""
    levels = np.zeros(size, np.uint8)
    levels[:, begins:ends] = 255
    (cut,), (turned,) = cuts(levels), cuts(levels.T)
    part = part_of(cut.photo, [cut])
    assert part
    assert part.left * size[1] <= begins < ends <= part.right * size[1]
    assert part_of(turned.photo, [turned]) == (part.top, part.left, part.bottom, part.right)
    (x, _), *_ = edges_of([cut])
    assert min(abs(x * size[1] - begins), abs(x * size[1] - ends)) <= 112


def test_one_model_that_takes_much_for_its_subject_does_not_outvote_the_others() -> None:
    subject, wall = disc(LONG, (1500, 100), 60), disc(LONG, (500, 100), 60)
    wall[:, 200:900] = 120
    found = cuts(subject, np.maximum(subject, wall))
    part = part_of(found[0].photo, found)
    assert part
    assert part.left < 0.72
    assert part.right > 0.78
    (x, _), *_ = edges_of(found)
    assert 0.7 < x < 0.8


def test_all_of_a_photo_is_shown_that_is_of_a_usual_shape_or_has_no_subject() -> None:
    (usual,) = cuts(disc((200, 600), (300, 100), 60))
    assert part_of(usual.photo, [usual]) is None
    (nobody,) = cuts(np.zeros(LONG, np.uint8), empty=True)
    assert part_of(nobody.photo, [nobody]) is None
    assert edges_of([nobody]) == []


def test_all_of_it_is_shown_where_the_subject_is_elsewhere_than_in_the_photo() -> None:
    (cut,) = cuts(disc(LONG, (1500, 100), 60))

    def shown(kind: ViewKind, frame: Frame | None = None, stand: Stand | None = None) -> bool:
        looks = Look(Blur(21), frame=frame), Look(Colour(1, 2, 3), frame=frame, stand=stand)
        return bool(View(kind, *looks, "x").part_of(cut.photo, [cut]))

    assert shown("Replace")
    assert shown("Replace", stand=Stand())
    assert not shown("Replace", stand=Stand(across=0.2))
    assert not shown("Replace", frame=Frame("subject"))
    assert shown("Overlay", frame=Frame("subject"))


def test_100_percent_goes_to_an_edge_and_not_to_the_inside_of_the_subject() -> None:
    (cut,) = cuts(disc((1500, 2000), (900, 700), 400))
    (x, y), *_ = edges_of([cut])
    away = np.hypot(x * 2000 - 900, y * 1500 - 700)
    assert away == pytest.approx(400, abs=112)


def test_a_part_has_the_pixels_that_the_whole_picture_has_there() -> None:
    (cut,) = cuts(disc(LONG, (1500, 100), 60))
    view = View("Blur", Look(Blur(21)), Look(Colour(1, 2, 3)), "x")
    part = part_of(cut.photo, [cut])
    assert part
    file = rendering.cut_preview("key", cut, view, 1280, part=part)
    shown = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert shown is not None
    assert shown.shape == (200, 400, 3)
    # An outline is as wide as such a picture needs it.
    assert rendering.line_in(cut.photo, 1280, (300, 400), part) == 1
    assert rendering.line_in(cut.photo, 1280, (300, 400)) == 5
    there = render(cut, view.look)[:, round(2000 * part.left) : round(2000 * part.right)]
    # Both as JPEGs: in this noise, one pixel beside it, all would be other levels.
    lossy = np.frombuffer(rendering.jpeg(there), np.uint8)
    expected = cv2.imdecode(lossy, cv2.IMREAD_COLOR_RGB)
    assert expected is not None
    np.testing.assert_allclose(shown.astype(int), expected, atol=2)
