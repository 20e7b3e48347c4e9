"""Tiny random checkpoints of the catalogue's networks, saved to a folder for the real code to load.

`tiny_row(spec, folder)` writes the files of a row and returns the row with the settings that its
small networks need; CUTOUT_WEIGHTS=folder then makes every way into the program use them.
"""

from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from models.catalog import MODELS, ModelSpec
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.networks.swin import SwinConfig

BACKBONE = SwinConfig(width=8, depths=(1, 2, 1, 1), heads=(1, 1, 2, 2), window=4)


def tiny_row(spec: ModelSpec, folder: Path) -> ModelSpec:
    """Saves random weights of `spec` below `folder`; they depend on the row's name alone."""
    torch.manual_seed(sum(spec.name.encode()))
    network: nn.Module
    if spec.family == "birefnet":
        options = {**spec.options, "backbone": BACKBONE, "inner": 8}
        if options.get("side", 1024) is not None:
            options["side"] = 64
        network = BiRefNet(BACKBONE, inner=8)
    elif spec.family == "ben2":
        options = {"backbone": BACKBONE, "side": 128}
        network = BEN2(BACKBONE)
    else:
        return spec
    tensors = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    (folder / spec.name).mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / spec.name / "model.safetensors", {"format": "pt"})
    parameters = sum(tensor.numel() for tensor in network.parameters())
    return replace(spec, options=options, parameters=parameters)


def tiny_rows(folder: Path) -> tuple[ModelSpec, ...]:
    """The whole catalogue with small networks."""
    return tuple(tiny_row(spec, folder) for spec in MODELS)
