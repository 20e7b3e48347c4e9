"""sRGB values to linear light and back (IEC 61966-2-1), by tables."""

from functools import cache

import numpy as np

from compositing.scaling import Floats


@cache
def light_table() -> Floats:
    """The linear light, 0 to 1, of the sRGB values 0 to 255."""
    value = np.arange(256) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


@cache
def _srgb_table() -> Floats:
    light = np.linspace(0, 1, 1 << 14)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (255 * value).astype(np.float32)


def to_light(plate: Floats) -> Floats:
    """From 0–255 in sRGB to 0–1 in linear light, `float32 (h, w, 3)`."""
    return _through(plate, light_table(), 255)


def to_srgb(light: Floats) -> Floats:
    """From 0–1 in linear light to 0–255 in sRGB, `float32 (h, w, 3)`."""
    return _through(light, _srgb_table(), 1)


def _through(values: Floats, table: Floats, most: float) -> Floats:
    from compositing.kernels import curves, jit

    out = np.empty_like(values)
    jit.in_bands(curves.curve, *values.shape[:2], values, table, most, out)
    return out
