"""Decoders' own warnings, with paths of source files in them, stay out of people's sight."""

import ctypes
import logging
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import cv2
import PIL

# Without any handler, Python would print them.
logging.getLogger("PIL").addHandler(logging.NullHandler())
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class _Quiet:
    """`with quiet:` no warning of a decoder is shown, nor turned into an error.

    Filters belong to the whole process. So the first thread that comes sets them and the last one
    that leaves takes them back.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._lock = threading.Lock()
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"(PIL|pillow_heif)\b")
            self._inside += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._filters.__exit__(kind, error, trace)


quiet = _Quiet()


def _hush_libtiff() -> None:
    """Pillow's libtiff prints what it finds wrong with a file. It is silenced where it is a file
    of its own, as in Pillow's wheels; elsewhere it goes on printing."""
    home = Path(PIL.__file__).parent
    for path in (*home.parent.glob("pillow.libs/libtiff*"), *home.glob(".dylibs/libtiff*")):
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(str(path))
            library.TIFFSetErrorHandler(None)
            library.TIFFSetWarningHandler(None)


_hush_libtiff()
