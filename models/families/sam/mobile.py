"""MobileSAM: SAM's prompts and masks, and an encoder that is quick on a CPU.

Zhang et al., "Faster Segment Anything: Towards Lightweight SAM for Mobile Applications", 2023; the
encoder is a TinyViT (Wu et al., ECCV 2022). The network is the Ultralytics package's.
"""

from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import SamConfig

from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.tensors import dtype_of, read_tensors
from models.families.sam.segmenter import Sam
from models.interface import Encoder
from models.networks import checkpoint
from models.running.devices import Device
from models.running.extra import restrained


def load(spec: ModelSpec, folder: Path, device: Device) -> Encoder:
    """folder: the state dict as its authors publish it, or a folder with it.

    options: side: of the square that the network looks at, in pixels; a multiple of 16. Raises
    LoadFailed.
    """
    # It ends with eval(), in which the encoder prepares the attention biases from the weights.
    network = checkpoint.load(build, read_tensors(one_file(spec, folder)), dtype_of(device))
    return Sam(spec.label, MobileSam(network, spec.options["side"]).to(device.name))


def build() -> nn.Module:
    """The package's network, with random weights."""
    # Its constructor computes with numbers, which the meta device doesn't hold.
    with restrained(), torch.device("cpu"):
        network: nn.Module = import_module("ultralytics.models.sam.build").build_mobile_sam()
    return network


class Drawn(NamedTuple):
    """pred_masks: log-odds (1, 1, 3, h, w). iou_scores: (1, 1, 3)."""

    pred_masks: Tensor
    iou_scores: Tensor


class MobileSam(nn.Module):
    """The package's network, with the interface of transformers' SamModel, for one subject."""

    def __init__(self, network: Any, side: int) -> None:
        super().__init__()
        network.set_imgsz([side, side])
        self.config = SamConfig(prompt_encoder_config={"image_size": side})
        self.vision_encoder = network.image_encoder
        self.prompt_encoder = network.prompt_encoder
        self.mask_decoder = network.mask_decoder
        self.shared_image_embedding = network.prompt_encoder.pe_layer

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    def get_image_embeddings(self, pixels: Tensor) -> Tensor:
        """(1, 3, side, side) -> (1, 256, side / 16, side / 16)."""
        embeddings: Tensor = self.vision_encoder(pixels)
        return embeddings

    def forward(
        self,
        image_embeddings: Tensor,
        multimask_output: bool,
        input_boxes: Tensor | None = None,
        input_points: Tensor | None = None,
        input_labels: Tensor | None = None,
    ) -> Drawn:
        """input_boxes: (1, 1, 4). input_points: (1, 1, points, 2). input_labels: int
        (1, 1, points), 1 to include, 0 to exclude."""
        boxes = None if input_boxes is None else input_boxes[0]
        points = None
        if input_points is not None and input_labels is not None:
            points = input_points[0], input_labels[0]
        sparse, dense = self.prompt_encoder(points, boxes, None)
        places = self.prompt_encoder.get_dense_pe()
        masks, overlaps = self.mask_decoder(
            image_embeddings, places, sparse, dense, multimask_output
        )
        return Drawn(masks[None], overlaps[None])
