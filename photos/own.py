"""A photo's own colours of 16 bits: into those that are composed, and back.

What is composed has the file's own primaries and sRGB's curve, whatever the file's curve is. So a
full-size picture looks as its preview does, and light is measured by the same tables. Pixels that
composing leaves as they are become the file's own again, to the bit.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Deep, Pixels, as_floats, levels_of
from compositing.background import Background, Picture
from compositing.colours import Colour, Gradient, Rows
from compositing.light import to_light, to_srgb
from compositing.scaling import Floats
from photos.file_picture import FilePicture
from photos.formats.colour import bands
from photos.formats.icc import LEVELS, matrix_of
from photos.photo import PhotoFile

_MOST = LEVELS - 1
_SAME = 32
"""Steps of 65535 by which a curve may differ from sRGB's and be the same: an eighth of one of 255.
Profiles round it, each in its way."""


@dataclass(frozen=True, eq=False)
class Own:
    """The colours of a profile. into, back: tables of uint16 (65536,), from the file's values to
    sRGB's curve and from there to the file's; None where these are the same. to_srgb: (3, 3), from
    linear light in these primaries to linear sRGB; None where these are the same.

    Examples
    --------
    >>> plain = Own.of(b"")
    >>> plain.into is None, plain.of_srgb(np.full((1, 1, 3), 242, np.uint8)).tolist()
    (True, [[[62194, 62194, 62194]]])
    """

    into: Deep | None = None
    back: Deep | None = None
    to_srgb: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, profile: bytes) -> Self:
        """Of an ICC profile that `photos.formats.icc` can read; empty: sRGB."""
        matrix = matrix_of(profile) if profile else None
        if matrix is None:
            return cls()
        to_srgb = None if np.allclose(matrix.to_srgb, np.eye(3), atol=5e-4) else matrix.to_srgb
        into = np.rint(_curved(matrix.curve) * _MOST)
        steps = np.arange(LEVELS)
        if np.abs(into - steps).max() <= _SAME:
            return cls(to_srgb=to_srgb)
        back = np.interp(_light(steps / _MOST), *_rising(matrix.curve, steps))
        return cls(into.astype(np.uint16), np.rint(back).astype(np.uint16), to_srgb)

    def composed_of(self, codes: Deep) -> Deep:
        """Of the file's values, those that are composed; the same array where they are the same."""
        if self.into is None:
            return codes
        out = np.empty_like(codes)
        for rows, own in zip(bands(out), bands(codes), strict=True):
            np.take(self.into, own, out=rows, mode="clip")
        return out

    def restored(self, picture: Deep, codes: Deep) -> Deep:
        """A composed picture in the file's values. Several of them may be composed alike: where the
        picture still has what one of the file's, of `codes`, was composed as, it takes that."""
        if self.into is None or self.back is None:
            return picture
        for rows, own in zip(bands(picture), bands(codes), strict=True):
            colours = rows[..., :3]
            same = colours == np.take(self.into, own, mode="clip")
            if rows.shape[2] == 4:  # where nothing is opaque, all is 0
                same &= rows[..., 3:] > 0
            rows[..., :3] = np.where(same, own, self.back[colours])
        return picture

    def of_srgb(self, pixels: Pixels) -> Deep:
        """An sRGB picture of 8 or 16 bits, as it's composed."""
        if self.to_srgb is None:
            return pixels.astype(np.uint16) * np.uint16(65535 // (levels_of(pixels) - 1))
        return _through(pixels, np.linalg.inv(self.to_srgb))

    def behind(self, background: Background, height: int) -> Background | Rows:
        """A background, given in sRGB, as it's composed. height: the picture's, in pixels."""
        if isinstance(background, Colour | Gradient):
            return Rows(self._exactly(background.rows(height)))
        if not isinstance(background, Picture):
            return background
        file = background.file if isinstance(background, FilePicture) else None
        pixels = self._of_file(file) if file else self.of_srgb(background.pixels)
        return replace(background, pixels=pixels)

    def _of_file(self, file: PhotoFile) -> Deep:
        """Another file's own colours, in these primaries."""
        other = own_of(file)
        pixels = other.composed_of(file.deep())
        there = np.eye(3) if other.to_srgb is None else other.to_srgb
        here = np.eye(3) if self.to_srgb is None else self.to_srgb
        matrix = np.linalg.inv(here) @ there
        return pixels if np.allclose(matrix, np.eye(3), atol=5e-4) else _through(pixels, matrix)

    def _exactly(self, rows: Floats) -> Floats:
        """Floats, 0 to 255."""
        if self.to_srgb is None:
            return rows
        light = np.clip(_light(rows / 255.0) @ np.linalg.inv(self.to_srgb).T, 0, 1)
        return (_curved(light) * 255).astype(np.float32)


@lru_cache(16)
def _own(profile: bytes) -> Own:
    return Own.of(profile)


def own_of(photo: PhotoFile) -> Own:
    """The colours of a photo whose `profile` is not None.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from photos.samples import SAMPLES
    >>> own_of(replace(SAMPLES[2].open(), profile=b"")).to_srgb is None
    True
    """
    return _own(photo.profile or b"")


def _through(pixels: Pixels, matrix: NDArray[np.float64]) -> Deep:
    """Colours in other primaries, by sRGB's curve. What these don't have is clipped."""
    out = np.empty(pixels.shape, np.uint16)
    for rows, part in zip(bands(out), bands(pixels), strict=True):
        light = to_light(as_floats(part), levels_of(pixels)) @ matrix.T.astype(np.float32)
        rows[...] = np.rint(to_srgb(light) * np.float32(257))
    return out


def _rising(
    curve: NDArray[np.float64], steps: NDArray[np.int_]
) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Where a curve rises: of values with the same light, the lowest."""
    kept = np.append(True, np.diff(curve) > 0)
    return curve[kept], steps[kept]


def _light(code: NDArray[np.floating]) -> NDArray[np.float64]:
    """sRGB's curve (IEC 61966-2-1), without tables: from 0 to 1."""
    code = np.asarray(code, np.float64)
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _curved(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Its inverse."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
