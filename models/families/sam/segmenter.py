"""SAM and SAM 2: told with boxes and points what to cut out.

Kirillov et al., "Segment Anything", ICCV 2023; Ravi et al., "SAM 2: Segment Anything in Images and
Videos", ICLR 2025. The networks are the transformers library's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForMaskGeneration, Sam2ImageProcessor, SamImageProcessor

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.sam.decoder import MaskDecoder
from models.families.sam.frame import Frame, nbytes, prepared
from models.families.sam.prompts import Subject, subjects
from models.interface import Encoded, Encoder, Matte, Prompt, untold
from models.running.devices import Device
from models.running.stages import stage


def load(spec: ModelSpec, folder: Path, device: Device) -> Encoder:
    """folder: config.json and model.safetensors of SAM, SAM 2 or a model with their interface, as
    transformers saves them. Raises LoadFailed."""
    return Sam(spec.label, pretrained(AutoModelForMaskGeneration, folder, device))


@dataclass(frozen=True, eq=False)
class Embedded:
    """embeddings: a tensor (SAM), or several from fine to coarse (SAM 2)."""

    embeddings: Tensor | Sequence[Tensor]
    frame: Frame


class Sam:
    def __init__(self, label: str, model: Any) -> None:
        self._label = label
        self._model = model
        self.decoder = MaskDecoder(model, label)
        self._side: int = model.config.prompt_encoder_config.image_size
        square = {"height": self._side, "width": self._side}
        self._processor = (
            SamImageProcessor(size={"longest_edge": self._side}, pad_size=square)
            if model.config.model_type == "sam"
            else Sam2ImageProcessor(size=square)
        )

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        self._subjects(prompt)  # may raise, and that before the costly part
        return self.decode(self.encode(photo), prompt)

    @torch.inference_mode()
    def encode(self, photo: Photo) -> Encoded:
        with stage("preprocess"):
            pixels, frame = prepared(photo, self._processor, self._model.vision_encoder, self._side)
        with stage("network"):
            embeddings = self._model.get_image_embeddings(pixels)
        size = nbytes([embeddings] if isinstance(embeddings, Tensor) else embeddings)
        return Encoded(Embedded(embeddings, frame), size, frame.height, frame.width)

    @torch.inference_mode()
    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        value: Embedded = encoded.value
        told = self._subjects(prompt)
        with stage("network"):
            masks, notes = self.decoder.masks(value.embeddings, value.frame, told)
        with stage("postprocess"):
            alpha = value.frame.union(masks)
        return Matte(alpha, soft=False, notes=tuple(notes))

    def _subjects(self, prompt: Prompt) -> list[Subject]:
        told = subjects(prompt)
        if not told:
            raise untold(self._label)
        return told
