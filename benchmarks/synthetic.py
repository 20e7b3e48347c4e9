"""Photos made by code, whose foreground, alpha and background are known exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo

type Mask = NDArray[np.uint8]

FINER = 3  # how many times larger silhouettes are drawn, before they are averaged


@dataclass(frozen=True, eq=False)
class Scene:
    name: str
    foreground: Photo
    background: Photo
    alpha: Alpha

    @cached_property
    def photo(self) -> Photo:
        return mix(self.foreground, self.background, self.alpha)


def mix(foreground: Photo, background: NDArray[Any], alpha: Alpha) -> Photo:
    """What a composite is by definition."""
    share = alpha[:, :, None]
    mixed = foreground.astype(np.float32) * share + background.astype(np.float32) * (1 - share)
    return np.rint(mixed).astype(np.uint8)


def scenes(height: int, width: int) -> Iterator[Scene]:
    """Eight scenes: hair, fur, a crisp object, one out of focus and a veil, over photos and
    patterns."""
    for name, subject, texture, background in SCENES:
        alpha, colours = subject(height, width), texture(height, width)
        yield Scene(name, colours, background(height, width), alpha)


def from_folder(folder: Path, height: int, width: int) -> Iterator[Scene]:
    """Other subjects: each PNG in the folder, with an alpha channel and the subject's own colours,
    over the folder's JPEG files in turn.
    """
    subjects = sorted(folder.glob("*.png"))
    backgrounds = sorted(path for path in folder.iterdir() if path.suffix in (".jpg", ".jpeg"))
    if not subjects or not backgrounds:
        raise SystemExit(f"{folder} needs PNG files with an alpha channel, and JPEG backgrounds.")
    for number, path in enumerate(subjects):
        rgba = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if rgba is None or rgba.ndim != 3 or rgba.shape[2] != 4:
            raise SystemExit(f"{path} has no alpha channel.")
        behind = cv2.imread(str(backgrounds[number % len(backgrounds)]))
        layers = cover(cv2.cvtColor(rgba, cv2.COLOR_BGRA2RGBA), height, width)
        background = cover(cv2.cvtColor(behind, cv2.COLOR_BGR2RGB), height, width)
        alpha: Alpha = np.divide(layers[..., 3], 255, dtype=np.float32)
        yield Scene(path.stem, np.ascontiguousarray(layers[..., :3]), background, alpha)


def cover(pixels: Photo, height: int, width: int) -> Photo:
    """Resized to fill `height × width`, the middle kept."""
    ratio = max(height / pixels.shape[0], width / pixels.shape[1])
    size = max(width, round(pixels.shape[1] * ratio)), max(height, round(pixels.shape[0] * ratio))
    how = cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC
    large = cv2.resize(pixels, size, interpolation=how)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    return np.ascontiguousarray(large[top : top + height, left : left + width])


def bundled(name: str) -> Callable[[int, int], Photo]:
    """One of scikit-image's photos."""

    def make(height: int, width: int) -> Photo:
        pixels = getattr(skimage.data, name)()
        pixels = pixels[0] if isinstance(pixels, tuple) else pixels  # a stereo pair
        pixels = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]
        return cover(pixels, height, width)

    return make


def portrait(height: int, width: int, strands: int = 1300, seed: int = 1) -> Alpha:
    """Head and shoulders with fly-away hair."""
    random = np.random.default_rng(seed)
    mask, size = _canvas(height, width)
    x, y = mask.shape[1] / 2, 0.40 * size
    down = np.linspace(0, 1, 80)
    half = size * (0.07 + 0.28 / (1 + np.exp(-14 * (down - 0.25))))
    level = size * (0.56 + 0.46 * down)
    outline = np.r_[np.c_[x - half, level], np.c_[x + half, level][::-1]]
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 255, cv2.LINE_AA)
    for lower, wide, high in ((-0.03, 0.18, 0.22), (0.13, 0.18, 0.19)):
        _ellipse(mask, x, y + lower * size, wide * size, high * size)
    for _ in range(strands):
        angle = random.uniform(-1.25 * np.pi, 0.25 * np.pi)
        right, lower = 0.175 * np.cos(angle), 0.21 * np.sin(angle) - 0.03
        root = np.array([x + right * size, y + lower * size])
        _hair(mask, root, angle + random.normal(0, 0.6), 0.06 * size, random)
    return _soft(mask, height, width, 0.6)


