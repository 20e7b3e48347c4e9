"""How much the colour must change on the way from a click to each pixel (barrier distance: Zhang et
al., "Minimum Barrier Salient Object Detection at 80 FPS", ICCV 2015).

`lab` is float32 (H, W, 3), OpenCV's 8-bit CIELAB (each channel 0 to 255).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo

type Lab = NDArray[np.float32]
type Map = NDArray[np.float32]
type Region = NDArray[np.bool_]


def to_lab(photo: Photo) -> Lab:
    """Smoothed a little: noise would make paths between similar pixels costly."""
    lab: Lab = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB).astype(np.float32)
    smooth: Lab = cv2.GaussianBlur(lab, (0, 0), 1)
    return smooth


def barrier_distance(lab: Lab, seeds: Region, rounds: int = 3) -> Map:
    """How much the colour must change on the way from a seed: 0 at the seeds, inf without any.

    seeds: bool (H, W). In each channel, a path costs its highest value minus its lowest. A pixel's
    distance is the sum of its cheapest paths' costs, one path for each channel. `rounds` sweeps go
    down, up, right and left; what needs more of them is overestimated, as by the paper's scans.
    """
    highest = np.where(seeds[..., None], lab, np.float32(np.inf))
    lowest = np.where(seeds[..., None], lab, np.float32(-np.inf))
    rows = (lab, highest, lowest)
    columns = tuple(array.swapaxes(0, 1) for array in rows)
    for _ in range(rounds):
        for values, high, low in (rows, columns):
            _sweep(values, high, low)
            _sweep(values[::-1], high[::-1], low[::-1])
    return (highest - lowest).sum(axis=2)


def _sweep(values: Lab, highest: Lab, lowest: Lab) -> None:
    """Extend the best paths of each row to the next, a whole row at once, in place."""
    for row in range(1, len(values)):
        high = np.maximum(highest[row - 1], values[row])
        low = np.minimum(lowest[row - 1], values[row])
        better = high - low < highest[row] - lowest[row]
        np.copyto(highest[row], high, where=better)
        np.copyto(lowest[row], low, where=better)


def threshold(values: Map) -> float:
    """Otsu's threshold between what is near and what is far. values: in [0, 1]."""
    return (
        float(cv2.threshold(np.round(values * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)[0])
        / 255
    )
