"""The photo's own background as a wide aperture shows it: blurred by how far things are away."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from compositing.arrays import Alpha
from compositing.checks import check_kernel
from compositing.floor import Floor, Spread

type Blades = Literal["disc", "hexagon"]


class Depth(Protocol):
    """How far things are: a `Floor`, a `Disparity`, or what becomes one.

    Examples
    --------
    >>> import numpy as np
    >>> depth: Depth = Floor(horizon=0.2, feet=1.0)
    >>> print(depth.spread(np.zeros((4, 3), np.float32), 1, None).whole[:, 0].round(2))
    [-1.   -0.78 -0.47 -0.16]
    """

    def spread(self, alpha: Alpha, side: int, focus: tuple[float, float] | None) -> Spread:
        """How much a lens spreads each pixel; as of `Floor`."""
        ...


@dataclass(frozen=True)
class Portrait:
    """The photo's own background, out of focus by its distance from the subject.

    What is nearer than the subject is blurred in front of it.

    Parameters
    ----------
    kernel : int
        How strongly the farthest is blurred: as a `Blur` of this kernel blurs all. In pixels of the
        full-size photo, odd, 1 to 2001; 1 leaves the photo as it is.
    depth : Floor or Disparity
        How far things are.
    focus : (float, float), optional
        A point that is sharp: from left (0) to right (1), and from top (0) to bottom (1). What lies
        at another depth is blurred, the subject too. None: the subject is sharp.
    blades : {"disc", "hexagon"}
        The shape of a point out of focus: that of a round aperture, or of one with six blades.
    bloom : float
        How much brighter highlights are than the photo, which clips them, shows: 0 to 1.

    Raises
    ------
    ValueError
        If a setting is not one of these.

    Examples
    --------
    >>> Portrait(51, Floor(horizon=0.4))
    Portrait(kernel=51, depth=Floor(horizon=0.4, feet=None), focus=None, blades='disc', bloom=0.1)
    >>> Portrait(51, blades="square")
    Traceback (most recent call last):
    ValueError: An aperture is a disc or a hexagon; got 'square'.
    """

    kernel: int
    depth: Depth = field(default_factory=Floor)
    focus: tuple[float, float] | None = None
    blades: Blades = "disc"
    bloom: float = 0.1

    def __post_init__(self) -> None:
        check_kernel(self.kernel)
        if self.blades not in ("disc", "hexagon"):
            raise ValueError(f"An aperture is a disc or a hexagon; got {self.blades!r}.")
        if not 0 <= self.bloom <= 1:
            raise ValueError(f"Highlights bloom by 0 to 1; got {self.bloom:g}.")
        if self.focus is not None and not all(0 <= place <= 1 for place in self.focus):
            raise ValueError(f"The focus is a place from 0,0 to 1,1; got {self.focus}.")
