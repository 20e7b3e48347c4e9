"""Where a photo's subject stands in its new picture: moved from its place, and scaled."""

from dataclasses import dataclass, replace

from compositing.arrays import Alpha
from compositing.frame import extent_of
from compositing.placing import Placing
from compositing.window import Cut, Window, cut_off, stump_told

SMALLEST, LARGEST = 0.1, 4.0
"""How far a subject can be scaled."""
SOLID = 0.5
"""Alphas above are subject to stand on: wisps around a foot would move the point that is kept."""
_SOFT = 1.01
"""From here on an enlargement is told of: less can't be seen."""
_SEEN = 0.5
"""Pixels: an edge that lies less far inside the picture isn't seen."""


@dataclass(frozen=True)
class Stand:
    """Where a subject stands.

    It is scaled about its foot, the middle of its lower end, so that it stays on its ground; about
    the photo's edge where that cuts it off, so that it stays at that edge. Then it is moved.

    Parameters
    ----------
    across, down : float
        How far it is moved to the right and down, in parts of the photo's width and height, −1 to
        1; 0 = where it stood.
    scale : float
        How large it is, 0.1 to 4; 1 = as in the photo.

    Raises
    ------
    ValueError
        If a number lies outside its range.

    Examples
    --------
    >>> Stand(0.25).still, Stand().still
    (False, True)
    >>> Stand(scale=9)
    Traceback (most recent call last):
    ValueError: A subject is scaled 0.1 to 4 times; got 9.
    """

    across: float = 0.0
    down: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not (-1 <= self.across <= 1 and -1 <= self.down <= 1):
            raise ValueError(
                "A subject is moved by −1 to 1 of the photo's width and height; got "
                f"{self.across:g} and {self.down:g}."
            )
        if not SMALLEST <= self.scale <= LARGEST:
            raise ValueError(
                f"A subject is scaled {SMALLEST:g} to {LARGEST:g} times; got {self.scale:g}."
            )

    @property
    def still(self) -> bool:
        """Whether the subject stays as it is."""
        return self == Stand()

    def placing(self, footing: "Footing", frame: Placing) -> Placing:
        """Put the subject there.

        Parameters
        ----------
        footing : Footing
            Of the subject in the photo.
        frame : Placing
            What the finished picture shows of the photo; see `whole`.

        Returns
        -------
        placing : Placing
            Of the subject in that picture, to a whole pixel, with what is to be told of it.

        Examples
        --------
        >>> alpha = np.zeros((60, 80), np.float32)
        >>> alpha[20:40, 30:50] = 1
        >>> there = Stand(0.25, scale=0.5).placing(Footing.of(alpha, (80, 60)), whole((80, 60)))
        >>> there.at(40, 40)  # the foot
        (60.0, 40.0)
        """
        places = [
            round(((1 - self.scale) * kept + by * side - start) * out / length)
            for kept, by, side, start, length, out in zip(
                footing.kept, (self.across, self.down), frame.photo,
                frame.window[:2], frame.window[2:], (frame.width, frame.height), strict=True,
            )
        ]  # fmt: skip
        wide, high = (each / self.scale for each in frame.window[2:])
        left, top = -places[0] * wide / frame.width, -places[1] * high / frame.height
        moved = Placing(Window(left, top, wide, high), frame.width, frame.height, frame.photo)
        notes = []
        if footing.outside(moved):
            notes.append("The subject lies outside of the picture: move it less.")
        elif any(stumps := footing.stumps(moved)):
            notes.append(stump_told(stumps))
        if self.scale > _SOFT:
            notes.append(f"The subject was enlarged {self.scale:.2f} times: it will look soft.")
        return replace(moved, notes=tuple(notes))


@dataclass(frozen=True)
class Footing:
    """What of a subject decides where it can stand.

    Parameters
    ----------
    box : (float, float, float, float)
        Its left, top, right and bottom, in the photo's pixels.
    cut : Cut
        Which of the photo's edges cut it off.
    photo : (int, int)
        The photo's width and height.

    Examples
    --------
    >>> Footing((30, 20, 50, 60), (False, False, True, False), (80, 60)).kept
    (40.0, 60.0)
    """

    box: tuple[float, float, float, float]
    cut: Cut
    photo: tuple[int, int]

    @classmethod
    def of(cls, alpha: Alpha, photo: tuple[int, int]) -> "Footing | None":
        """Of an alpha `float32 (h, w)`, of the photo's size or smaller; None without a subject."""
        box = extent_of(alpha, SOLID)
        if box is None:
            return None
        across, down = photo[0] / alpha.shape[1], photo[1] / alpha.shape[0]
        left, right = box.left * across, box.right * across
        return cls((left, box.top * down, right, box.bottom * down), cut_off(alpha), photo)

    @property
    def kept(self) -> tuple[float, float]:
        """The point that stays where it is when the subject is scaled, in the photo's pixels."""
        left, _, right, bottom = self.box
        upper, by_right, lower, by_left = self.cut
        across = (left + right) / 2
        if by_left != by_right:
            across = 0.0 if by_left else float(self.photo[0])
        if lower:
            return across, float(self.photo[1])
        return across, 0.0 if upper else bottom

    def outside(self, placing: Placing) -> bool:
        """Whether nothing of the subject is in a picture."""
        left, top = placing.at(*self.box[:2])
        right, bottom = placing.at(*self.box[2:])
        return right < 1 or bottom < 1 or left > placing.width - 1 or top > placing.height - 1

    def stumps(self, placing: Placing) -> Cut:
        """Which edges of the photo cut the subject off and lie inside a picture."""
        left, top = placing.at(0, 0)
        right, bottom = placing.at(*self.photo)
        gaps = (top, placing.width - right, placing.height - bottom, left)
        upper, by_right, lower, by_left = (
            off and gap > _SEEN for off, gap in zip(self.cut, gaps, strict=True)
        )
        return upper, by_right, lower, by_left


def whole(photo: tuple[int, int]) -> Placing:
    """A picture that shows a photo as it is.

    Parameters
    ----------
    photo : (int, int)
        Width and height.

    Returns
    -------
    placing : Placing

    Examples
    --------
    >>> whole((80, 60)).window
    Window(left=0.0, top=0.0, wide=80.0, high=60.0)
    """
    width, height = photo
    return Placing(Window(0.0, 0.0, float(width), float(height)), width, height, photo)
