import numpy as np
import pytest

from compositing.matte import matte_image
from compositing.overlay import (
    GREEN,
    TINTS,
    checkerboard,
    contrasting,
    disagreement,
    on_checkerboard,
    overlay,
)


def test_overlay_tints_the_subject_by_half() -> None:
    photo = np.full((40, 40, 3), 100, np.uint8)
    alpha = np.zeros((40, 40), np.float32)
    alpha[10:30, 10:30] = 0.6
    result = overlay(photo, alpha, outline=False, colour=(0, 200, 50))
    assert result[20, 20].tolist() == [50, 150, 75]
    assert result[5, 5].tolist() == [100, 100, 100]
    assert photo[20, 20].tolist() == [100, 100, 100]


def test_overlay_closes_small_gaps() -> None:
    alpha = np.ones((40, 40), np.float32)
    alpha[20, 20] = 0
    tinted = overlay(np.zeros((40, 40, 3), np.uint8), alpha, outline=False)
    assert tinted[20, 20, 1] == 100


def test_overlay_outlines_the_outer_contour_only() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[10:50, 10:50] = 1
    alpha[25:35, 25:35] = 0
    result = overlay(np.zeros((60, 60, 3), np.uint8), alpha, fill=False, colour=(0, 255, 0))
    assert result[10, 30, 1] > 200
    assert not result[20:40, 20:40].any()
    assert not result[:8].any()


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (0, 255, 0)])
def test_an_outline_is_seen_on_any_colour(colour: tuple[int, int, int]) -> None:
    photo = np.full((60, 60, 3), colour, np.uint8)
    alpha = np.zeros((60, 60), np.float32)
    alpha[10:50, 10:50] = 1
    for tint in ((0, 0, 0), (255, 255, 255), (0, 255, 0)):
        drawn = overlay(photo, alpha, fill=False, colour=tint)
        assert np.abs(drawn.astype(int) - photo).max() > 150


@pytest.mark.parametrize("shape", [(500, 7400), (2000, 2000)])
@pytest.mark.parametrize("line", [1, 4])
def test_an_outline_is_as_wide_as_is_asked_for_whatever_the_photo_s_shape(
    shape: tuple[int, int], line: int
) -> None:
    alpha = np.zeros(shape, np.float32)
    alpha[:250] = 1
    drawn = overlay(np.full((*shape, 3), 90, np.uint8), alpha, fill=False, line=line)
    across = np.flatnonzero((drawn[:, shape[1] // 2] != 90).any(axis=1))
    across = across[across > 100]  # not that along the photo's border
    width = line | 1
    reach = (3 * width + 1) // 2  # of the three tones, and a soft pixel beside them
    assert across.tolist() == list(range(249 - reach, 249 + reach + 1))
    tones = drawn[across[1:-1], shape[1] // 2].astype(int)
    own = [np.abs(tones - tone).sum(axis=1) for tone in (GREEN, (255, 255, 255))]
    assert (own[0] < own[1]).tolist() == [False] * width + [True] * width + [False] * width


def test_an_outline_has_a_width() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        overlay(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4)), line=0)


@pytest.mark.parametrize("name", list(TINTS))
def test_a_tint_isn_t_the_photo_s_own_colour(name: str) -> None:
    """Not even where only a fifth of the photo has it."""
    photo = np.full((50, 50, 3), 128, np.uint8)
    photo[:10] = TINTS[name]
    assert contrasting(photo) != name


def test_overlay_of_nothing_is_the_photo() -> None:
    photo = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    assert np.array_equal(overlay(photo, np.zeros((3, 3))), photo)


def test_checkerboard() -> None:
    board = checkerboard(10, 9)
    assert board.shape == (10, 9, 3)
    assert board[0, :, 0].tolist() == [255] * 4 + [204] * 4 + [255]
    assert board[4, 0, 0] == 204


def test_on_checkerboard_blends_and_rounds() -> None:
    cutout = np.zeros((1, 3, 4), np.uint8)
    cutout[0, :, 0] = 10
    cutout[0, :, 3] = (0, 128, 255)
    result = on_checkerboard(cutout)
    assert result[0].tolist() == [[255, 255, 255], [132, 127, 127], [10, 0, 0]]


def test_matte_image_rounds() -> None:
    assert matte_image(np.array([[0, 0.5, 0.999, 1]], np.float32)).tolist() == [[0, 128, 255, 255]]


def test_disagreement_is_black_where_all_agree_and_white_where_they_contradict() -> None:
    one, other = np.array([[0, 1, 0.5, 0]], np.float32), np.array([[0, 1, 0.5, 1]], np.float32)
    heat = disagreement([one, other, one])
    assert heat[0, :3].sum() == 0
    assert heat[0, 3].min() == 255


@pytest.mark.parametrize("shapes", [[(2, 2)], [(2, 2), (2, 3)]])
def test_disagreement_needs_alphas_of_one_size(shapes: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="two or more"):
        disagreement([np.zeros(shape, np.float32) for shape in shapes])
