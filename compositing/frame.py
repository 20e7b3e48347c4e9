"""How a finished picture is framed: which part of the photo it shows, how large, and where."""

import math
import re
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, Self

import numpy as np

from compositing.arrays import Alpha

type Crop = Literal["photo", "subject"]
type Align = Literal["centre", "bottom", "top"]

LARGEST_SIDE = 10_000
"""Pixels of a canvas's side, at most."""
WIDEST = 40
"""Percent of a picture's side that one margin may take, at most."""
WISPS = 8 / 255
"""Alphas up to this are no subject to crop to: a network's doubts in a far corner would widen the
crop to them."""


class Extent(NamedTuple):
    """Whole pixels: the left and top edge, and the size.

    Examples
    --------
    >>> Extent(10, 20, 30, 40).widened((5, 5, 100, 20), (50, 100))
    Extent(left=0, top=15, width=45, height=85)
    """

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def widened(self, margins: tuple[float, float, float, float], size: tuple[int, int]) -> Self:
        """With margins (top, right, bottom, left) in pixels, as far as the picture of `size`
        (width, height) goes."""
        top, right, bottom, left = map(round, margins)
        x0, y0 = max(0, self.left - left), max(0, self.top - top)
        x1, y1 = min(size[0], self.right + right), min(size[1], self.bottom + bottom)
        return type(self)(x0, y0, x1 - x0, y1 - y0)


