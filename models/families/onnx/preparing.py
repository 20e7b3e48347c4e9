"""A photo into what a network wants, and what it tells into opacities."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from compositing.arrays import Alpha, Photo
from compositing.scaling import block_means
from models.interface import RunFailed

TOLERANCE = 0.01
"""How far beyond 0 and 1 the rounding of a last sigmoid may lead."""

SPARE = 3
"""How many times the network's sides a photo keeps when it is reduced by blocks."""

RESAMPLING = {name.lower(): Image.Resampling[name] for name in ("BILINEAR", "BICUBIC", "LANCZOS")}

type Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Settings:
    """How the network wants its photo, (rgb / scale - mean) / deviation, and what it answers.

    side: of the square that it sees; None: the sides that the file asks for. step: the network sees
    the photo's own proportions, the shorter side at `side`, both multiples of this. scale:
    "brightest" is the photo's own largest value. output: the number of the one that is the matte,
    `(1, 1, h, w)`. activation: what turns that into opacities, where the file doesn't.
    """

    side: int | None = None
    step: int | None = None
    scale: float | Literal["brightest"] = 255
    mean: Colour = (0.485, 0.456, 0.406)
    deviation: Colour = (0.229, 0.224, 0.225)
    resampling: Literal["bilinear", "bicubic", "lanczos"] = "bilinear"
    output: int = 0
    activation: Literal["none", "sigmoid"] = "none"


def network_input(photo: Photo, height: int, width: int, settings: Settings) -> NDArray[np.float32]:
    """`float32 (1, 3, height, width)`: the photo, resized as bytes, as the settings want it."""
    small = np.asarray(_resized(photo, height, width, settings), np.float32)
    scale = max(float(small.max()), 1e-6) if settings.scale == "brightest" else settings.scale
    mean, deviation = np.array([settings.mean, settings.deviation], np.float32)
    values = (small / np.float32(scale) - mean) / deviation
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def _resized(photo: Photo, height: int, width: int, settings: Settings) -> Image.Image:
    """Much larger photos are first reduced by the means of blocks: a filter over all their pixels
    takes six times as long, and what it gives differs by a fifth of a level on average."""
    side = min(photo.shape[0] // (SPARE * height), photo.shape[1] // (SPARE * width))
    whole = (0, 0, photo.shape[1] / max(side, 1), photo.shape[0] / max(side, 1))
    if side > 1:
        photo = np.rint(block_means(photo, side)).astype(np.uint8)
    how = RESAMPLING[settings.resampling]
    return Image.fromarray(photo).resize((width, height), how, box=whole)


def opacities(told: Any, title: str, settings: Settings) -> Alpha:
    """What the network told as `float32 (h, w)` in [0, 1]. Raises RunFailed for anything else."""
    values = np.asarray(told, np.float32)
    if values.ndim < 2 or values.size != values.shape[-2] * values.shape[-1]:
        raise RunFailed(f"{title} answered with {values.shape}, not with one matte (1, 1, h, w).")
    levels = values.reshape(values.shape[-2:])
    if settings.activation == "sigmoid":
        levels = 0.5 + 0.5 * np.tanh(levels / 2)
    if not np.isfinite(levels).all():
        raise RunFailed(f"{title} gave no numbers for this photo. Try another device or model.")
    if levels.min() < -TOLERANCE or levels.max() > 1 + TOLERANCE:
        raise RunFailed(
            f"{title} answered from {levels.min():.2f} to {levels.max():.2f}, and a matte lies "
            "between 0 and 1. Its row should say another `activation` or `output`."
        )
    return np.clip(levels, 0, 1)
