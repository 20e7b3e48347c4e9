"""Stand-ins for the published weights: random, but determined by each tensor's name.

With the same weights, the publishers' code gave the expected results in `tests/data/networks`.

A tensor's normal deviates come from NumPy's generator, seeded with the SHA-256 of its name.
"""

import hashlib
import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

DATA = Path(__file__).parents[2] / "data" / "networks"
GAIN = 1.2
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


def shapes(name: str) -> dict[str, list[int]]:
    """Every tensor in the published file of birefnet, birefnet_lite or ben2, with its shape."""
    found: dict[str, list[int]] = json.loads((DATA / f"{name}_keys.json").read_text())
    return found


def weights(name: str) -> dict[str, Tensor]:
    return {key: torch.from_numpy(tensor(key, shape)) for key, shape in shapes(name).items()}


@cache
def expected(name: str) -> dict[str, NDArray[np.float32]]:
    """What the publishers' code gave, by "HEIGHTxWIDTH/logits", "…/mask" and "…/tap/MODULE#CALL".

    A tap is 64 evenly spaced numbers of that module's output. "-legacy" marks the column order of
    patches.
    """
    with np.load(DATA / f"{name}_vectors.npz") as file:
        return dict(file)


def tensor(key: str, shape: list[int]) -> NDArray[np.generic]:
    kind = key.rpartition(".")[2]
    if kind == "relative_position_index":
        return _relative_positions(math.isqrt(shape[0]))
    if kind == "num_batches_tracked":
        return np.array(100, np.int64)
    deviates = _generator(key).standard_normal(shape, dtype=np.float32)
    if kind == "running_var":
        return np.exp(0.25 * deviates)
    if kind == "relative_position_bias_table":
        return deviates
    if len(shape) > 1:
        return deviates * np.float32(GAIN / math.sqrt(math.prod(shape[1:])))
    return np.float32(0.1) * deviates + np.float32(kind == "weight")


def image(height: int, width: int) -> Tensor:
    """`float32 (1, 3, H, W)`, ImageNet-normalised."""
    scaled = (photo(height, width).astype(np.float32) / np.float32(255) - MEAN) / STD
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None]))


def photo(height: int, width: int) -> NDArray[np.uint8]:
    """`uint8 (H, W, 3)`: waves, a checkerboard, an ellipse and noise. Computed in whole numbers."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    first = _triangle(3 * y + 2 * x, 97) * 255 // 97
    second = _triangle(5 * x - 4 * y, 61) * 255 // 61
    down, right = 255 * y // height, 255 * x // width
    board = (y // 16 + x // 16) % 2 * 60
    colours = (
        (2 * first + down) // 3,
        (2 * second + right) // 3,
        (first + second + board + 255 - down) // 4,
    )
    picture = np.stack(colours, -1)
    across = 16 * (2 * x - width) ** 2 * height * height
    along = 9 * (2 * y - height - height // 8) ** 2 * width * width
    inside = across + along < 4 * height * height * width * width
    lit = (picture + np.array([230, 180, 150])) // 2 + (board // 3)[..., None] - 20
    picture = np.where(inside[..., None], lit, picture)
    noise = _generator(f"noise:{height}x{width}").integers(-12, 13, size=(height, width, 3))
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def fingerprint(array: NDArray[np.generic]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def sample(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """16 evenly spaced numbers of it."""
    flat = array.ravel()
    return flat[np.arange(16) * (flat.size - 1) // 15]


def _generator(text: str) -> np.random.Generator:
    return np.random.default_rng(
        int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    )


def _triangle(values: NDArray[np.int64], period: int) -> NDArray[np.int64]:
    wave: NDArray[np.int64] = np.abs(values % (2 * period) - period)
    return wave


def _relative_positions(window: int) -> NDArray[np.int64]:
    row, column = np.divmod(np.arange(window * window), window)
    down = row[:, None] - row[None] + window - 1
    right = column[:, None] - column[None] + window - 1
    index: NDArray[np.int64] = down * (2 * window - 1) + right
    return index
