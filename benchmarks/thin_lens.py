"""Scenes whose depth is known, and what a thin lens makes of them.

A scene is a pile of layers. Each lies upright at one disparity, but for the ground, whose disparity
grows with the row. Seen from a point of the aperture, a layer is shifted by its disparity, less
that in focus, and the ground is sheared: both exactly. The lens's picture is the mean of the views
from many points of its opening, in linear light.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import _canvas, _ellipse, _hair, _soft, bundled
from compositing.arrays import Alpha, Photo
from compositing.light import light_table, to_srgb

type Light = NDArray[np.float32]

HORIZON, BASE, FEET = 0.34, 0.50, 0.84
"""Rows, in parts of the height: the horizon, the wall's foot, the subject's feet."""
VIEWS = 400
TURN = np.pi * (3 - np.sqrt(5))  # the golden angle: points on a spiral cover a disc evenly
SOFT = 518  # pixels of the shorter side of a network's disparity


def row_disparity[Row: (float, NDArray[np.float32])](row: Row) -> Row:
    """Of the ground, at rows in parts of the height; 1 at the subject's feet."""
    return (row - HORIZON) / (FEET - HORIZON)


@dataclass(frozen=True, eq=False)
class Layer:
    """Linear light, not premultiplied, and opacity. disparity: None for the ground."""

    light: Light
    alpha: Alpha
    disparity: float | None


@dataclass(frozen=True, eq=False)
class Room:
    """layers: the farthest first; the subject is the one called so by its number."""

    name: str
    layers: tuple[Layer, ...]
    subject: int

    @cached_property
    def photo(self) -> Photo:
        """Through a pinhole: all is sharp, and what is too bright is clipped."""
        return _developed(self._view(0, 0))

    @cached_property
    def alpha(self) -> Alpha:
        """What is seen of the subject."""
        alpha: Alpha = self.layers[self.subject].alpha.copy()
        for layer in self.layers[self.subject + 1 :]:
            alpha *= 1 - layer.alpha
        return alpha

    @cached_property
    def disparity(self) -> NDArray[np.float32]:
        """1 at the subject, `float32 (H, W)`."""
        height, width = self.layers[0].alpha.shape
        rows = row_disparity((np.arange(height, dtype=np.float32) + 0.5) / height)
        ground = np.repeat(rows[:, None], width, axis=1)
        found = np.zeros_like(ground)
        for layer in self.layers:
            own = ground if layer.disparity is None else np.float32(layer.disparity)
            found = np.where(layer.alpha > 0.5, own, found)
        return found.astype(np.float32)

    @property
    def as_a_network_sees_it(self) -> NDArray[np.float32]:
        """The disparity with soft edges, of another scale and offset."""
        height, width = self.disparity.shape
        scale = SOFT / min(height, width)
        size = round(width * scale), round(height * scale)
        soft = cv2.GaussianBlur(cv2.resize(self.disparity, size), (0, 0), 1.2)
        return np.asarray(3.1 * soft + 0.7, np.float32)

    def through_a_lens(self, radius: float, views: int = VIEWS) -> Photo:
        """radius: in pixels, of the disc as which the farthest layer draws a point."""
        farthest = min(layer.disparity for layer in self.layers if layer.disparity is not None)
        total = np.zeros((*self.alpha.shape, 3), np.float32)
        for number in range(views):
            away = radius / (1 - farthest) * np.sqrt((number + 0.5) / views)
            total += self._view(away * np.cos(TURN * number), away * np.sin(TURN * number))
        return _developed(total / np.float32(views))

    def _view(self, across: float, down: float) -> Light:
        """From a point of the aperture, given by the shift of a layer of disparity 2."""
        height, width = self.layers[0].alpha.shape
        picture = np.zeros((height, width, 3), np.float32)
        for layer in self.layers:
            light, alpha = layer.light, layer.alpha
            if layer.disparity is None:
                start = row_disparity(0.5 / height) - 1
                slope = row_disparity(1.5 / height) - 1 - start
                where = np.array(
                    [[1, across * slope, across * start], [0, 1 + down * slope, down * start]]
                )
            else:
                shift = layer.disparity - 1
                where = np.array([[1, 0, across * shift], [0, 1, down * shift]])
            if across or down:
                moved = cv2.warpAffine(
                    np.dstack([light * alpha[..., None], alpha]),
                    where.astype(np.float32),
                    (width, height),
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
                picture = moved[..., :3] + (1 - moved[..., 3:]) * picture
            else:
                picture = light * alpha[..., None] + (1 - alpha[..., None]) * picture
        return picture


def rooms(height: int, width: int) -> Iterator[Room]:
    """A courtyard, the same with a post near the camera, and a hall with lamps at night."""
    ground = _ground(height, width, "gravel")
    wall = _wall(height, width, bundled("stereo_motorcycle"))
    figure = _figure(height, width, (196, 150, 98), (176, 44, 52))
    yield Room("courtyard", (ground, wall, figure), 2)
    yield Room("with a near post", (ground, wall, figure, _post(height, width)), 2)
    night = _wall(height, width, bundled("brick"), dim=0.12)
    dark = _figure(height, width, (44, 32, 28), (210, 206, 196))
    lit = Layer(0.35 * ground.light, ground.alpha, None)
    yield Room("lamps at night", (lit, night, _lamps(height, width), dark), 3)


def _ground(height: int, width: int, stones: str) -> Layer:
    """Tiles of two shades of stone, in perspective."""
    texture = light_table()[bundled(stones)(1024, 1024)]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    near = np.maximum(rows / height - HORIZON, 0.02)
    far, aside = 0.5 / near, (columns - width / 2) / height / near
    x, y = ((900 * value % 1024).astype(np.float32) for value in (aside, far))
    light = cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    tiles = (np.floor(2.4 * aside) + np.floor(2.4 * far)) % 2
    smooth = cv2.GaussianBlur(tiles.astype(np.float32), (0, 0), 0.7)
    shade = np.array([1.0, 0.82, 0.62]) * (0.55 + 0.9 * smooth[..., None])
    alpha = (rows / height >= HORIZON).astype(np.float32)
    return Layer((light * shade).astype(np.float32), alpha, None)


def _wall(height: int, width: int, picture: object, dim: float = 1) -> Layer:
    light = light_table()[picture(height, width)] * np.float32(dim)  # type: ignore[operator]
    alpha = np.zeros((height, width), np.float32)
    alpha[: round(BASE * height)] = 1
    return Layer(light, alpha, row_disparity(BASE))


def _lamps(height: int, width: int) -> Layer:
    """Small lamps, eight times as bright as what a photo can show."""
    random = np.random.default_rng(4)
    mask = np.zeros((4 * height, 4 * width), np.uint8)
    light = np.ones((height, width, 3), np.float32)
    for _ in range(40):
        x, y = random.uniform(0, width), random.uniform(0.02, 0.9 * BASE) * height
        radius = 0.004 * height
        _ellipse(mask, 4 * x, 4 * y, 4 * radius, 4 * radius)
        colour = 8 * random.uniform((0.8, 0.4, 0.15), (1, 0.9, 0.8))
        cv2.circle(light, (round(x), round(y)), round(3 * radius), colour.tolist(), -1)
    alpha = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) / np.float32(255)
    return Layer(light, alpha, row_disparity(BASE))


