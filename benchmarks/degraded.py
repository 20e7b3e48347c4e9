"""Wrong answers, as models give them: mattes, and foreground colours."""

import cv2
import numpy as np

from benchmarks.synthetic import Scene
from compositing.arrays import Alpha, Photo

SEEN = 768, 1024
"""Width and height at which a network such as Sapiens2 sees any photo."""


def mattes(alpha: Alpha) -> dict[str, Alpha]:
    height, width = alpha.shape
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    small = cv2.resize(alpha, (512, 512), interpolation=cv2.INTER_AREA)
    random = np.random.default_rng(0)
    noisy = alpha + 0.1 * random.normal(size=alpha.shape) * ((alpha > 0) & (alpha < 1))
    hard = (alpha > 0.5).astype(np.float32)
    return {
        "exact": alpha,
        "shifted 2 px": np.roll(alpha, 2, axis=1),
        "grown 2 px": cv2.dilate(alpha, disc),
        "shrunk 2 px": cv2.erode(alpha, disc),
        "10 % noise": np.clip(noisy, 0, 1).astype(np.float32),
        "512 px": cv2.resize(small, (width, height)),
        "blurred σ 3": cv2.GaussianBlur(alpha, (0, 0), 3),
        "hard": hard,
        "hard, feathered": cv2.GaussianBlur(hard, (15, 15), 5),
    }


def colours(scene: Scene, size: tuple[int, int] = SEEN) -> dict[str, Photo]:
    """The scene's foreground at a network's size (width, height): as it is, then wrong."""
    right, photo, behind = (
        cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        for pixels in (scene.foreground, scene.photo, scene.background)
    )
    random = np.random.default_rng(0)
    far = max(4, size[0] // 48)
    return {
        "exact": right,
        "shifted 4 px": np.roll(right, (4, 4), axis=(0, 1)),
        "shifted far": np.roll(right, (far, far), axis=(0, 1)),
        "blurred σ 4": cv2.GaussianBlur(right, (0, 0), 4),
        "brighter by 25": cv2.add(right, np.full_like(right, 25)),
        "negative": 255 - right,
        "noise": random.integers(0, 256, right.shape, np.uint8),
        "grey": np.full_like(right, 128),
        "the photo": photo,
        "the background": behind,
    }
