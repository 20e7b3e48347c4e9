"""Where the things are that words name, by MM-Grounding-DINO.

Zhao et al., "An Open and Comprehensive Pipeline for Unified Object Grounding and Detection", 2024.
The network is the transformers library's. What is made of its outputs is done here: the library
labels boxes with those tokens that are above a threshold, which may be half of a phrase or two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torchvision.ops import batched_nms
from transformers import MMGroundingDinoForObjectDetection

from compositing.arrays import Photo
from models.families.common.pretrained import pretrained
from models.families.common.sides import fitted
from models.families.common.tensors import network_input
from models.families.sam.sentence import Sentence, reader, sentence
from models.interface import Box
from models.running.devices import Device


class Detection(NamedTuple):
    """score: 0 to 1. box: in the photo's pixels."""

    phrase: str
    score: float
    box: Box


@dataclass(frozen=True)
class Settings:
    """threshold: the score from which a thing counts as found. overlap: the IoU with a surer box of
    the same phrase from which a box is the same thing. shorter, longer: the photo's sides as the
    network sees it, in pixels: the shorter as given, unless the longer would be more than given."""

    threshold: float
    overlap: float
    shorter: int
    longer: int


class Detector:
    """Boxes for phrases. In float32 on all devices: bfloat16 would place an edge only to within
    1/256 of the photo."""

    def __init__(self, folder: Path, device: Device, settings: Settings) -> None:
        """folder: config.json and model.safetensors as transformers saves them, tokenizer.json.
        Raises LoadFailed."""
        self._device = Device(device.name, "float32")
        self._tokenizer = reader(folder)
        self._network: Any = pretrained(MMGroundingDinoForObjectDetection, folder, self._device)
        self._settings = settings

    def pixels(self, photo: Photo) -> Tensor:
        """The photo as the network wants it, float32 (1, 3, h, w)."""
        size = fitted(photo, self._settings.shorter, self._settings.longer, step=1)
        return network_input(photo, *size, self._device)

    def sentence(self, phrases: Sequence[str]) -> Sentence:
        """Raises RunFailed if they are more than the network reads."""
        return sentence(phrases, self._tokenizer, self._network.config.max_text_len)

    def find(self, pixels: Tensor, said: Sentence, height: int, width: int) -> list[Detection]:
        """What `said` names in a photo of that size, whose `pixels` these are; the surest first."""
        if not said.spans:
            return []
        tokens = torch.tensor([said.tokens], device=pixels.device)
        told = self._network(pixel_values=pixels, input_ids=tokens)
        levels = told.logits[0].sigmoid().cpu()  # (queries, the most tokens); padding is 0
        boxes = _corners(told.pred_boxes[0].cpu(), height, width)
        phrases = list(said.spans)
        scores = torch.stack([levels[:, span].amax(1) for span in said.spans.values()], 1)
        best, which = scores.max(1)  # (queries,): each query is one thing, by its best phrase
        large = ((boxes[:, 2:] - boxes[:, :2]) >= 1).all(1)
        kept = (best >= self._settings.threshold) & large
        boxes, best, which = boxes[kept], best[kept], which[kept]
        order = batched_nms(boxes, best, which, self._settings.overlap)
        return [
            Detection(phrases[which[k]], float(best[k]), Box(*boxes[k].tolist()))
            for k in order.tolist()
        ]


def _corners(boxes: Tensor, height: int, width: int) -> Tensor:
    """(cx, cy, w, h) of the photo's sides, (N, 4), as (x0, y0, x1, y1) within it, in its pixels."""
    centre, size = boxes[:, :2], boxes[:, 2:]
    corners = torch.cat([centre - size / 2, centre + size / 2], 1).clamp(0, 1)
    return corners * torch.tensor([width, height, width, height])
