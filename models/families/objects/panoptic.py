"""Everything in a photo told apart at once: people, animals and things one by one, sky and ground.

DETR: Carion et al., "End-to-End Object Detection with Transformers" (ECCV 2020). Mask2Former: Cheng
et al., "Masked-attention Mask Transformer for Universal Image Segmentation" (CVPR 2022). EoMT:
Kerssies et al., "Your ViT is Secretly an Image Segmentation Model" (CVPR 2025). All from
transformers; what is made of their answers follows the papers up to the last step: pixels keep
their probabilities instead of going to the likeliest segment whole.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import (
    DetrConfig,
    DetrForSegmentation,
    EomtConfig,
    EomtForUniversalSegmentation,
    Mask2FormerConfig,
    Mask2FormerForUniversalSegmentation,
    ResNetConfig,
)
from transformers.image_transforms import get_size_with_aspect_ratio

from compositing.arrays import Photo
from compositing.masks import Mask
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.sides import fitted
from models.families.common.tensors import (
    chosen,
    masks_of,
    network_input,
    read_tensors,
    resized_logits,
)
from models.families.objects.coco import STUFF, THINGS
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.interface import LoadFailed
from models.running.devices import Device
from models.running.stages import stage

VISIBLE = 0.8
"""A segment is dropped if it is the likeliest on a smaller share of its mask than this: it is then
another's shadow."""

KINDS: dict[str, tuple[Any, Any]] = {
    "detr": (DetrConfig, DetrForSegmentation),
    "mask2former": (Mask2FormerConfig, Mask2FormerForUniversalSegmentation),
    "eomt": (EomtConfig, EomtForUniversalSegmentation),
}

type Seen = tuple[Tensor, tuple[int, int]]
"""What a network sees of a photo, `(1, 3, h, w)`, and the (height, width) of its top left part that
shows the photo."""


def load(spec: ModelSpec, folder: Path, device: Device) -> ObjectSegmenter:
    """options: shorter, longer: the sides at which the network sees a photo (EoMT's square has one
    side, which its settings tell); certain: the least score of a segment; things: classes with a
    lower number are counted, the others are stuff."""
    settings = json.loads((folder / "config.json").read_text())
    family = settings.get("model_type")
    if family not in KINDS:
        raise LoadFailed(f"{folder} holds no DETR, Mask2Former or EoMT. Choose another folder.")
    config, kind = KINDS[family]
    safe = folder / "model.safetensors"
    tensors = read_tensors(safe if safe.is_file() else folder / "pytorch_model.bin")
    if family == "eomt":
        settings = with_classes(settings)
    elif "backbone" in settings and not settings.get("backbone_config"):
        settings = with_native_backbone(settings)
        tensors = {native_name(name): tensor for name, tensor in tensors.items()}
    config = config.from_dict(settings)
    network = pretrained(kind, None, device, config=config, state_dict=tensors)
    options = dict(spec.options)
    see: Callable[[Photo], Seen]
    if family == "eomt":
        see = partial(in_a_square, side=config.image_size, device=device)
    else:
        sides = {name: options.pop(name) for name in ("shorter", "longer")}
        see = partial(whole, **sides, device=device)
    return ObjectSegmenter(spec.label, Panoptic(network, see, **options).find)


def whole(photo: Photo, shorter: int, longer: int, device: Device) -> Seen:
    """The photo alone, in its own proportions."""
    size = fitted(photo, shorter, longer)
    return network_input(photo, *size, device), size


def in_a_square(photo: Photo, side: int, device: Device) -> Seen:
    """The photo with its longer side at `side`, in the top left of a black square, as EoMT was
    trained."""
    height, width = get_size_with_aspect_ratio(photo.shape[:2], side, side)
    rows, columns = max(1, height), max(1, width)
    pixels = network_input(np.zeros((1, 1, 3), np.uint8), side, side, device)
    pixels[..., :rows, :columns] = network_input(photo, rows, columns, device)
    return pixels, (rows, columns)


@dataclass(frozen=True)
class Panoptic:
    network: Any
    see: Callable[[Photo], Seen]
    certain: float
    things: int

    def find(self, photo: Photo) -> list[Finding]:
        with stage("preprocess"):
            pixels, (rows, columns) = self.see(photo)
        with stage("network"), torch.inference_mode():
            told = self.network(pixels)
        with stage("postprocess"), torch.inference_mode():
            scores, classes, logits = queries(told, self.certain)
            logits = resized_logits(logits, pixels)[:, :rows, :columns]
            scores, classes, masks = segments(scores, classes, logits.sigmoid())
            return self._findings(scores, classes, masks)

    def _findings(self, scores: Tensor, classes: Tensor, masks: Tensor) -> list[Finding]:
        found: dict[int, list[tuple[float, Mask]]] = {}
        each = zip(classes.tolist(), scores.tolist(), masks_of(masks), strict=True)
        for number, score, mask in each:
            found.setdefault(number, []).append((score, mask))
        findings = []
        for number, same in sorted(found.items()):
            label = tidy(self.network.config.id2label[number])
            if number < self.things:
                findings += [Finding(label, score, mask) for score, mask in same]
            else:
                score = max(score for score, _ in same)
                mask = np.maximum.reduce([mask for _, mask in same])
                findings.append(Finding(label, score, mask, counted=False, stuff=True))
        return findings


