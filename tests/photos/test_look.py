from dataclasses import replace

import cv2
import numpy as np

from compositing.alpha import Edges
from compositing.background import Colour, Transparent
from photos.describing import describe_look
from photos.look import Look
from photos.rendering import render
from tests.cuts import RED, left_half_cut, red_photo


def test_a_colour_goes_behind_and_transparency_stays() -> None:
    cut = left_half_cut(red_photo())
    replaced = render(cut, Look(Colour(0, 0, 255)))
    assert tuple(replaced[15, 2]) == RED
    assert tuple(replaced[15, 38]) == (0, 0, 255)
    cutout = render(cut, Look(Transparent()))
    assert tuple(cutout[15, 2]) == (*RED, 255)
    assert cutout[15, 38, 3] == 0


def test_a_mask_is_shown_refined_or_as_it_was() -> None:
    cut = left_half_cut(red_photo())
    rough = bytes(cv2.imencode(".png", np.full((30, 40), 51, np.uint8))[1])
    cut = replace(cut, rough=rough)
    looks = Look(Transparent()), Look(Transparent(), refined=False)
    opacities = [render(cut, look)[15, 2, 3] for look in looks]
    assert opacities == [255, 51]
    assert [describe_look(look, cut.photo)["refined"] for look in looks] == [True, False]


def test_edges_are_applied_to_files() -> None:
    cut = left_half_cut(red_photo())
    grown = render(cut, Look(Transparent(), Edges(grow=5)))
    assert grown[15, 23, 3] == 255
    assert grown[15, 30, 3] == 0
