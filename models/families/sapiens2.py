"""Sapiens2: mattes of people, and the people's own colours.

Khirodkar et al., "Sapiens2", 2026 (arXiv:2604.21681); the network is the transformers library's.
It draws α and the premultiplied foreground P = αF, both in sRGB.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import Sapiens2ForImageMatting

from compositing.alpha import enlarge
from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import dtype_of, network_input
from models.interface import Matte, Prompt
from models.running.devices import Device
from models.running.stages import stage

FAINT = 0.05
"""Below this alpha P is divided by it all the same: it would be divided by next to nothing."""


def load(spec: ModelSpec, folder: Path, device: Device) -> "Sapiens2":  # noqa: ARG001
    """folder: config.json and model.safetensors, with the library's names or the publisher's.
    Raises LoadFailed."""
    return Sapiens2(pretrained(Sapiens2ForImageMatting, folder, device), device)


def warm_up(segmenter: "Sapiens2") -> None:
    segmenter.warm_up()


@dataclass(frozen=True, eq=False)
class Sapiens2:
    """The network sees the whole photo at its own size, 1024 × 768 as published: a photo of other
    proportions is stretched, as its publisher does, so what is wide is squeezed hard."""

    network: Any
    device: Device

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:  # noqa: ARG002
        with stage("preprocess"):
            values = network_input(photo, *self.size, self.device)
        with stage("network"):
            drawn = self.run(values)
        with stage("postprocess"):
            layers = drawn[0].permute(1, 2, 0).cpu().numpy()
            alpha = np.ascontiguousarray(layers[..., 3])
            front = layers[..., :3] / np.maximum(alpha, FAINT)[..., None]
            levels = np.rint(255 * np.clip(front, 0, 1)).astype(np.uint8)
            return Matte(enlarge(alpha, photo), soft=True, foreground=levels)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of what the network sees."""
        height, width = self.network.config.image_size
        return height, width

    def run(self, values: Tensor) -> Tensor:
        """`(1, 3, h, w)`, normalised -> `float32 (1, 4, h, w)` in [0, 1]: P, then α."""
        with torch.inference_mode():
            drawn = self.network(pixel_values=values)
            return torch.cat([drawn.foregrounds, drawn.alphas], dim=1).float()

    def warm_up(self) -> None:
        """One pass over zeros, on devices that choose their kernels in the first pass."""
        if self.device.kind != "cpu":
            zeros = torch.zeros(1, 3, *self.size, device=self.device.name)
            self.run(zeros.to(dtype_of(self.device)))