def animal(height: int, width: int, seed: int = 2) -> Alpha:
    """A body and a head with short fur all around."""
    random = np.random.default_rng(seed)
    mask, size = _canvas(height, width)
    x = mask.shape[1] / 2
    for right, lower, wide, high in ((0, 0.72, 0.42, 0.30), (0.22, 0.38, 0.2, 0.19)):
        centre = np.array([x + right * size, lower * size])
        _ellipse(mask, centre[0], centre[1], wide * size, high * size)
        for _ in range(1800):
            angle = random.uniform(0, 2 * np.pi)
            root = centre + size * np.array([wide * np.cos(angle), high * np.sin(angle)])
            _hair(mask, root, angle + random.normal(0, 0.4), 0.018 * size, random)
    return _soft(mask, height, width, 0.6)


def star(height: int, width: int) -> Alpha:
    """A crisp object with corners and a hole."""
    mask, size = _canvas(height, width)
    angles = np.linspace(0, 2 * np.pi, 18, endpoint=False)
    radius = size * np.where(np.arange(18) % 2, 0.26, 0.43)
    points = np.c_[radius * np.cos(angles), radius * np.sin(angles)]
    points += (mask.shape[1] / 2, size / 2)
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 255, cv2.LINE_AA)
    cv2.circle(mask, (mask.shape[1] // 2, size // 2), size // 9, 0, -1, cv2.LINE_AA)
    return _soft(mask, height, width, 0.5)


def out_of_focus(height: int, width: int) -> Alpha:
    """An object with wide, smooth edges."""
    return cv2.GaussianBlur(star(height, width), (0, 0), 8 * height / 1024)  # type: ignore[no-any-return]


def veil(height: int, width: int) -> Alpha:
    """A portrait under a half-transparent cloth."""
    mask, size = _canvas(height, width)
    _ellipse(mask, mask.shape[1] / 2, 0.6 * size, 0.36 * size, 0.52 * size)
    cloth = 0.55 * _soft(mask, height, width, 2)
    return np.maximum(cloth.astype(np.float32), portrait(height, width, 200, 5))


def hair_of(colour: tuple[int, int, int], shirt: str) -> Callable[[int, int], Photo]:
    """A portrait's colours: strands and skin above, a textured shirt below."""

    def make(height: int, width: int) -> Photo:
        random = np.random.default_rng(7)
        unit = height / 1024
        grain = random.normal(size=(height // 2 + 1, width // 2 + 1)).astype(np.float32)
        grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=0.8 * unit, sigmaY=6 * unit)
        grain = cv2.resize(grain / grain.std(), (width, height), interpolation=cv2.INTER_CUBIC)
        colours: NDArray[np.float64] = np.array(colour) * (1 + 0.28 * grain[:, :, None])
        face = np.zeros((height, width), np.float32)
        _ellipse(face, width / 2, 0.43 * height, 0.10 * height, 0.15 * height, 1)
        cloth = np.zeros((height, width), np.float32)
        cloth[round(0.62 * height) :] = 1
        skin = np.array((220, 175, 150))
        for layer, mask, edge in ((skin, face, 4), (bundled(shirt)(height, width), cloth, 6)):
            share = cv2.GaussianBlur(mask, (0, 0), edge * unit)[:, :, None]
            colours = colours + share * (layer - colours)
        return np.clip(np.rint(colours), 0, 255).astype(np.uint8)

    return make


def lights(height: int, width: int) -> Photo:
    """A night of coloured, blurred lamps."""
    random = np.random.default_rng(3)
    picture = np.full((height, width, 3), (18, 22, 40), np.uint8)
    for _ in range(160):
        centre = int(random.integers(width)), int(random.integers(height))
        colour = tuple(int(part) for part in random.integers(60, 256, 3))
        radius = int(random.uniform(0.006, 0.03) * height) + 1
        cv2.circle(picture, centre, radius, colour, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 1.5 * height / 1024)  # type: ignore[no-any-return]


def stripes(height: int, width: int) -> Photo:
    """Slanted coloured bars with hard edges: the worst background to carry along in an edge."""
    across = np.arange(width) + 0.4 * np.arange(height)[:, None]
    palette = np.array([(230, 60, 50), (245, 240, 220), (40, 120, 200), (20, 20, 25)], np.uint8)
    bars: Photo = np.take(palette, (across // (0.05 * height)).astype(int) % 4, axis=0)
    return bars


def _canvas(height: int, width: int) -> tuple[Mask, int]:
    finer = FINER if height * width < 4e6 else 1
    return np.zeros((height * finer, width * finer), np.uint8), height * finer


def _soft(mask: Mask, height: int, width: int, sigma: float) -> Alpha:
    alpha = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    soft: Alpha = cv2.GaussianBlur(alpha / 255, (0, 0), sigma * height / 1024)
    return np.clip(soft, np.float32(0), np.float32(1))


def _ellipse(
    mask: NDArray[Any], x: float, y: float, wide: float, high: float, value: float = 255
) -> None:
    centre, axes = (round(x), round(y)), (round(wide), round(high))
    cv2.ellipse(mask, centre, axes, 0, 0, 360, value, -1, cv2.LINE_AA)


def _hair(
    mask: Mask,
    root: NDArray[np.float64],
    angle: float,
    length: float,
    random: np.random.Generator,
) -> None:
    """Draw one strand: a quadratic Bézier curve that bends and sags. It darkens no pixel."""
    length *= random.gamma(1.5, 0.5)
    turn = angle + random.normal(0, 0.7)
    middle = root + 0.6 * length * np.array([np.cos(angle), np.sin(angle)])
    tip = middle + length * np.array([0.6 * np.cos(turn), 0.6 * np.sin(turn) + 0.15])
    t = np.linspace(0, 1, 14)[:, None]
    points = np.rint((1 - t) ** 2 * root + 2 * t * (1 - t) * middle + t * t * tip).astype(np.int32)
    thick = max(1, round(random.uniform(0.5, 1.8) * mask.shape[0] / 1024))
    low, high = np.maximum(points.min(axis=0) - thick - 1, 0), points.max(axis=0) + thick + 2
    patch = mask[low[1] : high[1], low[0] : high[0]]
    if patch.size:
        strand = np.zeros_like(patch)
        value = int(random.uniform(90, 256))
        cv2.polylines(strand, [points - low], False, value, thick, cv2.LINE_AA)
        np.maximum(patch, strand, out=patch)


type Maker[Kind] = Callable[[int, int], Kind]

SCENES: list[tuple[str, Maker[Alpha], Maker[Photo], Maker[Photo]]] = [
    ("dark hair, coffee", portrait, hair_of((44, 32, 28), "brick"), bundled("coffee")),
    ("blond hair, lights", portrait, hair_of((205, 165, 110), "chelsea"), lights),
    ("dark hair, rocket", portrait, hair_of((44, 32, 28), "astronaut"), bundled("rocket")),
    ("blond hair, stripes", portrait, hair_of((205, 165, 110), "brick"), stripes),
    ("fur, coffee", animal, bundled("chelsea"), bundled("coffee")),
    ("star, chelsea", star, bundled("coffee"), bundled("chelsea")),
    ("soft star, astronaut", out_of_focus, bundled("gravel"), bundled("astronaut")),
    ("veil, motorcycle", veil, hair_of((120, 60, 30), "grass"), bundled("stereo_motorcycle")),
]
