"""What can go behind the subject."""

import math
from dataclasses import dataclass
from typing import Literal

from compositing.arrays import Pixels
from compositing.checks import LARGEST_KERNEL, as_pixels, check_kernel
from compositing.colours import Colour, Gradient
from compositing.portrait import Portrait

__all__ = [
    "LARGEST_KERNEL", "LARGEST_ZOOM", "Background", "Blur", "BlurMethod", "Colour", "Fit",
    "Gradient", "Picture", "Portrait", "Transparent", "default_kernel", "sigma_of", "strength_of",
]  # fmt: skip

LARGEST_ZOOM = 8
"""How far a background picture can be zoomed."""

type BlurMethod = Literal["unmix", "inpaint", "lens"]
type Fit = Literal["cover", "contain", "stretch"]


def default_kernel(width: int, height: int, strength: float = 1) -> int:
    """Choose a blur's kernel for a photo's size: 51 at one megapixel, in step with the sides.

    A kernel is a length in pixels, so the same one blurs a large photo less visibly than a small
    one. With this one, photos of all sizes look alike.

    Parameters
    ----------
    width, height : int
        The photo's size in pixels.
    strength : float
        A factor for the kernel; 0 leaves the photo as it is.

    Returns
    -------
    kernel : int
        Odd, 3 to 2001; 1 for a strength of 0.

    Examples
    --------
    >>> default_kernel(1000, 1000), default_kernel(4000, 3000), default_kernel(4000, 3000, 0.5)
    (51, 177, 89)
    """
    kernel = strength * _usual(width, height)
    return min(max(2 * round((kernel - 1) / 2) + 1, 3), LARGEST_KERNEL) if strength else 1


def strength_of(kernel: int, width: int, height: int) -> float:
    """Find the strength for which `default_kernel` chooses a kernel.

    Parameters
    ----------
    kernel : int
        Odd, 1 to 2001.
    width, height : int
        The photo's size in pixels.

    Returns
    -------
    strength : float
        0 for a kernel of 1.

    Examples
    --------
    >>> round(strength_of(101, 1000, 1000), 2)
    1.98
    >>> default_kernel(2000, 1500, strength_of(101, 1000, 1000))  # as strong in a larger photo
    175
    """
    return kernel / _usual(width, height) if kernel > 1 else 0


def _usual(width: int, height: int) -> float:
    """The kernel of strength 1, not yet rounded."""
    return 51 * math.sqrt(width * height / 1e6)


def sigma_of(kernel: int) -> float:
    """Compute the σ of the Gaussian that a kernel stands for.

    It is as strong as three Gaussian blurs by that kernel, one after another, with the σ that
    OpenCV chooses for it.

    Parameters
    ----------
    kernel : int
        In pixels.

    Returns
    -------
    sigma : float
        In the same pixels.

    Examples
    --------
    >>> round(sigma_of(51), 2)
    13.86
    """
    return math.sqrt(3) * (0.15 * kernel + 0.35)


@dataclass(frozen=True)
class Blur:
    """The photo's own background, out of focus.

    Parameters
    ----------
    kernel : int
        In pixels of the full-size photo, odd, 1 to 2001; 1 leaves the photo as it is.
    method : {"unmix", "inpaint", "lens"}
        What is blurred, and how. unmix: the photo with the subject subtracted from it. inpaint:
        the photo with the subject painted over (Telea). lens: as unmix, but blurred by a disc in
        linear light, as a wide aperture does.

    Raises
    ------
    ValueError
        If the kernel or the method is another one.

    Examples
    --------
    >>> Blur(default_kernel(4000, 3000), "lens")
    Blur(kernel=177, method='lens')
    >>> Blur(50)
    Traceback (most recent call last):
    ValueError: A blur's kernel is an odd number from 1 to 2001; got 50.
    """

    kernel: int
    method: BlurMethod = "unmix"

    def __post_init__(self) -> None:
        check_kernel(self.kernel)
        if self.method not in ("unmix", "inpaint", "lens"):
            raise ValueError(f"A blur's method is unmix, inpaint or lens; got {self.method!r}.")


@dataclass(frozen=True)
class Transparent:
    """Nothing behind the subject: a cutout.

    Examples
    --------
    >>> from compositing.compose import compose
    >>> photo, alpha = np.array([[[9, 8, 7], [6, 5, 4]]], np.uint8), np.array([[1, 0.0]])
    >>> compose(photo, alpha, Transparent()).tolist()
    [[[9, 8, 7, 255], [0, 0, 0, 0]]]
    """


@dataclass(frozen=True, eq=False)
class Picture:
    """Another picture, brought to the photo's size.

    Parameters
    ----------
    pixels : (h, w, 3) uint8 array, behind photos of 16 bits uint16
        RGB, of any size; grey and RGBA (then put on white) are converted. The picture keeps the
        array and makes no copy: don't write into it afterwards.
    fit : {"cover", "contain", "stretch"}
        cover fills the photo and crops what stands out. contain shows the whole picture, over an
        enlarged and blurred copy of itself. stretch ignores the proportions.
    kernel : int
        The picture's own blur, in pixels of the full-size photo, odd, 1 to 2001; 1 = sharp.
    position : (float, float)
        Which part is kept by cover, or where the picture lies with contain: from left (0) to
        right (1), and from top (0) to bottom (1), as in CSS.
    zoom : float
        How many times as large as it fits, 1 to 8; then more of it is cropped.

    Raises
    ------
    ValueError
        If the pixels are no photo, or a setting is not one of these.

    Examples
    --------
    >>> Picture(np.zeros((2, 3), np.uint8), "contain").pixels.shape  # grey becomes RGB
    (2, 3, 3)
    >>> Picture(np.zeros((2, 3), np.uint8), position=(0, 40))
    Traceback (most recent call last):
    ValueError: A picture's position lies between 0 and 1; got (0, 40).
    """

    pixels: Pixels
    fit: Fit = "cover"
    kernel: int = 1
    position: tuple[float, float] = (0.5, 0.5)
    zoom: float = 1.0

    def __post_init__(self) -> None:
        check_kernel(self.kernel)
        if not all(0 <= place <= 1 for place in self.position):
            raise ValueError(f"A picture's position lies between 0 and 1; got {self.position}.")
        if not 1 <= self.zoom <= LARGEST_ZOOM:
            raise ValueError(f"A picture is zoomed 1 to {LARGEST_ZOOM} times; got {self.zoom:g}.")
        if self.fit not in ("cover", "contain", "stretch"):
            raise ValueError(f"A picture's fit is cover, contain or stretch; got {self.fit!r}.")
        object.__setattr__(self, "pixels", as_pixels(self.pixels))


type Background = Blur | Portrait | Colour | Transparent | Picture | Gradient
