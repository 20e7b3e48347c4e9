"""Clicks on a finished matte: none is lost, and none does more than its share."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from compositing.arrays import Alpha, Photo
from models.families.grabcut.steering import steer
from models.interface import Point

HEIGHT, WIDTH = 60, 80


def photos() -> dict[str, Photo]:
    random = np.random.default_rng(0)
    blobs = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    blobs[10:40, 5:30] = 200, 60, 60
    blobs[20:50, 45:75] = 40, 180, 60
    blobs += random.integers(0, 24, blobs.shape).astype(np.uint8)
    noise = random.integers(0, 256, blobs.shape).astype(np.uint8)
    return {"blobs": blobs, "noise": noise, "flat": np.full_like(blobs, 90)}


def mattes() -> dict[str, Alpha]:
    half = np.zeros((HEIGHT, WIDTH), np.float32)
    half[:, :40] = 1
    soft = np.linspace(0, 1, WIDTH, dtype=np.float32)[None].repeat(HEIGHT, 0)
    return {"none": np.zeros_like(half), "all": np.ones_like(half), "half": half, "soft": soft}


CLICKS = st.lists(
    st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.booleans()),
    min_size=1,
    max_size=5,
    unique_by=lambda click: click[:2],
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(photos())), st.sampled_from(sorted(mattes())), CLICKS)
def test_after_a_click_its_pixel_is_as_it_says(
    photo: str, matte: str, clicks: list[tuple[int, int, bool]]
) -> None:
    points = [Point(x + 0.5, y + 0.5, include=include) for x, y, include in clicks]
    before = mattes()[matte]
    alpha = steer(photos()[photo], before, points)
    assert (before == mattes()[matte]).all()
    assert alpha.dtype == np.float32
    assert 0 <= alpha.min() <= alpha.max() <= 1
    for x, y, include in clicks:
        assert alpha[y, x] > 0.5 if include else alpha[y, x] <= 0.5


def test_of_two_clicks_on_one_pixel_the_later_one_counts() -> None:
    on, off = Point(20, 20), Point(20, 20, include=False)
    for matte in mattes().values():
        assert steer(photos()["blobs"], matte, [on, off])[20, 20] <= 0.5
        assert steer(photos()["blobs"], matte, [off, on])[20, 20] > 0.5


def test_a_click_that_says_what_is_there_changes_nothing() -> None:
    half = mattes()["half"]
    points = [Point(10, 10), Point(70, 10, include=False), Point(-5, 2), Point(WIDTH, 2)]
    assert steer(photos()["noise"], half, points) is half


@pytest.mark.parametrize("y", [300, 361])
def test_a_click_on_what_is_beside_a_thing_does_not_take_the_thing_away(y: int) -> None:
    """The matte of the rocket holds a strip of the tower; both are grey."""
    photo = data.rocket()
    alpha = np.zeros(photo.shape[:2], np.float32)
    alpha[127:406, 305:339] = 1
    steered = steer(photo, alpha, [Point(309.5, y, include=False)])
    assert steered[y, 309] <= 0.5
    assert (steered > 0.5)[180:400, 316:328].all()


@pytest.mark.parametrize("include", [True, False])
def test_a_later_click_leaves_what_an_earlier_one_did(include: bool) -> None:
    photo = photos()["blobs"]
    start = mattes()["none" if include else "all"]
    first, second = Point(17, 25, include=include), Point(60, 35, include=include)
    one = steer(photo, start, [first])
    both = steer(photo, start, [first, second])
    changed = np.abs(one - start) > 0.5
    assert changed[12:38, 7:28].mean() > 0.9
    np.testing.assert_array_equal(both[changed], one[changed])
    assert (np.abs(both - start) > 0.5)[22:48, 47:73].mean() > 0.9
