"""What the public functions accept, and the sentence that refuses the rest."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo, Pixels, levels_of

LARGEST_KERNEL = 2001
SLACK = 1e-3
"""Rounding may carry an alpha this far out of [0, 1]; it is clipped."""


def as_photo(pixels: NDArray[Any]) -> Photo:
    """Convert an array of pixels to a photo of 8 bits.

    Parameters
    ----------
    pixels : (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) uint8 array
        Grey, RGB or RGBA. RGBA is not premultiplied; it is put on white.

    Returns
    -------
    photo : (H, W, 3) uint8 array
        RGB, C-contiguous. This is `pixels` itself where nothing has to be converted.

    Raises
    ------
    ValueError
        If the dtype or the shape is another one, or there are no pixels.

    Examples
    --------
    >>> as_photo(np.array([[7, 9]], np.uint8)).tolist()
    [[[7, 7, 7], [9, 9, 9]]]
    >>> as_photo(np.array([[[0, 0, 200, 51]]], np.uint8)).tolist()  # blue, a fifth opaque
    [[[204, 204, 244]]]
    """
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8:
        raise ValueError(f"A photo's pixels are uint8, 0 to 255; these are {pixels.dtype}.")
    return as_pixels(pixels)  # type: ignore[return-value]


def as_pixels(pixels: NDArray[Any]) -> Pixels:
    """Convert an array of pixels to a photo of 8 or 16 bits.

    Parameters
    ----------
    pixels : array
        As `as_photo` takes it, or the same of uint16.

    Returns
    -------
    photo : (H, W, 3) uint8 or uint16 array
        As from `as_photo`.

    Raises
    ------
    ValueError
        As `as_photo` does.

    Examples
    --------
    >>> as_pixels(np.array([[65535]], np.uint16)).tolist()
    [[[65535, 65535, 65535]]]
    """
    pixels = np.asarray(pixels)
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(
            "A photo's pixels are uint8, 0 to 255, or uint16, 0 to 65535; these are "
            f"{pixels.dtype}."
        )
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
        white = np.float32(levels_of(pixels) - 1)
        opacity = pixels[:, :, 3:].astype(np.float32) / white
        pixels = np.rint(white + (pixels[:, :, :3] - white) * opacity).astype(pixels.dtype)
    return np.ascontiguousarray(pixels)


def as_alpha(alpha: NDArray[Any]) -> Alpha:
    """Convert a mask or matte to an alpha.

    Parameters
    ----------
    alpha : (H, W) or (H, W, 1) array
        Floating point in [0, 1], bool, or uint8 in [0, 255].

    Returns
    -------
    alpha : (H, W) float32 array
        In [0, 1], C-contiguous. This is the array passed in where nothing has to be converted.

    Raises
    ------
    ValueError
        If the dtype, the shape or the range is another one, or there are no pixels.

    Examples
    --------
    >>> as_alpha(np.array([[0, 51, 255]], np.uint8))
    array([[0. , 0.2, 1. ]], dtype=float32)
    >>> as_alpha(np.array([[2.5]]))
    Traceback (most recent call last):
    ValueError: An alpha lies between 0 and 1; this one has values outside, or NaN.
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


def as_pair(photo: NDArray[Any], alpha: NDArray[Any]) -> tuple[Pixels, Alpha]:
    """Convert a photo and its alpha, and check that they are of one size.

    Parameters
    ----------
    photo, alpha : arrays
        What `as_pixels` and `as_alpha` take.

    Returns
    -------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
        Each is the array passed in where nothing has to be converted.

    Raises
    ------
    ValueError
        If either is refused, or their sizes differ.

    Examples
    --------
    >>> photo, alpha = as_pair(np.full((1, 2), 9, np.uint8), np.array([[True, False]]))
    >>> photo.shape, alpha.tolist()
    ((1, 2, 3), [[1.0, 0.0]])
    >>> as_pair(photo, alpha.T)
    Traceback (most recent call last):
    ValueError: The alpha must have the photo's size: the photo is 2 × 1 pixels, the alpha 1 × 2.
    """
    photo, alpha = as_pixels(photo), as_alpha(alpha)
    if photo.shape[:2] != alpha.shape:
        raise ValueError(
            "The alpha must have the photo's size: the photo is "
            f"{photo.shape[1]} × {photo.shape[0]} pixels, "
            f"the alpha {alpha.shape[1]} × {alpha.shape[0]}."
        )
    return photo, alpha


def check_scale(scale: float) -> None:
    """Check a size relative to the full photo's.

    Parameters
    ----------
    scale : float
        Above 0 and up to 1.

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> check_scale(0.5)
    >>> check_scale(50)
    Traceback (most recent call last):
    ValueError: scale is the size of these arrays / the full photo's; got 50.
    """
    if not 0 < scale <= 1:
        raise ValueError(f"scale is the size of these arrays / the full photo's; got {scale:g}.")


def check_kernel(kernel: int) -> None:
    """Check the size of a blur.

    Parameters
    ----------
    kernel : int
        In pixels: odd, 1 to 2001.

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> check_kernel(51)
    >>> check_kernel(50)
    Traceback (most recent call last):
    ValueError: A blur's kernel is an odd number from 1 to 2001; got 50.
    """
    if not (1 <= kernel <= LARGEST_KERNEL and kernel % 2 == 1):
        raise ValueError(
            f"A blur's kernel is an odd number from 1 to {LARGEST_KERNEL}; got {kernel}."
        )
