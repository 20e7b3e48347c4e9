"""The word of depth: a photo goes in, disparity comes out. Nothing here is heavy to import."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo


class DepthModel(Protocol):
    """All that is asked of a model that tells depth."""

    def depth(self, photo: Photo) -> NDArray[np.float32]:
        """The disparity of `photo` (`uint8 (H, W, 3)`): large is near, 1 / distance, of any scale
        and offset. `float32 (h, w)`, of the whole photo at the network's size.

        Raises RunFailed when it could not finish. Each part of the work is timed with
        `models.running.stages.stage`.
        """
        ...
