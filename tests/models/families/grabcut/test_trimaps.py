"""What GrabCut is started with."""

import cv2
import numpy as np
import pytest
from skimage import data

from models.families.grabcut.crops import Crop, whole_photo
from models.families.grabcut.faces import Face
from models.families.grabcut.trimaps import (
    BODY,
    CORE,
    REACH,
    around_point,
    automatic,
    discs,
    drawn,
    inside_box,
    steered,
)
from models.interface import Box, Point

BGD, FGD, PR_BGD, PR_FGD = cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD


def scene(bottom: int = 90) -> Crop:
    """A red bar on grey, 200 x 120, from row 40 down to `bottom`; as small as it is, unreduced."""
    photo = np.full((120, 200, 3), 180, np.uint8)
    photo[40:bottom, 80:120] = (200, 30, 30)
    return whole_photo(photo)


def test_a_silhouette_grows_from_core_to_reach_and_stands_on_the_lower_edge() -> None:
    core, body, reach = (drawn((100, 80), part, [Face(40, 30, 16)]) for part in (CORE, BODY, REACH))
    assert core.sum() < body.sum() < reach.sum()
    assert (reach | ~core).all()
    assert (reach | ~body).all()
    assert core[30, 40]
    assert body[-1].sum() == 39  # 1.2 face sizes to either side
    assert not drawn((100, 80), BODY, []).any()


def test_a_compact_thing_is_foreground_inside_and_undecided_at_its_edge() -> None:
    trimap = automatic(scene(), [])
    assert trimap[65, 100] == FGD
    assert PR_FGD in trimap[65, 70:90]
    assert PR_BGD in trimap[65, 60:80]
    assert (trimap[0] == BGD).all()
    assert (trimap[-1] == BGD).all()


def test_what_leaves_through_the_lower_edge_is_taken_for_a_person() -> None:
    trimap = automatic(scene(bottom=120), [])
    assert trimap[-1, 100] == PR_FGD
    assert FGD not in trimap
    assert (trimap[0] == BGD).all()


def test_a_face_is_certain_and_has_a_torso() -> None:
    trimap = automatic(whole_photo(data.astronaut()), [Face(222, 112, 95)])
    assert trimap[round(112 * 224 / 512), round(222 * 224 / 512)] == FGD
    assert trimap[-1, round(222 * 224 / 512)] == PR_FGD


def test_outside_a_box_is_background() -> None:
    trimap = inside_box(scene(), Box(70, 30, 130, 100), [])
    outside = np.ones(trimap.shape, bool)
    outside[30:100, 70:130] = False
    assert (trimap[outside] == BGD).all()
    assert trimap[65, 100] == PR_FGD
    assert trimap[33, 73] == PR_BGD  # as grey as the outside


@pytest.mark.parametrize(
    ("face", "expected"), [(Face(100, 60, 10), FGD), (Face(20, 60, 10), PR_FGD)]
)
def test_a_face_counts_in_the_box_that_holds_it(face: Face, expected: int) -> None:
    trimap = inside_box(scene(), Box(70, 30, 130, 100), [face])
    assert trimap[60, 100] == expected


def test_a_box_around_all_of_the_photo_says_nothing() -> None:
    crop = scene()
    assert (inside_box(crop, Box(0, 0, 200, 120), []) == automatic(crop, [])).all()


def test_a_click_takes_what_it_can_reach() -> None:
    trimap = around_point(scene(), Point(100, 65))
    assert trimap[65, 100] == FGD
    assert trimap[50, 90] in (FGD, PR_FGD)
    assert trimap[5, 5] == BGD
    assert trimap[65, 60] in (PR_BGD, BGD)


def test_points_are_certain_and_the_excluded_one_takes_its_surroundings_along() -> None:
    crop = scene()
    start = np.full((120, 200), FGD, np.uint8)
    trimap = steered(start, crop, [Point(100, 65, include=False), Point(20, 20)])
    assert trimap[65, 100] == BGD
    assert trimap[60, 95] == BGD
    assert trimap[20, 20] == FGD
    assert trimap[5, 190] == FGD
    assert (start == FGD).all()


def test_an_include_point_holds_an_excluded_one_back() -> None:
    start = np.full((120, 200), FGD, np.uint8)
    points = [Point(100, 50, include=False), Point(100, 62)]
    trimap = steered(start, scene(), points)
    assert trimap[50, 100] == BGD
    assert trimap[62, 100] == FGD
    assert trimap[80, 100] == FGD


@pytest.mark.parametrize("include", [True, False])
def test_discs_are_drawn_for_the_asked_kind_and_cut_off_at_the_edge(include: bool) -> None:
    points = [Point(0, 0, include=include), Point(50, 10, include=not include)]
    found = discs((20, 100), points, include)
    assert found[0, 0]
    assert found.sum() == 3
