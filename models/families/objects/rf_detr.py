"""The things in a photo one by one, quickly: RF-DETR, from transformers.

Robinson et al., "RF-DETR: Neural Architecture Search for Real-Time Detection Transformers", 2025.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import RfDetrForInstanceSegmentation

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import chosen, masks_of, network_input, resized_logits
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.interface import LoadFailed
from models.running.devices import Device
from models.running.stages import stage


def load(spec: ModelSpec, folder: Path, device: Device) -> ObjectSegmenter:
    """options: certain: the least score of an object."""
    network = pretrained(RfDetrForInstanceSegmentation, folder, device)
    labels = labels_of(network.config.id2label)
    return ObjectSegmenter(spec.label, Instances(network, device, labels, **spec.options).find)


@dataclass(frozen=True)
class Instances:
    network: Any
    device: Device
    labels: dict[int, str]
    certain: float

    def find(self, photo: Photo) -> list[Finding]:
        side = self.network.config.backbone_config.image_size
        with stage("preprocess"):
            pixels = network_input(photo, side, side, self.device)
        with stage("network"), torch.inference_mode():
            told = self.network(pixels)
        with stage("postprocess"), torch.inference_mode():
            # The likeliest class of each query alone: one thing isn't listed twice.
            scores, classes = told.logits[0].float().sigmoid().max(-1)  # (Q,), (Q,)
            scores, classes, logits = chosen(
                scores > self.certain, scores, classes, told.pred_masks[0]
            )
            labels = [self.labels[number] for number in classes.tolist()]
            masks = masks_of(resized_logits(logits, pixels).sigmoid())
            return list(map(Finding, labels, scores.tolist(), masks))


def labels_of(given: dict[int, str]) -> dict[int, str]:
    """The names of the classes. Checkpoints that number them only have COCO's, with its gaps."""
    if any(label != f"LABEL_{number}" for number, label in given.items()):
        return given
    from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights

    coco = MaskRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"]
    if len(given) != len(coco):
        raise LoadFailed("The classes of these weights have no names. Choose another file.")
    return dict(enumerate(coco))
