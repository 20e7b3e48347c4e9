"""Pictures without metadata, as files."""

import cv2
import numpy as np
from numpy.typing import NDArray


def jpeg(picture: NDArray[np.uint8], quality: int, *, fine: bool = False) -> bytes:
    """picture: `uint8 (H, W)` grey or `(H, W, 3)` RGB. fine: every pixel keeps its own colour, for
    single hairs; otherwise four pixels share one."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if fine:
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return _file(".jpg", picture, options)


def png(picture: NDArray[np.uint8]) -> bytes:
    """picture: `uint8 (H, W)` grey or `(H, W, 3)` RGB."""
    return _file(".png", picture, [])


def decoded(file: bytes) -> NDArray[np.uint8]:
    """`uint8 (H, W)`: the grey levels of such a file."""
    return np.asarray(cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def _file(ending: str, picture: NDArray[np.uint8], options: list[int]) -> bytes:
    values = picture if picture.ndim == 2 else np.ascontiguousarray(picture[..., ::-1])
    done, data = cv2.imencode(ending, values, options)
    assert done
    return bytes(data)
