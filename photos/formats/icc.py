"""ICC profiles of RGB that are a curve and a matrix (ICC.1:2022, 9.2, 10.6, 10.18 and 10.31)."""

import struct
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photos.formats.colour import from_pcs

type Doubles = NDArray[np.float64]

LEVELS = 65536
_HEAD, _MOST_TAGS = 128, 200
_TABLES = {b"A2B0", b"A2B1", b"D2B0", b"D2B1"}
"""A profile with one of these means its tables; the rest is for programs without them."""
_ALIKE = 1 / 4096
"""How far the curves of the three channels may be apart: those of one space are rounded apart."""
_WHITE = 0.02
"""How far a profile's white may be from what its colours add up to: they are rounded."""


class Matrix(NamedTuple):
    """curve: `float64 (65536,)`, the light of each code value of 16 bits, 0 to 1, rising.
    to_srgb: `(3, 3)`, from linear RGB to linear sRGB; white stays white."""

    curve: Doubles
    to_srgb: Doubles


@lru_cache(16)
def matrix_of(profile: bytes) -> Matrix | None:
    """What a profile says, if one curve for all channels and a matrix are all of it; None if it is
    another one, or broken."""
    try:
        tags = _tags(profile)
        if profile[16:24] != b"RGB XYZ " or profile[36:40] != b"acsp" or _TABLES & tags.keys():
            return None
        curves = [_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")]
        columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    except (KeyError, ValueError, ZeroDivisionError, OverflowError, struct.error):
        return None
    curve = curves[1]
    if max(np.abs(each - curve).max() for each in curves) > _ALIKE or not _rising(curve):
        return None
    to_srgb = from_pcs() @ np.stack(columns, axis=1)
    white = to_srgb.sum(axis=1)
    if np.abs(white - 1).max() > _WHITE or abs(np.linalg.det(to_srgb)) < 1e-3:
        return None
    return Matrix(curve, to_srgb / white[:, None])


def _rising(curve: Doubles) -> bool:
    ends = abs(curve[0]) < 1 / 255 and abs(curve[-1] - 1) < 1 / 255
    return ends and bool((np.diff(curve) >= 0).all())


def _tags(profile: bytes) -> dict[bytes, bytes]:
    count = struct.unpack_from(">I", profile, _HEAD)[0]
    tags = {}
    for number in range(min(count, _MOST_TAGS)):
        name, start, length = struct.unpack_from(">4sII", profile, _HEAD + 4 + 12 * number)
        if start + length > len(profile):
            raise ValueError("cut short")
        tags[name] = profile[start : start + length]
    return tags


def _xyz(tag: bytes) -> Doubles:
    kind, *numbers = struct.unpack_from(">4s4x3i", tag)
    if kind != b"XYZ ":
        raise ValueError("no colour")
    return np.array(numbers) / 65536


def _curve(tag: bytes) -> Doubles:
    """The light of all code values, clipped to 0 to 1."""
    code = np.linspace(0, 1, LEVELS)
    kind = tag[:4]
    with np.errstate(all="ignore"):
        if kind == b"curv":
            light = _sampled(tag, code)
        elif kind == b"para":
            light = _formula(tag, code)
        else:
            raise ValueError("no curve")
    if not np.isfinite(light).all():
        raise ValueError("no curve")
    return np.clip(light, 0, 1)


def _sampled(tag: bytes, code: Doubles) -> Doubles:
    count = struct.unpack_from(">I", tag, 8)[0]
    if count == 0:
        return code
    if 2 * count > len(tag) - 12:
        raise ValueError("cut short")
    values = np.frombuffer(tag, ">u2", count, 12)
    if count == 1:
        power: Doubles = code ** (values[0] / 256)
        return power
    return np.interp(code, np.linspace(0, 1, count), values / 65535)


def _formula(tag: bytes, code: Doubles) -> Doubles:
    """g, a, b, c, d, e and f as the standard names them."""
    kind = struct.unpack_from(">H", tag, 8)[0]
    count = (1, 3, 4, 5, 7)[kind] if kind < 5 else 0
    if not count:
        raise ValueError("no formula")
    g, *rest = (each / 65536 for each in struct.unpack_from(f">{count}i", tag, 12))
    a, b, c, d, e, f = (*rest, *(0.0,) * (6 - len(rest))) if rest else (1.0, *(0.0,) * 5)
    if kind in (1, 2):  # below its zero: a constant, which is c, 0 where there is none
        below, above, start = c, c, -b / a
        slope = 0.0
    else:
        below, above, start, slope = f, e, d, c
    curved = np.maximum(a * code + b, 0) ** g + above
    light: Doubles = np.where(code >= start, curved, slope * code + below)
    return light
