"""Pixels of photos that requests brought: decoded once, when a photo is opened, and at hand for the
model and for the picture while there is room for them. Where there isn't, they are decoded anew.
"""

import threading
from weakref import finalize

from compositing.arrays import Photo
from photos.cut import Cut
from photos.finishing import picture_file
from photos.look import Look
from photos.photo import PhotoFile
from photos.reading import open_with_pixels
from photos.rendering import Kind
from serving.bodies import File

ROOM = 200_000_000
"""Bytes that pixels of all requests may take between their steps: of 2 megapixels, 33 photos."""

_held: dict[int, Photo] = {}  # by the identity of a photo that somebody holds
_lock = threading.Lock()


def open_file(file: File) -> PhotoFile:
    """Its pixels are at hand until nobody holds the photo any more. Raises PhotoError."""
    photo, pixels = open_with_pixels(file.data, file.name)
    with _lock:
        there = list(_held.values())  # others let go of photos meanwhile, without the lock
        if sum(each.nbytes for each in there) + pixels.nbytes <= ROOM:
            _held[id(photo)] = pixels
            finalize(photo, _held.pop, id(photo), None)
    return photo


def at_hand(photo: PhotoFile) -> Photo | None:
    """The photo's pixels, as `PhotoFile.pixels` gives them, to be read alone; None if they must be
    decoded."""
    return _held.get(id(photo))


def png_file(cut: Cut, look: Look, kind: Kind) -> bytes:
    """A picture of a cut as a PNG. Raises what `picture_file` does."""
    return picture_file(cut, look, kind, "PNG", pixels=at_hand(cut.photo))
