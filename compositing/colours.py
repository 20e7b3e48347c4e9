"""Backgrounds of one colour or two."""

import re
from dataclasses import dataclass
from typing import Self

import numpy as np

from compositing.scaling import Floats


@dataclass(frozen=True)
class Colour:
    """One sRGB colour.

    Parameters
    ----------
    red, green, blue : int
        0 to 255.

    Raises
    ------
    ValueError
        If a part lies outside that range.

    Examples
    --------
    >>> Colour(250, 128, 114).rgb
    (250, 128, 114)
    """

    red: int
    green: int
    blue: int

    def __post_init__(self) -> None:
        if not all(0 <= part <= 255 for part in self.rgb):
            raise ValueError(f"A colour's parts lie between 0 and 255; got {self.rgb}.")

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, 0 to 255."""
        return self.red, self.green, self.blue

    def rows(self, height: int) -> Floats:  # noqa: ARG002
        """The one pixel that stands for every row, `float32 (1, 1, 3)`, 0 to 255."""
        return np.full((1, 1, 3), self.rgb, np.float32)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a colour.

        Parameters
        ----------
        text : str
            `#rrggbb` or `#rgb`, in either case; the `#` and spaces around don't matter.

        Returns
        -------
        colour : Colour

        Raises
        ------
        ValueError
            If it is written in another way.

        Examples
        --------
        >>> Colour.parse("#f80")
        Colour(red=255, green=136, blue=0)
        >>> Colour.parse("orange")
        Traceback (most recent call last):
        ValueError: A colour is written #rrggbb, such as #ffffff; got 'orange'.
        """
        digits = text.strip().removeprefix("#")
        if re.fullmatch("[0-9a-fA-F]{3}", digits):
            digits = "".join(2 * digit for digit in digits)
        if not re.fullmatch("[0-9a-fA-F]{6}", digits):
            raise ValueError(f"A colour is written #rrggbb, such as #ffffff; got {text!r}.")
        return cls(*bytes.fromhex(digits))


@dataclass(frozen=True)
class Gradient:
    """From one colour at the top to another at the bottom, evenly in sRGB.

    Parameters
    ----------
    top, bottom : Colour
        The first row's colour, and the last row's.

    Examples
    --------
    >>> Gradient(Colour(0, 0, 0), Colour(0, 100, 200)).rows(3)[:, 0].tolist()
    [[0.0, 0.0, 0.0], [0.0, 50.0, 100.0], [0.0, 100.0, 200.0]]
    """

    top: Colour
    bottom: Colour

    def rows(self, height: int) -> Floats:
        """One pixel for each row, `float32 (height, 1, 3)`, 0 to 255."""
        ends = np.array([self.top.rgb, self.bottom.rgb], np.float32)
        down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        rows: Floats = ends[0] + (ends[1] - ends[0]) * down
        return rows


@dataclass(frozen=True, eq=False)
class Rows:
    """Colours between whole levels, one for each row.

    Parameters
    ----------
    values : (H or 1, 1, 3) float32 array
        0 to 255, by the curve and the primaries of the photo in front. One stands for every row.

    Examples
    --------
    >>> Rows(np.full((1, 1, 3), 9.5, np.float32)).rows(40).shape
    (1, 1, 3)
    """

    values: Floats

    def rows(self, height: int) -> Floats:  # noqa: ARG002
        """The values."""
        return self.values
