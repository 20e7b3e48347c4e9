"""The path that the canvas draws around a matte's subject."""

import re

import numpy as np

from ui.outlines import path


def corners(path: str) -> set[tuple[float, float]]:
    assert re.fullmatch(r"(M[\d. L]+Z)+", path)
    pairs = (each.split() for each in re.split("[MLZ]+", path) if each)
    return {(float(x), float(y)) for x, y in pairs}


def test_a_path_runs_through_the_outermost_pixels_in_the_photo_s_own() -> None:
    alpha = np.zeros((20, 30), np.float32)
    alpha[4:10, 5:15] = 1
    box = {(5.5, 4.5), (14.5, 4.5), (5.5, 9.5), (14.5, 9.5)}
    assert corners(path(alpha)) == box
    assert corners(path(alpha, scale=0.5)) == {(2 * x, 2 * y) for x, y in box}
    assert corners(path(alpha, left=100, top=40)) == {(x + 100, y + 40) for x, y in box}


def test_each_part_is_closed_and_nothing_is_an_empty_path() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[5:20, 5:20] = alpha[40:55, 40:55] = 1
    assert path(alpha).count("Z") == 2
    assert path(np.zeros((60, 60), np.float32)) == ""
