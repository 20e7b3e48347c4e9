"""What a lens draws out of focus, by depth.

The background without the subject is split into levels of about equal blur, each √2 times as wide
as the one before. Each level is blurred at the size that it needs. Behind the focus they are put
together from the farthest on, each over the last. What is nearer than the focus is put together
from the nearest on, and laid over the subject.

M. Kraus, M. Strengert: "Depth-of-Field Rendering by Pyramidal Image Processing", 2007.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np

from compositing.aperture import opening
from compositing.arrays import Alpha, Pixels, levels_of
from compositing.background import sigma_of
from compositing.blur import light_behind
from compositing.fill import filled
from compositing.floor import Spread
from compositing.foreground import Layers, layers_of
from compositing.front import NO_COLOURS
from compositing.light import light_table, srgb_table
from compositing.portrait import Blades, Portrait
from compositing.scaling import Floats, block_means, flat, reduced, taps, upsampled

PLATE = 1344
"""Pixels on the longer side at which levels are put together, at most. In focus, the photo's own
pixels are shown."""
DRAFT = 672
"""The same of a preview, which is made anew with each step of a slider."""
FINEST = 1.0  # of the plate's pixels: the narrowest blur is no wider than this radius
UNSEEN = 0.35
"""Of the plate's pixels: what is spread by less is in focus."""
BARE = 0.3
"""Where more than this of the background is seen behind what is nearer, its own pixels are shown;
below, what is filled in there takes their place."""
STEPS = 2  # levels for each doubling of the radius
SMALL, LARGE = 2.5, 5.0
"""Radius of a blur in the pixels of the size that it's made at, at least: below 10 pixels of the
plate a smaller one is enough, above it discs shall have clear rims."""
BLOOM = 15.0
"""How many times brighter than it seems a clipped highlight may be, at most."""
BRIGHT, APART = 0.92, 0.3
"""Linear light from which a highlight begins, and by how much it must be brighter than what is
around it: a lamp is, a white wall isn't."""
LUMINANCE = (0.2126, 0.7152, 0.0722)  # of red, green and blue light, in sRGB
IN_FOCUS = 0.5  # of the photo's pixels: a subject that is spread by less is as sharp as it was


def by_depth(
    photo: Pixels,
    alpha: Alpha,
    background: Portrait,
    scale: float,
    unmix: bool,
    told: Pixels | None,
) -> Pixels:
    """Blur all that is nearer or farther than the focus.

    Parameters
    ----------
    photo : (H, W, 3) uint8 or uint16 array
    alpha : (H, W) float32 array
    background : Portrait
    scale : float
        The arrays' size / the full photo's.
    unmix : bool
        Whether the subject is put in front without the background's colours.
    told : (h, w, 3) array of the photo's dtype, optional
        The subject's colours as a network sees them.

    Returns
    -------
    picture : (H, W, 3) array of the photo's dtype

    Examples
    --------
    Stripes stay at the feet, and are blurred away where the wall is:

    >>> from compositing.floor import Floor
    >>> photo = np.tile(np.array([0, 255], np.uint8)[:, None, None], (30, 80, 3))
    >>> alpha = np.zeros((60, 80), np.float32)
    >>> alpha[20:40, 30:50] = 1
    >>> settings = Portrait(15, Floor(horizon=0.4, feet=2 / 3), bloom=0)
    >>> picture = by_depth(photo, alpha, settings, 1, True, None)
    >>> contrast = picture[1::2, 5, 0].astype(int) - picture[::2, 5, 0]
    >>> print(contrast[[4, 8, 19, 20]] > 99)
    [False False  True  True]
    """
    side = reduced(max(alpha.shape), PLATE if scale == 1 else DRAFT)
    radius = 2 * sigma_of(background.kernel) * scale
    spread = background.depth.spread(alpha, side, background.focus)
    if abs(spread.subject) * radius > IN_FOCUS:  # the subject is a thing like others
        own, there = np.float32(spread.subject), block_means(alpha, side) > 0.5
        behind = np.where(there, own, spread.behind) if own < 0 else spread.behind
        spread = Spread(np.where(there, own, spread.whole), np.minimum(behind, 0), spread.subject)
        alpha = np.zeros_like(alpha)
    layers = layers_of(photo, alpha, told)
    lens = _Lens.of(radius / side, background)
    light = light_behind(photo, alpha, layers, side)(0, reduced(len(alpha), side))
    plate, front = _plates(light, block_means(alpha, side), spread, lens)
    return _finished(photo, alpha, layers if unmix else None, side, plate, front)


