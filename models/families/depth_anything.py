"""Depth Anything V2: relative disparity of a photo.

Yang et al., "Depth Anything V2", 2024; the network is the transformers library's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import DepthAnythingForDepthEstimation

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import dtype_of, network_input
from models.running.devices import Device
from models.running.stages import stage

PATCH = 14
"""The network's sides are multiples of it."""


def load(spec: ModelSpec, folder: Path, device: Device) -> "DepthAnything":
    """folder: config.json and model.safetensors as transformers saves them. Raises LoadFailed."""
    network = pretrained(DepthAnythingForDepthEstimation, folder, device)
    return DepthAnything(network, device, **spec.options)


def warm_up(model: "DepthAnything") -> None:
    model.warm_up()


@dataclass(frozen=True, eq=False)
class DepthAnything:
    """side: as large as the publisher shows photos to the network, in pixels."""

    network: Any
    device: Device
    side: int

    def depth(self, photo: Photo) -> NDArray[np.float32]:
        with stage("preprocess"):
            size = size_of(photo.shape[0], photo.shape[1], self.side)
            values = network_input(photo, *size, self.device, resampling="bicubic")
        with stage("network"):
            found = self.run(values)
        with stage("postprocess"):
            return found[0].cpu().numpy()

    def run(self, values: Tensor) -> Tensor:
        """`(1, 3, h, w)`, normalised -> `float32 (1, h, w)`."""
        with torch.inference_mode():
            return self.network(pixel_values=values).predicted_depth.float()  # type: ignore[no-any-return]

    def warm_up(self) -> None:
        """One pass over zeros, on devices that choose their kernels in the first pass."""
        if self.device.kind != "cpu":
            zeros = torch.zeros(1, 3, self.side, self.side, device=self.device.name)
            self.run(zeros.to(dtype_of(self.device)))


def size_of(height: int, width: int, side: int) -> tuple[int, int]:
    """(height, width) of what the network sees: one side is `side`, the one that changes less, and
    both are multiples of the patch."""
    scales = side / height, side / width
    scale = min(scales, key=lambda each: abs(1 - each))
    if abs(1 - scales[0]) == abs(1 - scales[1]):
        scale = scales[0]
    tall, wide = (max(1, round(scale * each / PATCH)) * PATCH for each in (height, width))
    return tall, wide
