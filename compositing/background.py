"""What can go behind the subject."""

import math
import re
from dataclasses import dataclass
from typing import Literal, Self

import cv2
import numpy as np

from compositing.arrays import Photo
from compositing.checks import as_photo
from compositing.scaling import Floats

type BlurMethod = Literal["unmix", "inpaint", "lens"]
type Fit = Literal["cover", "contain", "stretch"]

LARGEST_KERNEL = 2001
BACKDROP = 192  # pixels on the longer side, of what is behind a contained picture


def _check_kernel(kernel: int) -> None:
    if not (1 <= kernel <= LARGEST_KERNEL and kernel % 2 == 1):
        raise ValueError(
            f"A blur's kernel is an odd number from 1 to {LARGEST_KERNEL}; got {kernel}."
        )


def default_kernel(width: int, height: int, strength: float = 1) -> int:
    """A kernel for a photo of this size: 51 at one megapixel, in step with its sides.

    So that photos of all sizes look alike blurred, and visibly so: a kernel is a length in pixels.
    strength: multiplies it; 0 leaves the photo as it is.
    """
    kernel = strength * _usual(width, height)
    return min(max(2 * round((kernel - 1) / 2) + 1, 3), LARGEST_KERNEL) if strength else 1


def strength_of(kernel: int, width: int, height: int) -> float:
    """The strength for which a photo of this size gets that kernel."""
    return kernel / _usual(width, height) if kernel > 1 else 0


def _usual(width: int, height: int) -> float:
    return 51 * math.sqrt(width * height / 1e6)


def sigma_of(kernel: int) -> float:
    """The Gaussian's σ for a kernel's size: that of three blurs by it, one after another, as OpenCV
    chooses their σ.
    """
    return math.sqrt(3) * (0.15 * kernel + 0.35)


@dataclass(frozen=True)
class Blur:
    """The photo's own background, out of focus.

    kernel: in pixels of the full-size photo, odd, 1 to 2001; 1 leaves the photo as it is.
    method: unmix, the photo with the subject subtracted from it; inpaint, the photo with the
    subject painted over (Telea); lens, as unmix but blurred by a disc in linear light, as a wide
    aperture would.
    """

    kernel: int
    method: BlurMethod = "unmix"

    def __post_init__(self) -> None:
        _check_kernel(self.kernel)
        if self.method not in ("unmix", "inpaint", "lens"):
            raise ValueError(f"A blur's method is unmix, inpaint or lens; got {self.method!r}.")


@dataclass(frozen=True)
class Colour:
    """One sRGB colour, each part 0 to 255."""

    red: int
    green: int
    blue: int

    def __post_init__(self) -> None:
        if not all(0 <= part <= 255 for part in self.rgb):
            raise ValueError(f"A colour's parts lie between 0 and 255; got {self.rgb}.")

    @property
    def rgb(self) -> tuple[int, int, int]:
        return self.red, self.green, self.blue

    def rows(self, height: int) -> Floats:  # noqa: ARG002
        """`float32 (1, 1, 3)`."""
        return np.full((1, 1, 3), self.rgb, np.float32)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `#rrggbb` or `#rgb`. Raises ValueError."""
        digits = text.strip().removeprefix("#")
        if re.fullmatch("[0-9a-fA-F]{3}", digits):
            digits = "".join(2 * digit for digit in digits)
        if not re.fullmatch("[0-9a-fA-F]{6}", digits):
            raise ValueError(f"A colour is written #rrggbb, such as #ffffff; got {text!r}.")
        return cls(*bytes.fromhex(digits))


@dataclass(frozen=True)
class Transparent:
    """Nothing: the cutout."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Another picture, as large as the photo is.

    fit: cover fills the photo and crops what stands out; contain shows it whole, over an enlarged
    and blurred copy of itself; stretch ignores its proportions.
    kernel: its own blur, in pixels of the full-size photo; 1 = sharp.
    position: where what is cropped, or shown whole, lies: from left (0) to right (1) and from top
    (0) to bottom (1), as in CSS.
    """

    pixels: Photo
    fit: Fit = "cover"
    kernel: int = 1
    position: tuple[float, float] = (0.5, 0.5)

    def __post_init__(self) -> None:
        _check_kernel(self.kernel)
        if not all(0 <= place <= 1 for place in self.position):
            raise ValueError(f"A picture's position lies between 0 and 1; got {self.position}.")
        if self.fit not in ("cover", "contain", "stretch"):
            raise ValueError(f"A picture's fit is cover, contain or stretch; got {self.fit!r}.")
        object.__setattr__(self, "pixels", as_photo(self.pixels))


@dataclass(frozen=True)
class Gradient:
    """From one colour at the top to another at the bottom."""

    top: Colour
    bottom: Colour

    def rows(self, height: int) -> Floats:
        """`float32 (height, 1, 3)`."""
        ends = np.array([self.top.rgb, self.bottom.rgb], np.float32)
        down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        rows: Floats = ends[0] + (ends[1] - ends[0]) * down
        return rows


type Background = Blur | Colour | Transparent | Picture | Gradient


def fitted(picture: Picture, height: int, width: int) -> Photo:
    """The picture at `height × width`, sharp."""
    pixels, (across, down) = picture.pixels, picture.position
    if picture.fit == "stretch":
        return _resized(pixels, height, width)
    if picture.fit == "cover":
        return _covering(pixels, height, width, across, down)
    ratio = min(height / pixels.shape[0], width / pixels.shape[1])
    rows = min(max(1, round(pixels.shape[0] * ratio)), height)
    columns = min(max(1, round(pixels.shape[1] * ratio)), width)
    top, left = int(down * (height - rows)), int(across * (width - columns))
    whole = _backdrop(pixels, height, width)
    whole[top : top + rows, left : left + columns] = _resized(pixels, rows, columns)
    return whole


def _covering(pixels: Photo, height: int, width: int, across: float, down: float) -> Photo:
    """Cropped before it is resized: never larger in memory than the photo."""
    ratio = max(height / pixels.shape[0], width / pixels.shape[1])
    rows = min(max(1, round(height / ratio)), pixels.shape[0])
    columns = min(max(1, round(width / ratio)), pixels.shape[1])
    top, left = int(down * (pixels.shape[0] - rows)), int(across * (pixels.shape[1] - columns))
    return _resized(pixels[top : top + rows, left : left + columns], height, width)


def _backdrop(pixels: Photo, height: int, width: int) -> Photo:
    """The picture again, filling everything and blurred beyond recognition."""
    ratio = BACKDROP / max(height, width)
    size = max(1, round(height * ratio)), max(1, round(width * ratio))
    small = _covering(pixels, *size, 0.5, 0.5)
    return _resized(cv2.GaussianBlur(small, (0, 0), BACKDROP / 24), height, width)


def _resized(pixels: Photo, height: int, width: int) -> Photo:
    if pixels.shape[:2] == (height, width):
        return np.ascontiguousarray(pixels)
    smaller = height * width < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=how)  # type: ignore[no-any-return]