def extent_of(alpha: Alpha, above: float = WISPS) -> Extent | None:
    """Find the smallest rectangle that holds the subject.

    Parameters
    ----------
    alpha : (H, W) float32 array
        In [0, 1].
    above : float
        Alphas up to this don't count.

    Returns
    -------
    extent : Extent or None
        In the alpha's pixels. None if there is no subject.

    Examples
    --------
    >>> alpha = np.zeros((4, 6), np.float32)
    >>> alpha[1:3, 2] = 1
    >>> extent_of(alpha)
    Extent(left=2, top=1, width=1, height=2)
    """
    seen = alpha > above
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Extent(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


@dataclass(frozen=True)
class Length:
    """A length in pixels, or as a part of something: "30px", "30" or "10%".

    Parameters
    ----------
    value : float
        0 or more.
    percent : bool
        Whether it's percent, and no pixels.

    Raises
    ------
    ValueError
        If it is no length.

    Examples
    --------
    >>> Length.parse("8%").of(2000), Length.parse("30px").of(2000), str(Length(8, True))
    (160.0, 30.0, '8%')
    >>> Length.parse("wide")
    Traceback (most recent call last):
    ValueError: A length is pixels such as 30px, or a part such as 10%; got 'wide'.
    """

    value: float = 0
    percent: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value >= 0):
            raise ValueError(f"A length is 0 or more; got {self.value:g}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        number = text.strip().removesuffix("%").removesuffix("px")
        try:
            return cls(float(number), text.strip().endswith("%"))
        except ValueError:
            told = f"A length is pixels such as 30px, or a part such as 10%; got {text!r}."
            raise ValueError(told) from None

    def of(self, side: float) -> float:
        """In pixels; a part is one of `side`."""
        return self.value * side / 100 if self.percent else self.value

    def __str__(self) -> str:
        number = int(self.value) if self.value == int(self.value) else self.value
        return f"{number}{'%' if self.percent else 'px'}"


def canvas_of(text: str) -> tuple[int, int]:
    """Read a canvas's width and height.

    Parameters
    ----------
    text : str
        Such as "2000x1500".

    Returns
    -------
    canvas : (int, int)

    Raises
    ------
    ValueError
        If it is written in another way.

    Examples
    --------
    >>> canvas_of("2000x1500")
    (2000, 1500)
    """
    found = re.fullmatch(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*", text, re.ASCII)
    if found is None:
        raise ValueError(f"A canvas is written WIDTHxHEIGHT, such as 2000x2000; got {text!r}.")
    return int(found[1]), int(found[2])


@dataclass(frozen=True)
class Frame:
    """How a finished picture is framed.

    Parameters
    ----------
    crop : {"photo", "subject"}
        What has to be in the picture: all of the photo, or the subject with its shadow.
    margin : Length
        Between a cropped subject and each side of the finished picture: pixels of that picture, or
        percent of its width at the left and right, of its height above and below.
    canvas : (int, int), optional
        The finished picture's width and height in pixels. What is in it is reduced or enlarged to
        fill it up to the margins. None: as much as was cropped, pixel by pixel.
    align : {"centre", "bottom", "top"}
        Where that stands in a canvas that has room to spare above or below.
    head : float, optional
        How high the head is from crown to chin, in percent of the canvas's height: then the head
        decides what is shown, in place of crop, margin and align.
    above : float
        From the canvas's upper edge to the crown, likewise.
    lines : (float, float), optional
        Where crown and chin are, as rows of the photo's pixels from above. None: they're looked
        for.
    dpi : int, optional
        Dots an inch, which the file tells. None: as the photo's file does.
    document : str
        By which name an identity document's frame is known; it decides nothing.

    Raises
    ------
    ValueError
        If there can be no such frame.

    Examples
    --------
    >>> Frame("subject", Length.parse("8%"), (2000, 2000)).changed(align="bottom").align
    'bottom'
    >>> Frame(margin=Length(30))
    Traceback (most recent call last):
    ValueError: A margin lies around a cropped subject: crop to the subject too.
    """

    crop: Crop = "photo"
    margin: Length = Length()
    canvas: tuple[int, int] | None = None
    align: Align = "centre"
    head: float | None = None
    above: float = 0
    lines: tuple[float, float] | None = None
    dpi: int | None = None
    document: str = ""

    def __post_init__(self) -> None:
        if self.crop not in ("photo", "subject"):
            raise ValueError(f"A crop is to the photo or the subject; got {self.crop!r}.")
        if self.align not in ("centre", "bottom", "top"):
            raise ValueError(f"A subject is aligned centre, bottom or top; got {self.align!r}.")
        if self.canvas and not all(1 <= side <= LARGEST_SIDE for side in self.canvas):
            wide, high = self.canvas
            told = f"A canvas's sides are 1 to {LARGEST_SIDE} pixels; got {wide} × {high}."
            raise ValueError(told)
        self._check_margin()
        self._check_head()

    def _check_head(self) -> None:
        if self.head is None:
            if self.lines or self.above:
                raise ValueError("A crown and a chin are for a frame that the head decides.")
        elif self.canvas is None:
            raise ValueError("A head's height is a part of a canvas: give one.")
        elif not (self.head > 0 and self.above >= 0 and self.head + self.above <= 100):
            told = f"got {self.head:g}% below {self.above:g}%"
            raise ValueError(f"A head and what is above it take up to 100% of a canvas; {told}.")
        if self.lines and not 0 <= self.lines[0] < self.lines[1]:
            raise ValueError(
                "The crown's row comes first, then the chin's below it, both from above; got "
                f"{self.lines[0]:g},{self.lines[1]:g}."
            )
        if self.dpi is not None and not 1 <= self.dpi <= 2400:
            raise ValueError(f"A file has 1 to 2400 dots an inch; got {self.dpi}.")

    def _check_margin(self) -> None:
        if self.margin.value and self.crop == "photo":
            raise ValueError("A margin lies around a cropped subject: crop to the subject too.")
        side = min(self.canvas or (LARGEST_SIDE,))
        share = self.margin.value if self.margin.percent else 100 * self.margin.value / side
        if share > WIDEST:
            raise ValueError(f"A margin takes at most {WIDEST}% of a side; got {self.margin}.")

    def changed(self, **parts: Any) -> Self:
        """The same with other parts; those that are None stay. Raises ValueError."""
        return replace(self, **{name: part for name, part in parts.items() if part is not None})
