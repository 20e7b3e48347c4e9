"""The two arrays that everything here is about."""

import numpy as np
from numpy.typing import NDArray

type Photo = NDArray[np.uint8]
"""`uint8 (H, W, 3)`: RGB, sRGB, upright."""

type Alpha = NDArray[np.float32]
"""`float32 (H, W)` in [0, 1], the photo's size; 1 = subject."""
