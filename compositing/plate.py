"""A blurred picture in rows, only as large as its blur needs.

A large plate is never whole in memory: it hands out rows. Every σ is in the photo's pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compositing.arrays import Pixels
from compositing.gaussian import gaussian, gaussian_reach, gaussian_scale
from compositing.scaling import Floats, block_means, reduced


@dataclass(frozen=True)
class Plate:
    """The rows of a blurred picture.

    Parameters
    ----------
    side : int
        How many of the photo's pixels one of the plate's spans in each direction.
    height : int
        How many rows the plate has.
    reach : int
        How many rows beyond its own a blurred row depends on.
    make : callable
        Called with the first row and the end of a slice; returns these rows blurred by what the
        slice itself holds, `float32 (rows, w, 3)`, 0 to 255.

    Examples
    --------
    >>> stripes = np.zeros((64, 2, 3), np.uint8)
    >>> stripes[::8] = 255
    >>> plate = blurred(stripes, 2)
    >>> plate.side, plate.height, plate.reach
    (1, 64, 7)
    >>> np.allclose(plate.rows(30, 34), plate.rows(0, 64)[30:34])
    True
    """

    side: int
    height: int
    reach: int
    make: Callable[[int, int], Floats]

    def rows(self, first: int, end: int) -> Floats:
        """The rows from `first` to before `end`, `float32 (rows, w, 3)`, 0 to 255."""
        start, stop = max(0, first - self.reach), min(self.height, end + self.reach)
        return self.make(start, stop)[first - start : end - start]


def blurred(photo: Pixels, sigma: float) -> Plate:
    """Blur all of a photo.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    sigma : float

    Returns
    -------
    plate : Plate

    Examples
    --------
    >>> step = np.repeat([[[0]], [[200]]], 8, axis=0).astype(np.uint8) * np.ones(3, np.uint8)
    >>> print(blurred(step, 1).rows(5, 11)[:, 0, 0].round())
    [  1.  12.  60. 140. 188. 199.]
    """
    side = gaussian_scale(sigma, *photo.shape[:2])

    def make(first: int, end: int) -> Floats:
        return gaussian(block_means(photo[first * side : end * side], side), sigma, side)

    return Plate(side, reduced(len(photo), side), gaussian_reach(sigma, side), make)
