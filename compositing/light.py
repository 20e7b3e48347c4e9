"""From sRGB values to linear light and back (IEC 61966-2-1), by tables."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from compositing.scaling import Floats


@cache
def light_table(levels: int = 256) -> Floats:
    """Give the linear light of each sRGB value.

    Parameters
    ----------
    levels : int
        How many values there are: 256 of 8 bits, 65536 of 16.

    Returns
    -------
    light : (levels,) float32 array
        0 to 1. Read-only, and the same array each time.

    Examples
    --------
    >>> print(light_table()[[0, 10, 128, 255]].round(3))
    [0.    0.003 0.216 1.   ]
    """
    value = np.arange(levels) / (levels - 1)
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return _kept(light)


@cache
def srgb_table() -> Floats:
    """Give the sRGB values of linear light from 0 to 1 in equal steps.

    Returns
    -------
    values : (16384,) float32 array
        0 to 255, not rounded. Read-only, and the same array each time.

    Examples
    --------
    >>> print(srgb_table()[[0, 8192, 16383]].round(1))
    [  0.  187.5 255. ]
    """
    light = np.linspace(0, 1, 1 << 14)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return _kept(255 * value)


def _kept(table: NDArray[np.float64]) -> Floats:
    """A table that nobody can write into: all callers share it."""
    kept = table.astype(np.float32)
    kept.flags.writeable = False
    return kept


def to_light(plate: Floats, levels: int = 256) -> Floats:
    """Convert sRGB values to linear light; between whole values, interpolate.

    Parameters
    ----------
    plate : (h, w, 3) float32 array
        sRGB, 0 to 255.
    levels : int
        How many whole values there are from 0 to 255: as in `light_table`.

    Returns
    -------
    light : (h, w, 3) float32 array
        0 to 1.

    Examples
    --------
    >>> print(to_light(np.array([[[0, 188, 255]]], np.float32)).round(2))
    [[[0.  0.5 1. ]]]
    """
    return _through(plate, light_table(levels), 255)


def to_srgb(light: Floats) -> Floats:
    """Convert linear light to sRGB values.

    Parameters
    ----------
    light : (h, w, 3) float32 array
        0 to 1; values outside are clipped.

    Returns
    -------
    plate : (h, w, 3) float32 array
        sRGB, 0 to 255, not rounded.

    Examples
    --------
    Half the light is not half the value:

    >>> print(to_srgb(np.array([[[0, 0.5, 1]]], np.float32)).round())
    [[[  0. 188. 255.]]]
    """
    return _through(light, srgb_table(), 1)


def _through(values: Floats, table: Floats, most: float) -> Floats:
    """The curve that a table gives, for values from 0 to `most`."""
    from compositing.kernels import curves, jit

    out = np.empty_like(values)
    jit.in_bands(curves.curve, *values.shape[:2], values, table, most, out)
    return out
