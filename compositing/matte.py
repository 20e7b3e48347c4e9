"""An alpha as a picture of grey levels, of 8 or 16 bits."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.checks import as_alpha


def matte_image(alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """Show an alpha as grey levels.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1].

    Returns
    -------
    picture : (H, W) uint8 array
        0 to 255, rounded.

    Raises
    ------
    ValueError
        If the array cannot be an alpha.

    Examples
    --------
    >>> matte_image(np.array([[0, 0.25, 0.999, 1]])).tolist()
    [[0, 64, 255, 255]]
    """
    levels: NDArray[np.uint8] = cv2.convertScaleAbs(as_alpha(alpha), alpha=255)  # and rounds
    return levels


def deep_image(alpha: NDArray[Any]) -> NDArray[np.uint16]:
    """Show an alpha as grey levels of 16 bits.

    Parameters
    ----------
    alpha : (H, W) array
        float32 in [0, 1].

    Returns
    -------
    picture : (H, W) uint16 array
        0 to 65535, rounded.

    Raises
    ------
    ValueError
        If the array cannot be an alpha.

    Examples
    --------
    >>> deep_image(np.array([[0, 0.25, 0.999, 1]])).tolist()
    [[0, 16384, 65469, 65535]]
    """
    levels = as_alpha(alpha) * np.float32(65535)
    return np.rint(levels, out=levels).astype(np.uint16)
