"""Where a frame puts a subject, and what lies around it."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compositing.frame import LARGEST_SIDE, Align, Extent, Frame, Length, canvas_of
from compositing.placing import Placing
from compositing.window import WHOLE, cut_off

PHOTO = (300, 200)
ALIGNS: tuple[Align, ...] = ("centre", "bottom", "top")
margins = st.builds(Length, st.floats(0, 40), st.just(True)) | st.builds(Length, st.integers(0, 16))
sides = st.integers(40, 900)


@st.composite
def boxes(draw: st.DrawFn) -> Extent:
    left, top = draw(st.integers(0, 290)), draw(st.integers(0, 190))
    return Extent(left, top, draw(st.integers(1, 300 - left)), draw(st.integers(1, 200 - top)))


frames = st.builds(
    Frame,
    st.just("subject"),
    margins,
    st.none() | st.tuples(sides, sides),
    st.sampled_from(ALIGNS),
)


def place_of(placing: Placing, box: Extent) -> tuple[float, float, float, float]:
    """The distance of the box to the picture's upper, right, lower and left side, in its pixels."""
    left, top = placing.at(box.left, box.top)
    right, bottom = placing.at(box.right, box.bottom)
    return top, placing.width - right, placing.height - bottom, left


@given(boxes(), frames)
@settings(max_examples=200, deadline=None)
def test_a_subject_has_its_margins_on_all_sides(box: Extent, frame: Frame) -> None:
    placing = Placing.of(frame, box, PHOTO)
    asked = [frame.margin.of(side) for side in (placing.height, placing.width) * 2]
    there = place_of(placing, box)
    # Half a pixel is lost where there is no canvas and whole pixels are taken, or more of parts.
    slack = 1e-6 if frame.canvas else 1.5
    assert all(have >= wanted - slack for have, wanted in zip(there, asked, strict=True))
    if frame.canvas:
        assert (placing.width, placing.height) == frame.canvas
        spare = [have - wanted for have, wanted in zip(there, asked, strict=True)]
        assert min(spare[0] + spare[2], spare[1] + spare[3]) == pytest.approx(0, abs=1e-6)
        assert spare[1] == pytest.approx(spare[3], abs=1e-6)
        before = {"top": 0, "centre": 0.5, "bottom": 1}[frame.align]
        assert spare[0] == pytest.approx(before * (spare[0] + spare[2]), abs=1e-6)


@given(boxes(), frames)
@settings(max_examples=200, deadline=None)
def test_a_window_stays_in_the_photo_as_far_as_the_subject_allows(
    box: Extent, frame: Frame
) -> None:
    placing = Placing.of(frame, box, PHOTO, inside=True)
    slack = 1e-6 if frame.canvas else 1
    assert min(place_of(placing, box)) >= -slack
    _, _, wide, high = placing.window
    if wide <= PHOTO[0] + 1e-4 and high <= PHOTO[1] + 1e-4:
        assert not placing.beyond
    else:
        assert any("enlarged, blurred copy" in note for note in placing.notes)
    moved = Placing.of(frame, box, PHOTO)
    assume(moved.window != placing.window)
    if max(abs(a - b) for a, b in zip(moved.window, placing.window, strict=True)) > 9:
        assert placing.notes


def test_where_an_edge_cuts_the_subject_off_it_stays_at_that_edge() -> None:
    alpha = np.zeros((200, 300), np.float32)
    alpha[80:, 100:180] = 1
    alpha[:1, 5] = 1  # stray
    cut = cut_off(alpha)
    assert cut == (False, False, True, False)
    frame = Frame("subject", Length(10, True), (400, 900), "top")
    placing = Placing.of(frame, Extent(100, 80, 80, 120), PHOTO, cut=cut)
    top, right, bottom, left = place_of(placing, Extent(100, 80, 80, 120))
    assert bottom == pytest.approx(0)
    assert (left, right) == pytest.approx((40, 40))
    assert top > 90
    assert placing.notes[0] == (
        "The photo's lower edge cuts the subject off: on that side it has no margin."
    )


