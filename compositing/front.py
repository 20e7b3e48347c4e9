"""What is put in front of a background: the subject's colours, its light and its shadow."""

from typing import Any, NamedTuple, Self

import numpy as np

from compositing.arrays import Alpha, Pixels
from compositing.foreground import LONGEST, Layers
from compositing.relight import curves
from compositing.scaling import Floats, block_means, halving, reduced, taps
from compositing.shadow import Shadow, shade_of

NO_COLOURS, NO_SHADE = np.empty((0, 0, 6), np.float32), np.empty((0, 0, 1), np.float32)
NO_TONES = np.empty((0, 0), np.float32)


class Front(NamedTuple):
    """What the pass over the full-size photo needs to know of the subject.

    Pictures are reduced by blocks of `side` × `side` pixels, to height × width. An empty array
    changes nothing.

    Attributes
    ----------
    side, height, width : int
    colours : (height, width, 6) float32 array
        The layers' colours. Without them, the photo's own pixels are the foreground.
    shade : (height, width, 1) float32 array
        The factor by which the shadow darkens the background's sRGB values, 0 to 1.
    tones : (3, 256) or (3, 65536) float32 array
        For each channel, what becomes of the foreground's sRGB values, 0 to 255.

    Examples
    --------
    >>> alpha = np.ones((3, 1500), np.float32)
    >>> front = Front.of(alpha, None)
    >>> front.side, front.height, front.width, front.shade.size
    (2, 2, 750, 0)
    >>> photo, white = np.full((3, 1500, 3), 99, np.uint8), np.full((1, 1, 3), 255, np.float32)
    >>> front.lit(photo, alpha, white, 0.5).tones.shape
    (3, 256)
    """

    side: int
    height: int
    width: int
    colours: Floats = NO_COLOURS
    shade: Floats = NO_SHADE
    tones: Floats = NO_TONES

    @classmethod
    def of(cls, alpha: Alpha, layers: Layers | None, shadow: Shadow | None = None) -> Self:
        """From an alpha `float32 (H, W)`; with the layers' colours and with a shadow, if given."""
        side = halving(alpha.shape, LONGEST)
        height, width = (reduced(size, side) for size in alpha.shape)
        front = cls(side, height, width)
        if layers is not None:
            front = front._replace(colours=layers.colours)
        if shadow is not None and shadow.strength > 0:
            small = block_means(alpha, side) if layers is None else layers.alpha
            front = front._replace(shade=shade_of(small, shadow))
        return front

    def lit(
        self,
        photo: Pixels,
        alpha: Alpha,
        behind: Pixels | Floats,
        strength: float,
        origin: tuple[Pixels, Alpha] | None = None,
    ) -> Self:
        """The same in the light of what goes behind; the arguments are those of `curves`."""
        if not strength:
            return self
        return self._replace(tones=curves(photo, alpha, behind, strength, origin))

    def arguments(self, shape: tuple[int, int], first: int = 0) -> tuple[Any, ...]:
        """For the loops over rows of the photo: `shape` in size, beginning at the row `first`."""
        where = taps(shape, (self.height, self.width), self.side, first)
        return self.colours, *where, self.shade
