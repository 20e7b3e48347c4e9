"""Where a subject stands: moved to the pixel, scaled about its foot, told of where that shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compositing.frame import Frame
from compositing.placing import Placing
from compositing.stand import Footing, Stand, whole
from compositing.window import WHOLE, Cut

SIZE = (80, 60)
BOX = (30.0, 20.0, 50.0, 40.0)
moves = st.floats(-1, 1)


def footing(cut: Cut = WHOLE, box: tuple[float, float, float, float] = BOX) -> Footing:
    return Footing(box, cut, SIZE)


@given(moves, moves, st.floats(0.1, 4))
@settings(max_examples=200, deadline=None)
def test_the_foot_goes_where_it_is_moved_and_scaling_leaves_it(
    across: float, down: float, scale: float
) -> None:
    placing = Stand(across, down, scale).placing(footing(), whole(SIZE))
    x, y = placing.at(40, 40)
    # Half a pixel at most, for pixels are moved as a whole.
    assert x == pytest.approx(40 + across * 80, abs=0.51)
    assert y == pytest.approx(40 + down * 60, abs=0.51)
    assert placing.scale == pytest.approx(scale)


@pytest.mark.parametrize(
    ("cut", "box", "kept"),
    [
        ((False, False, True, False), (30, 20, 50, 60), (40, 60)),
        ((True, False, False, False), (30, 0, 50, 40), (40, 0)),
        ((False, True, False, False), (30, 20, 80, 40), (80, 40)),
        ((False, False, True, True), (0, 20, 50, 60), (0, 60)),
    ],
)
def test_what_an_edge_cuts_off_stays_at_that_edge(
    cut: Cut, box: tuple[float, float, float, float], kept: tuple[float, float]
) -> None:
    held = footing(cut, box)
    assert Stand(scale=0.5).placing(held, whole(SIZE)).notes == ()
    assert Stand(scale=0.5).placing(held, whole(SIZE)).at(*kept) == kept
    away = 0.3 if cut[0] or cut[3] else -0.3
    moved = Stand(away, away, 0.5).placing(held, whole(SIZE))
    assert "away from the picture's edge it ends straight" in moved.notes[0]


@pytest.mark.parametrize(
    ("stand", "told"),
    [
        (Stand(0.2, 0.1, 0.5), ()),
        (Stand(scale=2), ("The subject was enlarged 2.00 times: it will look soft.",)),
        (Stand(1), ("The subject lies outside of the picture: move it less.",)),
    ],
)
def test_what_is_to_be_known_of_it_is_told(stand: Stand, told: tuple[str, ...]) -> None:
    assert stand.placing(footing(), whole(SIZE)).notes == told


@pytest.mark.parametrize(
    "numbers", [(1.1, 0, 1), (0, -1.1, 1), (0, 0, 0.05), (0, 0, 5), (float("nan"), 0, 1)]
)
def test_what_cannot_be_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="A subject is"):
        Stand(*numbers)


@given(st.integers(-79, 79), st.integers(-59, 59))
@settings(max_examples=100, deadline=None)
def test_a_move_by_whole_pixels_is_exact(right: int, lower: int) -> None:
    rng = np.random.default_rng(1)
    colours = rng.integers(0, 256, (60, 80, 3), np.uint8)
    alpha = rng.random((60, 80), np.float32)
    placing = Stand(right / 80, lower / 60).placing(footing(), whole(SIZE))
    moved, levels = placing.layer(colours, alpha)
    there, here = _both(right, 80), _both(lower, 60)
    np.testing.assert_array_equal(moved[here[0], there[0]], colours[here[1], there[1]])
    np.testing.assert_array_equal(levels[here[0], there[0]], alpha[here[1], there[1]])
    assert np.count_nonzero(levels) == np.count_nonzero(alpha[here[1], there[1]])


def _both(by: int, side: int) -> tuple[slice, slice]:
    """Where it is afterwards, and where that was."""
    return slice(max(0, by), side + min(0, by)), slice(max(0, -by), side - max(0, by))


def test_no_colour_from_beside_the_subject_gets_in() -> None:
    alpha = np.zeros((60, 80), np.float32)
    alpha[20:40, 30:50] = 1
    alpha[20:40, 29] = 0.5
    colours = np.full((60, 80, 3), (0, 255, 0), np.uint8)
    colours[alpha > 0] = (200, 20, 20)
    for scale in (0.37, 0.5, 1.7):
        placing = Stand(0.1, 0, scale).placing(footing(), whole(SIZE))
        moved, levels = placing.layer(colours, alpha)
        assert (np.abs(moved[levels > 0.02].astype(int) - (200, 20, 20)) <= 1).all()


def test_it_is_put_into_the_frame_that_the_photo_is_in() -> None:
    frame = Placing.of(Frame(canvas=(200, 200)), None, SIZE)
    placing = Stand(0.25, scale=0.5).placing(footing(), frame)
    x, y = frame.at(60, 40)
    assert placing.at(40, 40) == pytest.approx((x, y), abs=0.51)
    assert (placing.width, placing.height) == (200, 200)
    small = placing.reduced(100)
    assert small.at(40, 40) == pytest.approx((x / 2, y / 2), abs=0.51)


def test_what_is_outside_of_the_picture_is_nowhere_in_it() -> None:
    alpha: NDArray[np.float32] = np.ones((60, 80), np.float32)
    far = Stand(1).placing(footing(), whole(SIZE))
    assert not far.levels(alpha).any()
    moved, levels = far.layer(np.full((60, 80, 3), 9, np.uint8), alpha)
    assert moved.shape == (60, 80, 3)
    assert not levels.any()
