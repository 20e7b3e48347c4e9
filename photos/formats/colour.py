"""Colours as a file declares them become sRGB.

Code points are those of ITU-T H.273, which PNG's cICP and the nclx of HEIF and AVIF share.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

type Floats = NDArray[np.float32]
type Curve = Callable[[Floats], Floats]

_SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_D65 = 0.3127, 0.3290
_C = 0.310, 0.316
_SRGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_PRIMARIES = {
    1: (*_D65, *_SRGB),
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (*_D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    22: (*_D65, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077),
}
"""x and y of white, red, green and blue."""
_VIDEO = {1, 6, 11, 12, 14, 15}
"""The camera curves of BT.709, BT.601, BT.2020 and their kin: one formula."""
_WHITE = 203.0
"""cd/m² that HDR pictures show as diffuse white (ITU-R BT.2408): sRGB's white."""
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


@dataclass(frozen=True)
class Space:
    """What an RGB file's numbers mean. primaries: x and y of white, red, green and blue.
    linear: from `float32` code values in [0, 1] to light, of which 1 is white; more is clipped.
    scene: whether the light is HLG's, of a scene, that a display has yet to make brighter.
    limited: whether black is at 16 and white at 235 of 255."""

    primaries: tuple[float, ...]
    linear: Curve
    scene: bool = False
    limited: bool = False


def _from_srgb(code: Floats) -> Floats:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _power(exponent: float) -> Curve:
    return lambda code: code ** np.float32(exponent)


SRGB = Space(_PRIMARIES[1], _from_srgb)
ADOBE_RGB = Space((*_D65, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06), _power(563 / 256))


def cicp(primaries: int, transfer: int, *, limited: bool = False) -> Space | None:
    """The space of two H.273 code points; None where they say nothing, or what isn't known.

    BT.709's curve over its own primaries counts as sRGB: that is how viewers show it.
    """
    curve, known = _curve(transfer), _PRIMARIES.get(1 if primaries == 2 else primaries)
    if curve is None or known is None or primaries == transfer == 2:
        return None
    if primaries in (1, 2) and transfer in _VIDEO | {2, 13}:
        return replace(SRGB, limited=True) if limited else SRGB
    return Space(known, curve, scene=transfer == 18, limited=limited)


def calibrated(gamma: float | None, chromaticity: tuple[float, ...] | None) -> Space | None:
    """The space of a PNG's gAMA and cHRM, each of which may be missing; None if neither makes
    sense. A gamma of 1/2.2 stands for sRGB's curve, as everyone writes it."""
    primaries = chromaticity if chromaticity and _sensible(chromaticity) else None
    power = gamma if gamma is not None and 0.05 < gamma < 20 else None
    if primaries is None and power is None:
        return None
    curved = power is not None and abs(power - 1 / 2.2) > 0.01
    if not curved and (primaries is None or np.allclose(primaries, _PRIMARIES[1], atol=0.002)):
        return SRGB
    curve = _power(1 / power) if power and curved else SRGB.linear
    return Space(primaries or SRGB.primaries, curve)


def to_srgb(image: Image.Image, space: Space) -> Image.Image:
    """An RGB picture of 8 bits in sRGB. Colours that sRGB doesn't have are clipped."""
    low, high = (16, 235) if space.limited else (0, 255)
    codes = np.clip((np.arange(256) - low) / (high - low), 0, 1).astype(np.float32)
    light = space.linear(codes).astype(np.float32)
    to_xyz = _xyz(space.primaries)
    matrix = (_from_xyz() @ _adaptation(to_xyz.sum(1)) @ to_xyz).astype(np.float32)
    luminance = to_xyz[1].astype(np.float32)
    shades, pixels = _shades(), np.array(image)
    for rows in bands(pixels):
        linear = light[rows]
        if space.scene:
            # BT.2100: a display of 1000 cd/m² raises the scene's luminance to the power of 1.2.
            bright = np.maximum(linear @ luminance, 1e-6) ** np.float32(0.2)
            linear = linear * bright[..., None] * np.float32(1000 / _WHITE)
        rows[...] = shades[_steps(linear @ matrix.T)]
    return Image.fromarray(pixels)


