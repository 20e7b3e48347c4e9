"""What GrabCut is started with."""

import cv2
import numpy as np
import pytest

from models.families.grabcut.crops import Crop, whole_photo
from models.families.grabcut.trimaps import clicked, from_matte, inside_box, mark
from models.interface import Box, Point

BGD, FGD, PR_BGD, PR_FGD = cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD


def scene() -> Crop:
    """A red bar on grey, 200 × 120, from row 40 down to 90; as small as it is, unreduced."""
    photo = np.full((120, 200, 3), 180, np.uint8)
    photo[40:90, 80:120] = (200, 30, 30)
    return whole_photo(photo)


def bar() -> np.ndarray:
    subject = np.zeros((120, 200), bool)
    subject[40:90, 80:120] = True
    return subject


@pytest.mark.parametrize(
    ("opacity", "label"),
    [
        *((0, BGD), (0.19, BGD), (0.21, PR_BGD), (0.5, PR_BGD)),
        *((0.51, PR_FGD), (0.79, PR_FGD), (0.81, FGD), (1, FGD)),
    ],
)
def test_a_matte_is_trusted_where_it_is_sure(opacity: float, label: int) -> None:
    assert (from_matte(scene(), np.full((60, 100), opacity, np.float32)) == label).all()


def test_a_box_s_pixels() -> None:
    inside = inside_box(scene(), Box(70, 30, 130.4, 100))
    assert inside.sum() == 60 * 70
    assert inside[30:100, 70:130].all()


def test_a_click_adds_what_it_can_reach() -> None:
    trimap = clicked(scene(), np.zeros((120, 200), bool), [Point(100, 65)])
    assert trimap[65, 100] == FGD
    assert trimap[45, 85] == FGD
    assert trimap[65, 60] in (PR_BGD, BGD)
    assert trimap[5, 5] == BGD


def test_a_click_takes_away_what_it_can_reach() -> None:
    trimap = clicked(scene(), np.ones((120, 200), bool), [Point(100, 65, include=False)])
    assert trimap[65, 100] == BGD
    assert trimap[45, 85] == BGD
    assert trimap[65, 60] in (PR_FGD, FGD)
    assert trimap[5, 5] == FGD


@pytest.mark.parametrize("include", [True, False])
def test_a_click_near_the_edge_changes_little(include: bool) -> None:
    """It's 5 pixels beside the subject, on what is all of one colour: 10 pixels are open."""
    crop = whole_photo(np.random.default_rng(0).integers(99, 102, (120, 200, 3)).astype(np.uint8))
    subject = (np.arange(200) < 100)[None].repeat(120, 0) ^ (not include)
    trimap = clicked(crop, subject, [Point(104, 60, include=include)])
    changed = (trimap != np.where(subject, FGD, BGD)).any(axis=0)
    assert changed[100:110].all()
    assert not changed[:100].any()
    assert not changed[122:].any()


def test_earlier_points_are_certain_and_the_latest_counts() -> None:
    before = [Point(90, 50, include=False), Point(20, 20), Point(100, 65, include=False)]
    trimap = clicked(scene(), bar(), [*before, Point(100, 65)])
    assert trimap[50, 90] == BGD
    assert trimap[20, 20] == FGD
    assert trimap[65, 100] == FGD


def test_marks_are_small_and_cut_off_at_the_edge() -> None:
    trimap = np.full((20, 100), PR_BGD, np.uint8)
    mark(trimap, [Point(0, 0), Point(50, 10, include=False)])
    assert (trimap == FGD).sum() == 3
    assert (trimap == BGD).sum() == 5
