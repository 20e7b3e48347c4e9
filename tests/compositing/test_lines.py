"""Photos that are one pixel high or wide."""

import numpy as np
import pytest

from compositing.background import Blur
from compositing.compose import compose


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_of_pixels_is_blurred_the_same_each_time(turned: bool) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (1, 13, 3)).astype(np.uint8)
    alpha = np.zeros((1, 13), np.float32)
    alpha[0, -1] = 1
    if turned:
        photo, alpha = np.ascontiguousarray(photo.transpose(1, 0, 2)), alpha.T.copy()
    pictures = {compose(photo, alpha, Blur(9, "inpaint")).tobytes() for _ in range(40)}
    assert len(pictures) == 1
