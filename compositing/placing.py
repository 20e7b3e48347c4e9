"""Which part of a photo a frame shows, and where on the canvas that lies."""

from dataclasses import dataclass, replace
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, levels_of
from compositing.fitting import backdrop, scaled
from compositing.frame import Extent, Frame
from compositing.window import WHOLE, Cut, Window, kept_inside, told_of, window_of

_NOTHING = 1e-4
"""Alphas below have no colour."""
_ENLARGED = 1.01
"""From here on an enlargement is told of: less can't be seen."""


@dataclass(frozen=True)
class Placing:
    """A window over a photo, which may reach beyond it, and the size that it's brought to.

    Parameters
    ----------
    window : Window
    width, height : int
        The finished picture's size in pixels.
    photo : (int, int)
        The photo's width and height.
    notes : tuple of str
        What the person should know of it, a sentence each.

    Examples
    --------
    >>> placing = Placing.of(Frame("subject", canvas=(100, 50)), Extent(10, 20, 30, 40), (60, 80))
    >>> placing.window
    Window(left=-15.0, top=20.0, wide=80.0, high=40.0)
    >>> placing.notes
    ('The subject was enlarged 1.25 times to fill the canvas: it will look soft.',)
    """

    window: Window
    width: int
    height: int
    photo: tuple[int, int]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        frame: Frame,
        subject: Extent | None,
        photo: tuple[int, int],
        *,
        cut: Cut = WHOLE,
        inside: bool = False,
    ) -> Self:
        """Place a photo in a frame.

        Parameters
        ----------
        frame : Frame
        subject : Extent or None
            What a crop to the subject has to hold, in the photo's pixels. None: there is nothing to
            crop to, and the whole photo is shown.
        photo : (int, int)
            Its width and height.
        cut : Cut
            Which of the photo's edges cut the subject off.
        inside : bool
            Whether the photo's own surroundings are shown: then the window stays within the photo
            as far as the subject allows.

        Returns
        -------
        placing : Placing
        """
        notes = []
        cropped = frame.crop == "subject" and subject is not None
        box = subject if cropped and subject else Extent(0, 0, *photo)
        if inside and not cropped:
            cut = WHOLE  # the photo is seen there, and no sawn edge
        if frame.crop == "subject" and not cropped:
            notes.append("There is no subject to crop to: the whole photo is in the frame.")
        if cropped and frame.margin.value and any(cut):
            notes.append(told_of(cut))
        window = window_of(frame, box, cut)
        if inside:
            window, told = kept_inside(window, box, photo, fixed=frame.canvas is not None)
            notes += told
        width, height = frame.canvas or (max(1, round(window.wide)), max(1, round(window.high)))
        scale = width / window.wide
        if scale > _ENLARGED:
            told_what = "subject" if cropped else "photo"
            enlarged = f"The {told_what} was enlarged {scale:.2f} times to fill the canvas"
            notes.append(f"{enlarged}: it will look soft.")
        return cls(window, width, height, photo, tuple(notes))

    @classmethod
    def headed(
        cls,
        frame: Frame,
        lines: tuple[float, float],
        centre: float,
        photo: tuple[int, int],
        notes: tuple[str, ...] = (),
    ) -> Self:
        """Place a photo so that the head has the height and the place that a frame asks for.

        Parameters
        ----------
        frame : Frame
            With a head and a canvas.
        lines : (float, float)
            The crown's and the chin's rows in the photo's pixels.
        centre : float
            The face's middle column.
        photo : (int, int)
            Its width and height.
        notes : tuple of str

        Returns
        -------
        placing : Placing
        """
        width, height = frame.canvas or photo
        high = (lines[1] - lines[0]) * 100 / (frame.head or 100)
        wide = high * width / height
        window = Window(centre - wide / 2, lines[0] - high * frame.above / 100, wide, high)
        if height / high > _ENLARGED:
            enlarged = f"The photo was enlarged {height / high:.2f} times to fill the canvas"
            notes = (*notes, f"{enlarged}: it will look soft.")
        return cls(window, width, height, photo, notes)

    @property
    def scale(self) -> float:
        """Pixels of the finished picture for one of the photo's."""
        return self.width / self.window.wide

    @property
    def beyond(self) -> bool:
        """Whether some of the picture lies outside the photo."""
        _, (left, top, right, bottom) = self._parts(self.photo)
        return (left, top, right, bottom) != (0, 0, self.width, self.height)

    @property
    def _apart(self) -> bool:
        """Whether no pixel of the photo is in the picture."""
        left, top, wide, high = self.window
        return left >= self.photo[0] or top >= self.photo[1] or left + wide <= 0 or top + high <= 0

    def reduced(self, side: int) -> "Placing":
        """The same with a longest side of at most `side` pixels, for a preview."""
        ratio = min(1.0, side / max(self.width, self.height))
        width, height = (max(1, round(each * ratio)) for each in (self.width, self.height))
        return replace(self, width=width, height=height)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the photo lies in the finished picture, both in pixels."""
        left, top, _, high = self.window
        return (x - left) * self.scale, (y - top) * self.height / high

    def colours[Kind: np.generic](self, image: NDArray[Kind]) -> NDArray[Kind]:
        """Bring a photo there; beyond its edge the outermost pixels go on.

        Parameters
        ----------
        image : (h, w, 3) uint8 or uint16 array
            The whole photo, at any size.

        Returns
        -------
        placed : (height, width, 3) array of the same dtype
        """
        return self._placed(image, cv2.BORDER_REPLICATE)

    def levels[Kind: np.generic](self, image: NDArray[Kind]) -> NDArray[Kind]:
        """Bring an alpha there; beyond the photo's edge it's 0.

        Parameters
        ----------
        image : (h, w) float32 array
            Of the whole photo, at any size.

        Returns
        -------
        placed : (height, width) float32 array
        """
        return np.clip(self._placed(image, cv2.BORDER_CONSTANT), 0, 1)  # type: ignore[no-any-return]

    def layer[Kind: np.generic](
        self, image: NDArray[Kind], levels: Alpha
    ) -> tuple[NDArray[Kind], Alpha]:
        """Bring a subject's own colours and its alpha there, as one layer.

        The colours are weighted by the alpha, so that none from beside the subject gets in (T.
        Porter, T. Duff: "Compositing Digital Images", 1984). Where nothing is enlarged or reduced,
        both are copied.

        Parameters
        ----------
        image : (h, w, 3) uint8 or uint16 array
            The subject's colours, not premultiplied, at any size.
        levels : (h, w) float32 array
            In [0, 1], of the same size.

        Returns
        -------
        colours : (height, width, 3) array of the same dtype
        alpha : (height, width) float32 array
        """
        if self._copies(image.shape[1::-1]):
            return self.colours(image), self.levels(levels)
        alpha = self._placed(levels, cv2.BORDER_CONSTANT)
        weights = np.maximum(alpha, _NOTHING)
        colours = np.empty((*alpha.shape, 3), image.dtype)
        most = levels_of(image) - 1
        for channel in range(3):  # one after another: a large photo's floats take much memory
            plane: Any = image[..., channel]
            weighted = self._placed(plane * levels, cv2.BORDER_CONSTANT)
            colours[..., channel] = np.rint(np.clip(weighted / weights, 0, most))
        return colours, np.clip(alpha, 0, 1)

    def picture[Kind: np.generic](self, image: NDArray[Kind]) -> NDArray[Kind]:
        """Bring a finished picture there; beyond its edge lies an enlarged and blurred copy of it.

        Parameters
        ----------
        image : (h, w, 3) uint8 or uint16 array
            The whole picture, at any size.

        Returns
        -------
        placed : (height, width, 3) array of the same dtype
        """
        (x0, y0, x1, y1), (left, top, right, bottom) = self._parts(image.shape[1::-1])
        part = scaled(image[y0:y1, x0:x1], bottom - top, right - left)
        if part.shape[:2] == (self.height, self.width):
            return part
        whole = backdrop(image, self.height, self.width)
        whole[top:bottom, left:right] = part
        return whole

    def _copies(self, size: tuple[int, ...]) -> bool:
        """Whether an image of the photo keeps its pixels."""
        (x0, y0, x1, y1), (left, top, right, bottom) = self._parts(size)
        return (x1 - x0, y1 - y0) == (right - left, bottom - top)

    def _placed(self, image: NDArray[Any], beyond: int) -> NDArray[Any]:
        if beyond == cv2.BORDER_CONSTANT and self._apart:
            return np.zeros((self.height, self.width, *image.shape[2:]), image.dtype)
        (x0, y0, x1, y1), (left, top, right, bottom) = self._parts(image.shape[1::-1])
        part = scaled(image[y0:y1, x0:x1], bottom - top, right - left)
        around = top, self.height - bottom, left, self.width - right
        return cv2.copyMakeBorder(part, *around, beyond) if any(around) else part

    def _parts(self, size: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(what is seen of an image of the photo, where it lies on the canvas), each as left, top,
        right and bottom in whole pixels; neither is empty."""
        left, top, wide, high = self.window
        seen, there = [], []
        for start, length, whole, side, out in (
            (left, wide, self.photo[0], size[0], self.width),
            (top, high, self.photo[1], size[1], self.height),
        ):
            ends = max(0.0, start), min(float(whole), start + length)
            seen.append(_whole(ends[0] * side / whole, ends[1] * side / whole, side))
            scale = out / length
            there.append(_whole((ends[0] - start) * scale, (ends[1] - start) * scale, out))
        (x0, x1), (y0, y1) = seen
        (start, end), (first, last) = there
        return (x0, y0, x1, y1), (start, first, end, last)


def _whole(start: float, end: float, most: int) -> tuple[int, int]:
    """At least one whole pixel of `most`."""
    first = min(max(0, round(start)), most - 1)
    return first, min(max(first + 1, round(end)), most)
