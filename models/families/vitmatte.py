"""ViTMatte: the matte of a subject that the default model has found, hair included.

Yao et al., "ViTMatte: Boosting Image Matting with Pretrained Plain Vision Transformers",
Information Fusion 2024; the network is the transformers library's. It needs a trimap: that is
the finder's matte, unknown in a band along its edge and wherever it is unsure.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from transformers import VitMatteForImageMatting

from compositing.alpha import UNKNOWN, enlarge, trimap_of
from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import dtype_of, network_input
from models.interface import Matte, Prompt, Segmenter
from models.running.default import default_model
from models.running.devices import Device
from models.running.stages import stage

BAND = 0.03
"""How far from the finder's edge hair may reach, to either side: part of the subject's size."""

UNSURE = 0.1
"""Farther than this from 0 and 1, the finder's opacities leave open what is there."""

STEP = 32  # the network's sides are multiples of it
HALF = (0.5, 0.5, 0.5)


def load(spec: ModelSpec, folder: Path, device: Device) -> "ViTMatte":
    """folder: config.json and model.safetensors as transformers saves them. Raises LoadFailed."""
    network = pretrained(VitMatteForImageMatting, folder, device)
    return ViTMatte(network, device, *finder(), **spec.options)


def finder() -> tuple[Segmenter, tuple[str, ...]]:
    """The default model, and what a person should know of the choice. It runs on the CPU: it takes
    a tenth of a second there."""
    spec, note = default_model()
    adapter = importlib.import_module(f"models.families.{spec.family}")
    return adapter.load(spec, None, Device()), (note,) if note else ()


def warm_up(segmenter: "ViTMatte") -> None:
    segmenter.warm_up()


@dataclass(frozen=True, eq=False)
class ViTMatte:
    """The network sees the subject and a margin around it. finder: finds the subject; notes: what
    to tell of it with each matte. longest: the most pixels on the longer side of what is seen."""

    network: Any
    device: Device
    finder: Segmenter
    notes: tuple[str, ...]
    longest: int

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        """Raises PromptMissing when a box lies outside the photo."""
        found = self.finder.segment(photo, prompt).alpha
        alpha = np.zeros_like(found)
        if (found > 0.5).any():
            part, band = window_around(found > UNSURE)
            alpha[part] = self._drawn(np.ascontiguousarray(photo[part]), found[part], band)
        return Matte(alpha, soft=True, notes=self.notes)

    def _drawn(self, photo: Photo, found: Alpha, band: float) -> Alpha:
        """The matte of a photo; what was found is trusted where it is sure, farther than `band`
        pixels from the edge."""
        with stage("preprocess"):
            scale = min(1.0, self.longest / max(found.shape))
            height, width = (max(1, round(side * scale)) for side in found.shape)
            small = cv2.resize(found, (width, height), interpolation=cv2.INTER_AREA)
            trimap = trimap_of(small, band * scale)
            trimap[(small > UNSURE) & (small < 1 - UNSURE)] = UNKNOWN
            values = network_input(photo, height, width, self.device, HALF, HALF)
            known = torch.from_numpy(trimap).to(values)[None, None]
        with stage("network"):
            drawn = self.run(torch.cat([values, known], dim=1))
        with stage("postprocess"):
            levels = drawn[0, 0].cpu().numpy()
            return enlarge(np.where(trimap == UNKNOWN, levels, trimap), photo)

    def run(self, values: Tensor) -> Tensor:
        """`(1, 4, h, w)`: colours, −1 to 1, and trimap, 0 to 1 -> `float32 (1, 1, h, w)`."""
        height, width = values.shape[2:]
        with torch.inference_mode():
            padded = functional.pad(values, (0, -width % STEP, 0, -height % STEP))
            alphas: Tensor = self.network(padded).alphas
            return alphas[:, :, :height, :width].float().clamp(0, 1)

    def warm_up(self) -> None:
        """One pass over zeros, on devices that choose their kernels in the first pass."""
        if self.device.kind != "cpu":
            square = (self.longest, self.longest)
            self.run(
                torch.zeros(1, 4, *square, device=self.device.name, dtype=dtype_of(self.device))
            )


def window_around(mask: NDArray[np.bool_]) -> tuple[tuple[slice, slice], float]:
    """The subject's part of the photo, with twice the band around it; and the band, in pixels."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    band = max(2.0, BAND * min(len(rows), len(columns)))
    margin = round(2 * band)
    above, left = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
    return np.s_[above : rows[-1] + margin + 1, left : columns[-1] + margin + 1], band