def lab_to_rgb(lab: Floats, white: tuple[float, float] | None) -> Image.Image:
    """8-bit sRGB of `float32 (H, W, 3)` CIE L*a*b*: L in [0, 100]. white: its x and y; that of
    prints (D50) where a file doesn't say."""
    x, y = white or (0.3457, 0.3585)
    white_xyz = np.array([x / y, 1, (1 - x - y) / y])
    matrix = (_from_xyz() @ _adaptation(white_xyz) * white_xyz).astype(np.float32)
    pixels, shades = np.empty(lab.shape, np.uint8), _shades()
    for rows, values in zip(bands(pixels), bands(lab), strict=True):
        middle = (values[..., 0] + 16) / 116
        f = np.stack([middle + values[..., 1] / 500, middle, middle - values[..., 2] / 200], -1)
        xyz = np.where(f > 6 / 29, f**3, (f - np.float32(4 / 29)) * np.float32(108 / 841))
        rows[...] = shades[_steps(xyz @ matrix.T)]
    return Image.fromarray(pixels)


def by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """sRGB as an ICC profile means the colours; None if it is broken, or one for other colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")
        converted: Any = ImageCms.profileToProfile(image, source, _SRGB_PROFILE, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return converted if isinstance(converted, Image.Image) else None


def bands(pixels: NDArray[Any]) -> list[NDArray[Any]]:
    """Views of some rows each: what is computed of floats needs little memory at a time."""
    rows = max(1, 2_000_000 // max(1, pixels.shape[1]))
    return [pixels[top : top + rows] for top in range(0, len(pixels), rows)]


def from_pcs() -> NDArray[np.float64]:
    """`(3, 3)`: from XYZ as ICC profiles tell it, under D50, to linear sRGB."""
    result: NDArray[np.float64] = _from_xyz() @ _adaptation(np.array([0.9642, 1, 0.8249]))
    return result


def _steps(linear: Floats) -> NDArray[np.uint16]:
    return (np.clip(linear, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def _shades() -> NDArray[np.uint8]:
    """8-bit sRGB of 65536 steps of light: of the darkest shades, 20 steps are one shade."""
    light = np.arange(65536) / 65535
    code = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(code * 255).astype(np.uint8)


def _from_video(code: Floats) -> Floats:
    return np.where(code < 0.081, code / 4.5, ((code + 0.099) / 1.099) ** (1 / 0.45))


def _from_smpte_240(code: Floats) -> Floats:
    return np.where(code < 0.0913, code / 4, ((code + 0.1115) / 1.1115) ** (1 / 0.45))


def _from_log(decades: float) -> Curve:
    return lambda code: np.where(code > 0, 10 ** ((code - 1) * np.float32(decades)), 0)


def _from_pq(code: Floats) -> Floats:
    root = code.astype(np.float64) ** (32 / 2523)
    light = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return (10000 / _WHITE * light ** (16384 / 2610)).astype(np.float32)


def _from_hlg(code: Floats) -> Floats:
    high = (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.where(code <= 0.5, code**2 / 3, high)


def _curve(transfer: int) -> Curve | None:
    if transfer in _VIDEO:
        return _from_video
    curves = {
        2: _from_srgb,
        4: _power(2.2),
        5: _power(2.8),
        7: _from_smpte_240,
        8: _power(1),
        9: _from_log(2),
        10: _from_log(2.5),
        13: _from_srgb,
        16: _from_pq,
        17: lambda code: code ** np.float32(2.6) * np.float32(52.37 / 48),
        18: _from_hlg,
    }
    return curves.get(transfer)


def _sensible(primaries: tuple[float, ...]) -> bool:
    """Whether white has a hue of its own and lies within the triangle of the primaries."""
    if len(primaries) != 8 or not np.isfinite(primaries).all() or primaries[1] < 0.01:
        return False
    corners = _corners(primaries)
    if abs(np.linalg.det(corners[:, 1:])) < 1e-4:
        return False
    return bool((np.linalg.solve(corners[:, 1:], corners[:, 0]) > 0).all())


def _corners(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    """`(3, 4)`: x, y and z of white, red, green and blue."""
    x, y = np.array(primaries[::2]), np.array(primaries[1::2])
    return np.stack([x, y, 1 - x - y])


def _xyz(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    """`(3, 3)`: from linear RGB to XYZ with the space's own white."""
    corners = _corners(primaries)
    white = corners[:, 0] / corners[1, 0]
    to_own: NDArray[np.float64] = corners[:, 1:] * np.linalg.solve(corners[:, 1:], white)
    return to_own


def _adaptation(white: NDArray[np.float64]) -> NDArray[np.float64]:
    """`(3, 3)`: colours seen under a white, as they're seen under D65 (Bradford)."""
    x, y = _D65
    own, ours = _BRADFORD @ white, _BRADFORD @ np.array([x / y, 1, (1 - x - y) / y])
    result: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ np.diag(ours / own) @ _BRADFORD
    return result


def _from_xyz() -> NDArray[np.float64]:
    """`(3, 3)`: from XYZ under D65 to linear sRGB."""
    return np.linalg.inv(_xyz(_PRIMARIES[1]))
