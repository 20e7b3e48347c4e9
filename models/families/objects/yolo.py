"""The things in a photo one by one, in an instant: YOLO11 (Jocher and Qiu, 2024), from Ultralytics.

`models.running.extra` tames that package; checkpoints, whose pickle it would run, are read here.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.ops import batched_nms, box_convert

from compositing.arrays import Photo
from models.catalog.row import ModelSpec
from models.families.common.files import one_file
from models.families.common.sides import fitted
from models.families.common.tensors import (
    chosen,
    dtype_of,
    masks_of,
    network_input,
    resized_logits,
)
from models.families.objects.coco import THINGS
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.interface import LoadFailed
from models.running.devices import Device
from models.running.extra import restrained
from models.running.stages import stage

SAME = 0.7
"""Boxes of one class that overlap by more are one thing's."""


def load(spec: ModelSpec, folder: Path, device: Device) -> ObjectSegmenter:
    """options: network: the package's own description of the network; longer: the longer side at
    which it sees a photo; certain: the least score of an object."""
    options = dict(spec.options)
    network = build(options.pop("network"), one_file(spec, folder))
    network = network.to(device.name, dtype_of(device)).eval().requires_grad_(False)
    return ObjectSegmenter(spec.label, Yolo(network, device, **options).find)


def build(description: str, checkpoint: Path) -> nn.Module:
    """A network built from the package's own description, with nothing of the checkpoint but its
    tensors. Raises LoadFailed when they don't fit.

    The checkpoint is a pickled module, which is read with the package's list of harmless classes.
    """
    with restrained():
        tasks = import_module("ultralytics.nn.tasks")
        try:
            published, _ = tasks.torch_safe_load(str(checkpoint), safe_only=True)
            network: nn.Module = tasks.SegmentationModel(description, nc=len(THINGS), verbose=False)
            network.load_state_dict(published["model"].float().state_dict())
        except (TypeError, KeyError, AttributeError, RuntimeError, OSError) as error:
            raise LoadFailed(
                f"{checkpoint.name} isn't {description}'s weights. Download it again."
            ) from error
    return network


@dataclass(frozen=True)
class Yolo:
    network: nn.Module
    device: Device
    longer: int
    certain: float

    def find(self, photo: Photo) -> list[Finding]:
        with stage("preprocess"):
            size = fitted(photo, self.longer, self.longer)
            pixels = network_input(photo, *size, self.device, (0, 0, 0), (1, 1, 1))
        with stage("network"), torch.inference_mode():
            (told, prototypes), _ = self.network(pixels)
        with stage("postprocess"), torch.inference_mode():
            boxes, scores, classes, weights = detections(told[0].float(), self.certain)
            logits = torch.einsum("nk,khw->nhw", weights, prototypes[0].float())
            masks = resized_logits(logits, pixels).sigmoid() * inside(boxes, pixels)
            labels = [THINGS[number] for number in classes.tolist()]
            return list(map(Finding, labels, scores.tolist(), masks_of(masks)))


def detections(told: Tensor, certain: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Boxes `(N, 4)` (x0, y0, x1, y1), scores `(N,)`, classes `(N,)` and weights `(N, K)` of the
    masks' prototypes, one for each thing.

    told: `(4 + C + K, A)`: for each of A places a box (centre, size), scores, weights.
    """
    places, every, weights = told.T.tensor_split((4, 4 + len(THINGS)), dim=1)
    scores, classes = every.max(1)
    places, scores, classes, weights = chosen(scores > certain, places, scores, classes, weights)
    boxes = box_convert(places, "cxcywh", "xyxy")
    kept = batched_nms(boxes, scores, classes, SAME)
    return boxes[kept], scores[kept], classes[kept], weights[kept]


def inside(boxes: Tensor, like: Tensor) -> Tensor:
    """bool `(N, H, W)`: the pixels in each box; outside, a mask means nothing."""
    height, width = like.shape[-2:]
    x = torch.arange(width, device=boxes.device) + 0.5
    y = torch.arange(height, device=boxes.device)[:, None] + 0.5
    x0, y0, x1, y1 = boxes.T[..., None, None]
    contained: Tensor = (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
    return contained
