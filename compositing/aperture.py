"""The shape in which a lens draws a point that is out of focus."""

import math

import numpy as np

from compositing.gaussian import disc
from compositing.portrait import Blades
from compositing.scaling import Floats

FINER = 8
"""Places across a pixel at which the rim of a hexagon is looked at."""


def opening(radius: float, blades: Blades) -> Floats:
    """Make the filter kernel of an aperture.

    Parameters
    ----------
    radius : float
        Of the disc, in pixels. A hexagon has the disc's area.
    blades : {"disc", "hexagon"}

    Returns
    -------
    weights : (n, n) float32 array
        n is odd; the sum is 1.

    Examples
    --------
    >>> print((25 * opening(2.5, "hexagon")).round(1))
    [[0.  0.  0.  0.  0.  0.  0. ]
     [0.  0.2 1.1 1.1 1.1 0.2 0. ]
     [0.  0.9 1.3 1.3 1.3 0.9 0. ]
     [0.2 1.3 1.3 1.3 1.3 1.3 0.2]
     [0.  0.9 1.3 1.3 1.3 0.9 0. ]
     [0.  0.2 1.1 1.1 1.1 0.2 0. ]
     [0.  0.  0.  0.  0.  0.  0. ]]
    """
    return disc(radius) if blades == "disc" else _hexagon(radius)


def _hexagon(radius: float) -> Floats:
    """With two corners on the horizontal axis."""
    corner = radius * math.sqrt(2 * math.pi / (3 * math.sqrt(3)))
    reach = math.ceil(corner)
    fine = (np.arange((2 * reach + 1) * FINER) + 0.5) / FINER - reach - 0.5
    across, down = np.abs(fine), np.abs(fine)[:, None]
    flat = math.sqrt(3) / 2 * corner  # from the middle to a side
    inside = (down <= flat) & (math.sqrt(3) / 2 * across + down / 2 <= flat)
    size = 2 * reach + 1
    weights = inside.reshape(size, FINER, size, FINER).mean(axis=(1, 3)).astype(np.float32)
    return weights / weights.sum()
