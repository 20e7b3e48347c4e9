"""When two pictures are called the same."""

import numpy as np
import pytest

from compositing.arrays import Photo
from photos.recipes.agreement import Agreement
from tests.cuts import photo_of


def picture() -> Photo:
    return np.random.default_rng(0).integers(0, 255, (400, 600, 3)).astype(np.uint8)


def apart(change: Photo) -> Agreement:
    return Agreement.of(photo_of(picture()), photo_of(change))


def test_a_lost_part_isnt_close_however_large_the_picture() -> None:
    lost = picture()
    lost[100:130, 200:230] = 255 - lost[100:130, 200:230]
    told = apart(lost)
    assert told.mean < 0.5
    assert not told.close
    assert told.told().endswith("another picture")


@pytest.mark.parametrize("levels", [1, 2])
def test_what_nobody_sees_is_close(levels: int) -> None:
    moved = np.clip(picture().astype(int) + levels, 0, 255).astype(np.uint8)
    assert apart(moved).close


def test_single_pixels_of_an_edge_are_close() -> None:
    edge = picture()
    edge[:, 300] = np.clip(edge[:, 300].astype(int) + 60, 0, 255)
    assert apart(edge).close
    assert apart(picture()).same
