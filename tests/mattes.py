"""Mattes of the sample photos, to hold results against."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from compositing.alpha import enlarge
from compositing.arrays import Alpha
from photos.samples import Sample

MATTES = Path(__file__).parent / "data" / "built_in"


def reference(sample: Sample) -> Alpha:
    """At the photo's size, by U²-Net-P; how it was made stands beside the files."""
    small = np.asarray(Image.open(MATTES / sample.file), np.float32) / 255
    return enlarge(small, sample.open().pixels())


def overlap(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The intersection over the union of what two alphas, 0 to 1, keep at least half of."""
    kept = one > 0.5, other > 0.5
    return float(np.sum(kept[0] & kept[1]) / np.sum(kept[0] | kept[1]))
