"""What the public functions accept, and the sentence that refuses the rest."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo

SLACK = 1e-3
"""Rounding may carry an alpha this far out of [0, 1]; it is brought back."""


def as_photo(pixels: NDArray[Any]) -> Photo:
    """`pixels` as contiguous `uint8 (H, W, 3)`; copies only where it must.

    Grey `(H, W)` and `(H, W, 1)` get three equal channels; RGBA `(H, W, 4)` is put on white.
    Raises ValueError for anything else.
    """
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8:
        raise ValueError(f"A photo's pixels are uint8, 0 to 255; these are {pixels.dtype}.")
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4) or 0 in pixels.shape:
        raise ValueError(
            "A photo has the shape (height, width), or (height, width, 1, 3 or 4), and at least "
            f"one pixel; this one is {pixels.shape}."
        )
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    elif pixels.shape[2] == 4:
        opacity = pixels[:, :, 3:].astype(np.float32) / 255
        pixels = np.rint(255 + (pixels[:, :, :3] - np.float32(255)) * opacity).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def as_alpha(alpha: NDArray[Any]) -> Alpha:
    """`alpha` as contiguous `float32 (H, W)` in [0, 1]; copies only where it must.

    Booleans and `uint8` masks (0 to 255) are converted. Raises ValueError for anything else.
    """
    alpha = np.asarray(alpha)
    if alpha.ndim == 3 and alpha.shape[2] == 1:
        alpha = alpha[:, :, 0]
    if alpha.ndim != 2 or alpha.size == 0:
        raise ValueError(
            "An alpha has the shape (height, width) and at least one pixel; "
            f"this one is {alpha.shape}."
        )
    if alpha.dtype == np.uint8:
        alpha = alpha / np.float32(255)
    elif alpha.dtype != np.bool and not np.issubdtype(alpha.dtype, np.floating):
        raise ValueError(f"An alpha is float32 in [0, 1], bool or uint8; this is {alpha.dtype}.")
    alpha = np.ascontiguousarray(alpha, dtype=np.float32)
    least, most = alpha.min(), alpha.max()
    if not (least >= -SLACK and most <= 1 + SLACK):
        raise ValueError("An alpha lies between 0 and 1; this one has values outside, or NaN.")
    return alpha if least >= 0 and most <= 1 else np.clip(alpha, 0, 1)


def as_pair(photo: NDArray[Any], alpha: NDArray[Any]) -> tuple[Photo, Alpha]:
    """Both checked, and of one size. Raises ValueError."""
    photo, alpha = as_photo(photo), as_alpha(alpha)
    if photo.shape[:2] != alpha.shape:
        raise ValueError(
            "The alpha must have the photo's size: the photo is "
            f"{photo.shape[1]} × {photo.shape[0]} pixels, "
            f"the alpha {alpha.shape[1]} × {alpha.shape[0]}."
        )
    return photo, alpha


def check_scale(scale: float) -> None:
    """Raises ValueError unless `scale` is a size relative to the full photo: above 0, up to 1."""
    if not 0 < scale <= 1:
        raise ValueError(f"scale is the size of these arrays / the full photo's; got {scale:g}.")
