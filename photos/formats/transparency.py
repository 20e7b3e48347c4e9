"""A backdrop on which a subject without a background shows."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_WHITE = 255
_GREYS = (0, 32, 64, 96, 128, 160, 192, 224)
_NEAR = 48
"""Of 255: colours nearer than that to the backdrop are hard to tell from it."""
_LOOKED_AT = 1024
"""Pixels of a side, at most, that are looked at."""


def on_backdrop(colours: Image.Image, alpha: Image.Image) -> Image.Image:
    """The RGB picture laid on white. If its subject's edge is nearly white, on grey or black: the
    shade from which the edge differs most."""
    shade = backdrop(np.asarray(colours), np.asarray(alpha))
    return Image.composite(colours, Image.new("RGB", colours.size, (shade,) * 3), alpha)


def backdrop(colours: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> int:
    """The shade of grey, 0 to 255. colours: `(H, W, 3)`. alpha: `(H, W)`, 255 is opaque."""
    step = max(1, max(alpha.shape) // _LOOKED_AT)
    edge = _edge_colours(colours[::step, ::step], alpha[::step, ::step]).astype(np.float32)
    if not len(edge) or _told_apart(edge, _WHITE) >= _NEAR:
        return _WHITE
    return max(_GREYS, key=lambda grey: _told_apart(edge, grey))


def _edge_colours(colours: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`(N, 3)`: those of visible pixels beside what is transparent, or of all that are visible."""
    visible = (alpha >= 128).astype(np.uint8)
    if not visible.any():
        visible = (alpha > 0).astype(np.uint8)
    width = 2 * max(1, max(alpha.shape) // 200) + 1
    kernel = np.ones((width, width), np.uint8)
    beside = cast(NDArray[np.uint8], cv2.dilate(1 - visible, kernel)) * visible
    return colours[(beside if beside.any() else visible) > 0]


def _told_apart(edge: NDArray[np.float32], shade: int) -> float:
    """How far, of 255, all but a tenth of the colours are from the shade."""
    return float(np.percentile(np.sqrt(np.square(edge - shade).mean(axis=1)), 10))
