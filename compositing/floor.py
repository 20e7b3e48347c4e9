"""A floor whose depth is known without a network, and what a blur by depth knows of any depth.

A thin lens that is focused at the distance z_f spreads a point at z to a disc whose radius is
proportional to |1/z − 1/z_f|: linear in disparity, 1/z. So a relative disparity is enough: its
offset goes, and its scale is a part of how strong the blur is. On flat ground disparity grows in
proportion with the rows below the horizon.

M. Potmesil, I. Chakravarty: "A Lens and Aperture Camera Model for Synthetic Image Generation",
1981.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from compositing.arrays import Alpha
from compositing.scaling import Floats, block_means, halving, reduced

NEAREST = 2.0
"""What is nearer than the focus is spread by no more than this many times the farthest."""
STANDS = 0.7
"""How high the horizon crosses what stands in the photo: part of the way from feet to head. That is
the camera's height."""
CUT_OFF = 0.01
"""A subject that ends nearer to the photo's lower edge than this part of its height is cut off
there: its feet can't be seen."""
SPECK = 0.05
"""Parts of a matte that are smaller than this, compared with the largest, aren't looked at."""
LONGEST = 512  # pixels on the longer side of the matte in which feet are looked for


class Spread(NamedTuple):
    """How much each pixel of a photo is spread, reduced by blocks.

    Attributes
    ----------
    whole : (h, w) float32 array
        0 in focus, −1 farthest, 2 nearest.
    behind : (h, w) float32 array
        The same without the subject and without what is nearer than the focus: −1 to 0.
    subject : float
        The subject's own.

    Examples
    --------
    >>> spread = Floor(0.2).spread(np.ones((4, 3), np.float32), 1, None)
    >>> spread.whole.shape, spread.subject
    ((4, 3), 0.0)
    """

    whole: Floats
    behind: Floats
    subject: float


@dataclass(frozen=True)
class Floor:
    """A floor from the subject's feet to the horizon; all above the horizon is far away.

    No network is needed for this. It is right for a level camera and what stands on flat ground.

    Parameters
    ----------
    horizon : float, optional
        Where the floor ends: part of the photo's height, from the top. None: where a camera at
        about chest height sees it, by the subject's own height.
    feet : float, optional
        Where the subject stands, likewise. None: at the lower end of its matte. If that is the
        photo's edge, the feet are out of sight: then all of the background is far.

    Raises
    ------
    ValueError
        If one of them isn't within the photo, or the horizon isn't above the feet.

    Examples
    --------
    >>> Floor(horizon=0.4, feet=0.9)
    Floor(horizon=0.4, feet=0.9)
    >>> Floor(horizon=0.9, feet=0.4)
    Traceback (most recent call last):
    ValueError: The horizon must lie above the feet: it is at 0.9, and they are at 0.4.
    """

    horizon: float | None = None
    feet: float | None = None

    def __post_init__(self) -> None:
        for name, place in (("horizon", self.horizon), ("place of the feet", self.feet)):
            if place is not None and not 0 <= place <= 1:
                raise ValueError(
                    f"The {name} is a part of the photo's height, 0 (top) to 1; got {place:g}."
                )
        if None not in (self.horizon, self.feet) and self.horizon >= self.feet:  # type: ignore[operator]
            raise ValueError(
                f"The horizon must lie above the feet: it is at {self.horizon:g}, "
                f"and they are at {self.feet:g}."
            )

    def settled(self, alpha: Alpha) -> "Floor":
        """Find what is left open.

        Parameters
        ----------
        alpha : (H, W) float32 array
            The subject's.

        Returns
        -------
        floor : Floor
            Without feet if they can't be seen, or if a given horizon isn't above them.

        Examples
        --------
        >>> alpha = np.zeros((100, 50), np.float32)
        >>> alpha[20:80, 20:30] = 1
        >>> print(Floor().settled(alpha))
        Floor(horizon=0.38, feet=0.8)
        """
        head, found = _ends(alpha)
        feet = self.feet if self.feet is not None else found
        if feet is None:
            return Floor(self.horizon)
        horizon = self.horizon
        if horizon is None:
            horizon = max(0.0, feet - STANDS * (feet - min(head, feet)))
        if horizon >= feet:
            return Floor(horizon)
        return Floor(round(horizon, 4), round(feet, 4))

    def spread(self, alpha: Alpha, side: int, focus: tuple[float, float] | None) -> Spread:
        """How much a lens spreads each pixel, reduced by blocks of `side` pixels.

        Parameters
        ----------
        alpha : (H, W) float32 array
            The subject's.
        side : int
        focus : (float, float), optional
            A point that is sharp, in parts of the width and the height: on the subject, which
            stands at its feet, or the floor at that height. None: the subject.

        Returns
        -------
        spread : Spread

        Examples
        --------
        >>> alpha = np.zeros((10, 1), np.float32)
        >>> alpha[4:8] = 1
        >>> print(Floor(0.2, 0.8).spread(alpha, 1, None).whole[:, 0].round(2))
        [-1.   -1.   -0.92 -0.75 -0.58 -0.42 -0.25 -0.08  0.08  0.25]
        """
        floor = self.settled(alpha)
        height, width = (reduced(size, side) for size in alpha.shape)
        place = (np.arange(height) + 0.5) * side / len(alpha)
        rows = np.zeros(height)
        if floor.feet is not None and floor.horizon is not None:
            rows = np.maximum(place - floor.horizon, 0) / (floor.feet - floor.horizon)
        middle = 1.0
        if focus is not None and not _meets(alpha, focus):
            middle = rows[min(int(focus[1] * height), height - 1)]
        spread = (rows - middle) / max(middle, 1 - middle)
        whole = np.repeat(np.clip(spread, -1, NEAREST).astype(np.float32)[:, None], width, axis=1)
        own = (1 - middle) / max(middle, 1 - middle)
        return Spread(whole, np.minimum(whole, 0), float(min(own, NEAREST)))


def _meets(alpha: Alpha, place: tuple[float, float]) -> bool:
    """Whether the subject is seen at a place in parts of the width and the height."""
    height, width = alpha.shape
    row, column = min(int(place[1] * height), height - 1), min(int(place[0] * width), width - 1)
    return bool(alpha[row, column] > 0.5)


def _ends(alpha: Alpha) -> tuple[float, float | None]:
    """Where the subject begins and ends, in parts of the height; no end if it's cut off."""
    small = block_means(alpha, halving(alpha.shape, LONGEST))
    mask = (small > 0.5).astype(np.uint8)
    if not mask.any():
        return 0.0, None
    _, _, parts, _ = cv2.connectedComponentsWithStats(mask)
    areas = parts[1:, cv2.CC_STAT_AREA]
    large = parts[1:][areas >= SPECK * areas.max()]
    tops = large[:, cv2.CC_STAT_TOP]
    lowest = int((tops + large[:, cv2.CC_STAT_HEIGHT]).max())
    end = min(1.0, lowest * halving(alpha.shape, LONGEST) / len(alpha))
    head = float(tops.min()) / len(small)
    return head, end if end < 1 - CUT_OFF else None