def _post(height: int, width: int) -> Layer:
    rows = np.arange(height)[:, None] // round(0.07 * height) % 2
    bands = np.where(rows[..., None] > 0, (0.8, 0.78, 0.74), (0.55, 0.03, 0.03))
    light = np.repeat(bands, width, axis=1).astype(np.float32)
    mask, size = _canvas(height, width)
    left, right = (round(mask.shape[1] / 2 + part * size) for part in (-0.4, -0.34))
    mask[round(0.2 * size) :, left:right] = 255
    return Layer(light, _soft(mask, height, width, 0.5), 1.5)


def _figure(
    height: int, width: int, hair: tuple[int, int, int], shirt: tuple[int, int, int]
) -> Layer:
    """Somebody who stands, with fly-away hair, and gaps between arms, legs and body."""
    random = np.random.default_rng(6)
    mask, size = _canvas(height, width)
    colours = np.zeros((*mask.shape, 3), np.uint8)
    x, skin, jeans = 0.56 * mask.shape[1], (214, 164, 138), (52, 66, 98)

    def limb(colour: tuple[int, int, int], wide: float, *points: tuple[float, float]) -> None:
        places = np.array([(x + a * size, b * size) for a, b in points])
        places, thick = np.rint(places).astype(np.int32), max(1, round(wide * size))
        cv2.polylines(mask, [places], False, 255, thick, cv2.LINE_AA)
        cv2.polylines(colours, [places], False, colour, thick + 8, cv2.LINE_AA)

    for sign in (-1, 1):
        limb(skin, 0.024, (sign * 0.125, 0.42), (sign * 0.075, 0.5))
        limb(shirt, 0.034, (sign * 0.07, 0.31), (sign * 0.125, 0.42))
        limb(jeans, 0.047, (sign * 0.03, 0.52), (sign * 0.05, 0.68), (sign * 0.05, FEET - 0.03))
        limb((30, 28, 26), 0.03, (sign * 0.05, FEET - 0.016), (sign * 0.065, FEET - 0.012))
    limb(shirt, 0.115, (0, 0.33), (0, 0.48))
    limb(skin, 0.036, (0, 0.24), (0, 0.28))
    mask[round(FEET * size) :] = 0
    top = round(0.21 * size)
    colours[: round(0.262 * size)] = hair
    cv2.ellipse(
        colours, (round(x), top), (round(0.036 * size), round(0.05 * size)), 0, 0, 360, skin, -1
    )
    _ellipse(mask, x, 0.2 * size, 0.045 * size, 0.06 * size)
    for _ in range(500):
        angle = random.uniform(-1.1 * np.pi, 0.1 * np.pi)
        root = np.array([x + 0.045 * size * np.cos(angle), (0.195 + 0.06 * np.sin(angle)) * size])
        _hair(mask, root, angle + random.normal(0, 0.6), 0.03 * size, random)
    painted = cv2.resize(colours, (width, height), interpolation=cv2.INTER_AREA)
    grain = 1 + 0.12 * cv2.GaussianBlur(random.normal(size=(height, width, 1)), (0, 0), 1)
    shade = 1 - 0.3 * np.linspace(-1, 1, width)[None, :, None]
    light = light_table()[painted] * grain[..., None] * shade
    return Layer(light.astype(np.float32), _soft(mask, height, width, 0.5), 1.0)


def _developed(light: NDArray[np.floating]) -> Photo:
    return np.rint(to_srgb(np.ascontiguousarray(light, np.float32))).astype(np.uint8)
