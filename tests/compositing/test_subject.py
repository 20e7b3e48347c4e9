import numpy as np
import pytest

from compositing.subject import keep_to


def square(top: int, left: int) -> np.ndarray:
    alpha = np.zeros((200, 300), np.float32)
    alpha[top : top + 40, left : left + 40] = 1
    return alpha


def test_a_second_subject_goes_and_the_first_keeps_its_soft_edge() -> None:
    whom, other = square(20, 20), square(100, 200)
    fine = np.maximum(whom, other)
    fine[15:20, 20:60] = 0.4  # hair above the head
    kept = keep_to(fine, whom)
    assert (kept[20:60, 20:60] == 1).all()
    assert kept[16:20, 30:50] == pytest.approx(0.4)
    assert (kept[100:140, 200:240] == 0).all()


def test_the_matte_fades_out_at_the_margin() -> None:
    row = keep_to(np.ones((200, 300), np.float32), square(80, 100))[100, 140:160]
    assert row[0] == 1
    assert row[-1] == 0
    assert (np.diff(row) <= 0).all()
    assert ((row > 0) & (row < 1)).any()


def test_no_subject_leaves_nothing() -> None:
    assert not keep_to(np.ones((5, 7), np.float32), np.zeros((5, 7), np.float32)).any()


def test_alphas_of_two_sizes_are_refused() -> None:
    """Not stretched along an axis of one pixel either."""
    with pytest.raises(ValueError, match="the matte is 7 × 5 pixels, the subject 7 × 1"):
        keep_to(np.ones((5, 7), np.float32), np.ones((1, 7), np.float32))


def test_a_matte_of_bytes_stays_between_0_and_1() -> None:
    assert keep_to(np.full((5, 7), 255, np.uint8), np.ones((5, 7), np.bool)).max() == 1
