"""Where a photo lies in what SAM, SAM 2 and SAM 3 look at, and the way back to its own pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from compositing.arrays import Alpha, Photo
from compositing.masks import Mask
from models.interface import Box


@dataclass(frozen=True)
class Frame:
    """Where a photo lies in the square that a network looks at, `side` × `side` pixels: in its top
    left `inner` (height, width), drawn larger or smaller."""

    height: int
    width: int
    inner: tuple[int, int]
    side: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A pixel of the photo, in the square's pixels."""
        return x * self.inner[1] / self.width, y * self.inner[0] / self.height

    def part[Grid: (Tensor, Mask)](self, mask: Grid, box: Box) -> Grid:
        """The part of a mask (h, w) of the whole square that `box` touches, within the photo."""
        x0, y0 = max(box.x0, 0), max(box.y0, 0)
        x1, y1 = min(box.x1, self.width), min(box.y1, self.height)
        if x0 >= x1 or y0 >= y1:
            return mask[:0]
        cells = mask.shape[0] / self.side
        left, top = (int(place * cells) for place in self.place(x0, y0))
        right, bottom = (ceil(place * cells) for place in self.place(x1, y1))
        return mask[top:bottom, left:right]

    def union(self, masks: Sequence[Tensor]) -> Alpha:
        """The photo's alpha from masks of the whole square, log-odds float32 (h, w); 0 without any.

        Log-odds are united while small, so that no seam shows between subjects that touch, and
        become probabilities at the photo's size: edges stay as narrow as the network drew them.
        """
        if not masks:
            return np.zeros((self.height, self.width), np.float32)
        layers = torch.stack(list(masks)).amax(0)[None, None]  # (1, 1, h, w)
        if self.inner != (self.side, self.side):
            layers = _resized(layers, self.side, self.side)
            layers = layers[..., : self.inner[0], : self.inner[1]]
        layers = _resized(layers, self.height, self.width)
        alpha: Alpha = layers[0, 0].sigmoid().cpu().numpy()
        return alpha


def prepared(photo: Photo, processor: Any, encoder: nn.Module, side: int) -> tuple[Tensor, Frame]:
    """The photo as a vision encoder wants it, (1, 3, side, side), by its image processor."""
    inputs = processor(
        # torch warns of an array that it can't write to.
        np.require(_not_too_thin(photo, side), requirements=["C", "W"]),
        input_data_format="channels_last",
        return_tensors="pt",
    )
    inner_height, inner_width = inputs.get("reshaped_input_sizes", [(side, side)])[0]
    pixels = inputs["pixel_values"].to(next(encoder.parameters()))
    height, width = photo.shape[:2]
    return pixels, Frame(height, width, (int(inner_height), int(inner_width)), side)


def nbytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.nbytes for tensor in tensors)


def _resized(layers: Tensor, height: int, width: int) -> Tensor:
    return interpolate(layers, size=(height, width), mode="bilinear", align_corners=False)


def _not_too_thin(photo: Photo, side: int) -> Photo:
    """At least one pixel thick when the longer side is reduced to `side`."""
    height, width = photo.shape[:2]
    least = ceil(max(height, width) / side)
    if min(height, width) >= least:
        return photo
    size = max(width, least), max(height, least)
    thicker: Photo = cv2.resize(photo, size, interpolation=cv2.INTER_NEAREST)
    return thicker
