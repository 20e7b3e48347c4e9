"""Room for photos that are worked on at once, so that memory is bounded whatever comes."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from PIL import Image

from compositing.frame import Frame
from models.interface import Check, unwanted
from photos.batch.places import beginning
from photos.formats.quiet import quiet

_PIXEL = 40
"""Bytes that a photo's pixel takes at most, in all that is made of it at one time."""
_SHARE = 4
"""One part in so many of the free memory is for photos; the rest is for models and others."""
_UNKNOWN = 24_000_000
"""Pixels of a photo that doesn't tell them at once."""


class Room:
    """Holds as many photos as there is memory for, and always one.

    Parameters
    ----------
    pixels : int, optional
        Of all photos together. By default as the free memory allows.

    Examples
    --------
    >>> room = Room(10)
    >>> with room.taken(4), room.taken(6):
    ...     room.used
    10
    """

    def __init__(self, pixels: int | None = None) -> None:
        free = psutil.virtual_memory().available
        self.pixels = free // (_SHARE * _PIXEL) if pixels is None else pixels
        self.used = 0
        self._photos = 0
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, pixels: int, check: Check = unwanted) -> Iterator[None]:
        """Wait for room. Raises Cancelled if `check` says so."""
        with self._changed:
            while self._photos and self.used + pixels > self.pixels:
                check()
                self._changed.wait(0.2)
            self._photos, self.used = self._photos + 1, self.used + pixels
        try:
            yield
        finally:
            with self._changed:
                self._photos, self.used = self._photos - 1, self.used - pixels
                self._changed.notify_all()


def declared_pixels(path: str) -> int:
    """Tell how many pixels a photo says that it has, before they're decoded.

    Parameters
    ----------
    path : str

    Returns
    -------
    pixels : int
        Those of a usual camera, if it doesn't tell.

    Examples
    --------
    >>> from importlib.resources import files
    >>> declared_pixels(str(files("skimage.data") / "coffee.png"))
    240000
    """
    try:
        with quiet, Image.open(beginning(path)) as image:
            return image.width * image.height
    except Exception:  # whatever is wrong with it is told when it's opened
        return _UNKNOWN


def worked_pixels(path: str, frame: Frame | None) -> int:
    """Tell how many pixels are worked on: those of the photo, or of its frame if that has more.

    Parameters
    ----------
    path : str
    frame : Frame or None

    Returns
    -------
    pixels : int

    Examples
    --------
    >>> from importlib.resources import files
    >>> worked_pixels(str(files("skimage.data") / "coffee.png"), Frame(canvas=(2000, 1000)))
    2000000
    """
    declared = declared_pixels(path)
    if frame is None:
        return declared
    if frame.canvas:
        return max(declared, math.prod(frame.canvas))
    side, margin = math.sqrt(declared), frame.margin.value
    return round((side / (1 - margin / 50) if frame.margin.percent else side + 2 * margin) ** 2)