def queries(told: Any, certain: float) -> tuple[Tensor, Tensor, Tensor]:
    """Scores `(N,)`, classes `(N,)` and mask logits `(N, h, w)` of the one photo's queries that are
    surer than `certain` of something; the last class of all stands for nothing."""
    if "pred_masks" in told:  # DETR
        logits, masks = told["logits"][0], told["pred_masks"][0]
    else:
        logits, masks = told["class_queries_logits"][0], told["masks_queries_logits"][0]
    scores, classes = logits.float().softmax(-1).max(-1)
    kept = (classes < logits.shape[-1] - 1) & (scores > certain)
    scores, classes, masks = chosen(kept, scores, classes, masks)
    return scores, classes, masks


def segments(scores: Tensor, classes: Tensor, masks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The queries that others don't cover: scores `(N,)`, classes `(N,)`, masks `(N, h, w)`.

    The masks are probabilities. At each pixel the likeliest query keeps its own, and each of the
    others has at most what is left to 1.
    """
    if len(masks):
        covered = masks >= 0.5
        owned = (covered & _owners(scores, masks)).sum((1, 2))
        kept = (owned > 0) & (owned >= VISIBLE * covered.sum((1, 2)))
        scores, classes, masks = chosen(kept, scores, classes, masks)
    if len(masks):
        owners = _owners(scores, masks)
        left = 1 - (masks * owners).amax(0)
        masks = torch.where(owners, masks, torch.minimum(masks, left))
    return scores, classes, masks


def _owners(scores: Tensor, masks: Tensor) -> Tensor:
    """bool `(N, h, w)`: the pixels at which each segment is the likeliest."""
    likeliest = (scores[:, None, None] * masks).argmax(0)
    return likeliest == torch.arange(len(masks), device=masks.device)[:, None, None]


def tidy(label: str) -> str:
    """COCO's label without the marks of how its classes were merged: "sky-other-merged" is sky."""
    return re.sub(r"(-other|-merged|-stuff)+$", "", label)


def with_classes(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of an EoMT with COCO's classes, where they name none."""
    names = settings.get("id2label", {}).values()
    if not all(name.startswith("LABEL_") for name in names):  # the library's, for want of names
        return settings
    known = {
        name: value for name, value in settings.items() if name not in ("label2id", "num_labels")
    }
    return known | {"id2label": dict(enumerate((*THINGS, *STUFF)))}


def with_native_backbone(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of a checkpoint of 2021, whose ResNet-50 was timm's, for transformers' own."""
    if settings.get("backbone") != "resnet50":
        raise LoadFailed(f"This DETR stands on {settings.get('backbone')}; only resnet50 is known.")
    stages = ["stage1", "stage2", "stage3", "stage4"]
    for timm_s in ("backbone", "use_timm_backbone", "use_pretrained_backbone", "dilation"):
        settings.pop(timm_s, None)
    return settings | {"backbone_config": ResNetConfig(out_features=stages).to_dict()}


NAMES = {
    r"model\.conv1\.": "model.embedder.embedder.convolution.",
    r"model\.bn1\.": "model.embedder.embedder.normalization.",
    r"layer(\d)\.(\d+)\.downsample\.0\.": "encoder.stages.{0}.layers.{1}.shortcut.convolution.",
    r"layer(\d)\.(\d+)\.downsample\.1\.": "encoder.stages.{0}.layers.{1}.shortcut.normalization.",
    r"layer(\d)\.(\d+)\.conv(\d)\.": "encoder.stages.{0}.layers.{1}.layer.{2}.convolution.",
    r"layer(\d)\.(\d+)\.bn(\d)\.": "encoder.stages.{0}.layers.{1}.layer.{2}.normalization.",
}
"""timm's names in a ResNet, and transformers'; timm counts stages and convolutions from 1."""


def native_name(name: str) -> str:
    """The name that transformers gives a tensor which a DETR with timm's backbone calls `name`."""
    if "backbone." not in name:
        return name
    for timm_s, native in NAMES.items():
        if found := re.search(timm_s, name):
            numbers = [int(each) for each in found.groups()]
            # The number of the block, the second, is the only one counted from 0.
            counted = [each - (place != 1) for place, each in enumerate(numbers)]
            return name[: found.start()] + native.format(*counted) + name[found.end() :]
    return name
