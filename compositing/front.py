"""What is put in front of a background, and what it does to it."""

from typing import Any, NamedTuple, Self

import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.foreground import LONGEST, Layers
from compositing.relight import curves
from compositing.scaling import Floats, block_means, halving, reduced, taps
from compositing.shadow import Shadow, shade_of

NO_COLOURS, NO_SHADE = np.empty((0, 0, 6), np.float32), np.empty((0, 0, 1), np.float32)
NO_TONES = np.empty((0, 0), np.float32)


class Front(NamedTuple):
    """Small pictures of the photo's subject, `h × w` after reduction by `side`; an empty one
    changes nothing.

    colours: the layers, `(h, w, 6)`, without which the photo's pixels are the foreground. shade:
    `(h, w, 1)`, what is left of the ground's sRGB values. tones: `(3, 256)`, what becomes of the
    foreground's.
    """

    side: int
    height: int
    width: int
    colours: Floats = NO_COLOURS
    shade: Floats = NO_SHADE
    tones: Floats = NO_TONES

    @classmethod
    def of(cls, alpha: Alpha, layers: Layers | None, shadow: Shadow | None = None) -> Self:
        side = halving(alpha.shape, LONGEST)
        height, width = (reduced(size, side) for size in alpha.shape)
        front = cls(side, height, width)
        if layers is not None:
            front = front._replace(colours=layers.colours)
        if shadow is not None and shadow.strength > 0:
            small = block_means(alpha, side) if layers is None else layers.alpha
            front = front._replace(shade=shade_of(small, shadow))
        return front

    def lit(self, photo: Photo, alpha: Alpha, behind: Photo | Floats, strength: float) -> Self:
        """In the light of what goes behind; see `relight.curves`."""
        return self._replace(tones=curves(photo, alpha, behind, strength)) if strength else self

    def arguments(self, shape: tuple[int, int], first: int = 0) -> tuple[Any, ...]:
        """For the loops over the rows of the photo that begin at `first`, `shape` in size."""
        where = taps(shape, (self.height, self.width), self.side, first)
        return self.colours, *where, self.shade