class _Lens(NamedTuple):
    """radii: of the levels from 1 on, in the plate's pixels. far: the level of what is farthest."""

    radii: tuple[float, ...]
    far: int
    blades: Blades
    bloom: float

    @classmethod
    def of(cls, radius: float, background: Portrait) -> "_Lens":
        """radius: of what is farthest; what is nearer is spread up to twice as far."""
        far = max(1, math.ceil(STEPS * math.log2(max(radius, FINEST) / FINEST)) + 1)
        radii = (radius * 2 ** ((number - far) / STEPS) for number in range(1, far + STEPS + 1))
        return cls(tuple(radii), far, background.blades, background.bloom)

    def levels(self, spread: Floats) -> Floats:
        """The level of each pixel, between whole ones too; 0 where the spread is none."""
        narrowest = self.radii[0]
        radius = np.abs(spread) * np.float32(self.radii[self.far - 1])
        unseen = min(UNSEEN, narrowest / 2)
        little = np.maximum((radius - unseen) / (narrowest - unseen), 0)
        wide = 1 + STEPS * np.log2(np.maximum(radius / narrowest, 1))
        levels: Floats = np.where(little < 1, little, wide).astype(np.float32)
        return levels

    def gain(self, light: Floats, levels: Floats) -> Floats:
        """How much brighter than in the photo, which clips it, each pixel is when it's spread; less
        so where it is spread little."""
        if not self.bloom or light.max() < BRIGHT:
            return np.ones(levels.shape, np.float32)
        seen = cv2.transform(light, np.array([LUMINANCE], np.float32))
        size = 2 * math.ceil(2 * self.radii[self.far - 1]) + 1
        alone = (seen - cv2.blur(seen, (size, size)) - np.float32(APART)) / np.float32(APART)
        clipped = (light.max(axis=2) - np.float32(BRIGHT)) / np.float32(1 - BRIGHT)
        most = np.float32(BLOOM * self.bloom) * np.minimum(levels / np.float32(self.far), 1)
        gain: Floats = 1 + most * np.clip(clipped, 0, 1) * np.clip(alone, 0, 1)
        return gain


def _plates(light: Floats, alpha: Alpha, spread: Spread, lens: _Lens) -> tuple[Floats, Floats]:
    """What `finish` needs of the background and of what is in front of the focus."""
    from compositing.kernels import defocus, jit

    front, near = np.empty((0, 0, 4), np.float32), np.maximum(spread.whole, 0)
    shown = None
    if near.any():
        levels = lens.levels(near)
        front = _together(light, levels, 1 - alpha, lens, "front")
        shown = 1 - np.minimum(levels, 1)
        light = light.copy()
        filled(light, shown)
    levels = lens.levels(np.minimum(spread.behind, 0))
    plate = _together(light, levels, np.ones_like(levels), lens, "behind")
    bare = np.ones_like(levels) if shown is None else np.minimum(shown / np.float32(BARE), 1)
    jit.in_bands(defocus.settle, *levels.shape, light, levels, bare, srgb_table(), plate)
    return plate, front


def _together(light: Floats, levels: Floats, share: Floats, lens: _Lens, where: str) -> Floats:
    """All levels but 0 in one picture `(h, w, 4)`: the widest blurs first, at their own size."""
    from compositing.kernels import defocus, jit

    join: Callable[..., None] = defocus.lay_over if where == "behind" else defocus.lay_under
    height, width = levels.shape
    whole, of_whole = np.zeros((1, 1, 4), np.float32), 0
    for side, first, layer in _blurred(light, levels, share, lens):
        if side != of_whole:
            size = reduced(height, side), reduced(width, side)
            whole = (
                upsampled(whole, of_whole // side, *size)
                if of_whole
                else np.zeros((*size, 4), np.float32)
            )
            of_whole = side
        part = whole[first : first + len(layer)]
        jit.in_bands(join, *layer.shape[:2], layer, part)
    if of_whole == 0:
        return np.zeros((height, width, 4), np.float32)
    return upsampled(whole, of_whole, height, width) if of_whole > 1 else whole


def _blurred(
    light: Floats, levels: Floats, share: Floats, lens: _Lens
) -> Iterator[tuple[int, int, Floats]]:
    """Size, first row and pixels of each level that is there, the widest first."""
    from compositing.kernels import defocus, jit

    gain = lens.gain(light, levels)
    least, most = levels.min(axis=1), levels.max(axis=1)
    for number in range(len(lens.radii), 0, -1):
        rows = np.flatnonzero((most > number - 1) & (least < number + 1))
        if not rows.size:
            continue
        radius = lens.radii[number - 1]
        side = _side(radius)
        reach = math.ceil(radius / side) + 1
        first = max(0, rows[0] // side - reach)
        end = min(reduced(len(levels), side), rows[-1] // side + 1 + reach)
        part = slice(first * side, end * side)
        layer = np.empty((end - first, reduced(levels.shape[1], side), 4), np.float32)
        jit.in_bands(
            defocus.weigh, len(layer), side * levels.shape[1],
            light[part], levels[part], share[part], gain[part], number, side, layer,
        )  # fmt: skip
        yield side, first, cv2.filter2D(layer, -1, opening(radius / side, lens.blades))


def _side(radius: float) -> int:
    """How much smaller a blur of this radius is made."""
    side = 1
    while radius / (2 * side) >= (LARGE if radius >= 2 * LARGE else SMALL):
        side *= 2
    return side


def _finished(
    photo: Pixels,
    alpha: Alpha,
    layers: Layers | None,
    side: int,
    plate: Floats,
    front: Floats,
) -> Pixels:
    from compositing.kernels import defocus, jit

    out = np.empty_like(photo)
    where = taps(alpha.shape, plate.shape[:2], side)
    colours: Any = NO_COLOURS
    of_layers = where
    if layers is not None:
        colours = layers.colours
        of_layers = taps(alpha.shape, layers.alpha.shape, layers.side)
    jit.in_bands(
        defocus.finish, *alpha.shape,
        flat(photo), alpha, plate, front, *where, colours, *of_layers,
        light_table(levels_of(photo)), srgb_table(), flat(out),
    )  # fmt: skip
    return out