def test_an_enlargement_is_told() -> None:
    box = Extent(100, 80, 80, 40)
    for canvas, expected in (((80, 80), False), ((160, 160), True)):
        notes = Placing.of(Frame("subject", canvas=canvas), box, PHOTO).notes
        assert any("enlarged 2.00 times" in note for note in notes) == expected


def test_without_a_subject_the_whole_photo_is_shown_and_that_is_told() -> None:
    placing = Placing.of(Frame("subject", Length(10, True)), None, PHOTO)
    assert (placing.width, placing.height) == (376, 250)  # 37.5 pixels are no whole ones
    assert "no subject" in placing.notes[0]


def test_colours_and_levels_land_on_the_same_place() -> None:
    photo = np.full((*PHOTO[::-1], 3), 10, np.uint8)
    photo[50:90, 60:120] = 200
    alpha = (photo[..., 0] == 200).astype(np.float32)
    placing = Placing.of(
        Frame("subject", Length(25, True), (240, 240)), Extent(60, 50, 60, 40), PHOTO
    )
    colours, levels = placing.colours(photo), placing.levels(alpha)
    assert colours.shape == (240, 240, 3)
    rows, columns = np.flatnonzero(levels[:, 120] > 0.5), np.flatnonzero(levels[120] > 0.5)
    assert (columns[0], columns[-1]) == pytest.approx((60, 179), abs=1)
    assert (rows[0], rows[-1]) == pytest.approx((80, 159), abs=1)
    np.testing.assert_array_equal(colours[levels == 1] > 190, True)
    np.testing.assert_array_equal(colours[levels == 0] < 20, True)
    assert levels.min() == 0
    assert levels.max() == 1


@pytest.mark.parametrize("side", [64, 500])
def test_a_preview_shows_the_same(side: int) -> None:
    frame = Frame("subject", Length(8, True), (1000, 600))
    placing = Placing.of(frame, Extent(30, 20, 100, 150), PHOTO)
    noise = np.random.default_rng(1).integers(0, 255, (20, 30, 3), np.uint8)
    photo = np.kron(noise, np.ones((10, 10, 1), np.uint8))
    small, full = placing.reduced(side).colours(photo), placing.colours(photo)
    assert max(small.shape) == side
    again = placing.reduced(1000).colours(photo)
    np.testing.assert_array_equal(again, full)
    means = full.reshape(2, 300, 2, 500, 3).mean((1, 3))
    half = small.shape[0] // 2, small.shape[1] // 2
    assert small[: half[0], : half[1]].mean((0, 1)) == pytest.approx(means[0, 0], abs=8)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Frame(margin=Length(3)), "crop to the subject too"),
        (lambda: Frame("subject", Length(41, True)), "at most 40% of a side; got 41%"),
        (lambda: Frame("subject", Length(50), (100, 300)), "got 50px"),
        (lambda: Frame(canvas=(0, 9)), "1 to 10000 pixels; got 0 × 9"),
        (lambda: Frame(canvas=(9, LARGEST_SIDE + 1)), "10001"),
        (lambda: Frame("face"), "photo or the subject; got 'face'"),  # type: ignore[arg-type]
        (lambda: Frame(align="left"), "centre, bottom or top"),  # type: ignore[arg-type]
        (lambda: Length.parse("-3px"), "30px, or a part such as 10%; got '-3px'"),
        (lambda: Length.parse("nan%"), "got 'nan%'"),
        (lambda: canvas_of("2000"), "such as 2000x2000; got '2000'"),
        (lambda: canvas_of("-1x5"), "got '-1x5'"),
    ],
)
def test_what_is_no_frame_is_refused(make: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()  # type: ignore[operator]


def test_nothing_is_cut_off_in_a_subject_amid_the_photo() -> None:
    alpha = np.zeros((20, 30), np.float32)
    alpha[5:9, 5:9] = 1
    assert cut_off(alpha) == cut_off(np.zeros((3, 3), np.float32)) == WHOLE
