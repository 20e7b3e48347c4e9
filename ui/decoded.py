"""The pixels of the photo that was decoded last: who looks at a photo most often runs models on it
next, and decoding a large one takes as long as half a small network."""

import threading
import weakref

from compositing.arrays import Photo
from photos.photo import PhotoFile


class LatestPixels:
    """Those of one photo, for as long as somebody else holds that photo. Threads may share it."""

    def __init__(self) -> None:
        self._kept: tuple[weakref.ref[PhotoFile], Photo] | None = None
        self._lock = threading.Lock()

    @property
    def held(self) -> bool:
        """Whether it has the pixels of a photo."""
        return self._kept is not None

    def of(self, photo: PhotoFile) -> Photo:
        """`uint8 (H, W, 3)`, as `PhotoFile.pixels` decodes them. Don't write into it: it is
        shared."""
        with self._lock:
            kept = self._kept
        if kept and kept[0]() is photo:
            return kept[1]
        pixels = photo.pixels()
        with self._lock:
            self._kept = weakref.ref(photo, self._forget), pixels
        return pixels

    def _forget(self, gone: "weakref.ref[PhotoFile]") -> None:
        kept = self._kept
        if kept and kept[0] is gone:
            self._kept = None


latest_pixels = LatestPixels()
"""One for all visits: on a busy server some photos are decoded twice, and memory holds one."""
