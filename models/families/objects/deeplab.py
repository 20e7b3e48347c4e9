"""Every pixel's class, all people together: DeepLabv3, from torchvision.

Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchvision.models import get_model
from torchvision.models.segmentation import DeepLabV3_ResNet101_Weights

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.sides import fitted
from models.families.common.tensors import (
    dtype_of,
    masks_of,
    network_input,
    read_tensors,
    resized_logits,
)
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.networks import checkpoint
from models.running.devices import Device
from models.running.stages import stage

STEP = 8
"""The networks' maps are this much smaller than what they see, or twice as much."""


def load(spec: ModelSpec, folder: Path, device: Device) -> ObjectSegmenter:
    """options: builder: torchvision's name of the network; shorter, longer: the sides at which it
    sees a photo. Its one file may itself be `folder`."""
    # All these weights name the same 21 classes. Without weights_backbone=None the backbone would
    # be downloaded; the auxiliary classifier is there because the published file has it.
    labels = DeepLabV3_ResNet101_Weights.DEFAULT.meta["categories"]
    options = dict(spec.options)
    build = partial(
        get_model,
        options.pop("builder"),
        weights=None,
        weights_backbone=None,
        num_classes=len(labels),
        aux_loss=True,
    )
    tensors = read_tensors(one_file(spec, folder))
    network = checkpoint.load(build, tensors, dtype_of(device)).to(device.name)
    return ObjectSegmenter(spec.label, DeepLab(network, device, labels, **options).find)


@dataclass(frozen=True)
class DeepLab:
    network: Any
    device: Device
    labels: list[str]
    shorter: int
    longer: int

    def find(self, photo: Photo) -> list[Finding]:
        with stage("preprocess"):
            size = fitted(photo, self.shorter, self.longer, STEP)
            pixels = network_input(photo, *size, self.device)
        with stage("network"), torch.inference_mode():
            logits = self.network.classifier(self.network.backbone(pixels)["out"])[0]  # (C, h, w)
        with stage("postprocess"), torch.inference_mode():
            probabilities = resized_logits(logits, pixels).softmax(0)  # (C, H, W)
            surest, likeliest = (each.flatten().cpu().numpy() for each in probabilities.max(0))
            areas = np.bincount(likeliest, minlength=len(self.labels))
            seen = [number for number in areas.nonzero()[0].tolist() if number > 0]
            # A class is as sure as its pixels are on average.
            scores = np.bincount(likeliest, surest, len(areas))[seen] / areas[seen]
            labels = [self.labels[number] for number in seen]
            each = zip(labels, scores.tolist(), masks_of(probabilities[seen]), strict=True)
            return [Finding(label, score, mask, counted=False) for label, score, mask in each]
