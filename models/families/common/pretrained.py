"""Networks of the transformers library from a folder: strictly, quietly and without the network."""

import threading
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers.utils import logging

from models.interface import LoadFailed
from models.networks.checkpoint import some
from models.running.devices import Device

# What they would report is an error here, and the page has its own progress.
logging.set_verbosity_error()
logging.disable_progress_bar()

_LOADING = threading.Lock()
"""The library changes torch and classes of its own for the whole process while it loads, and puts
back what it found: of two loads side by side, the second would find what the first has changed."""


def pretrained(kind: Any, folder: Path | None, device: Device, **given: Any) -> Any:
    """`kind.from_pretrained(folder, **given)`, on `device` in its number format, ready to run.

    kind: a model class of transformers. folder: config.json and safetensors; None when `given` has
    config and state_dict. Raises LoadFailed when a tensor is missing or of another shape, where the
    library fills in random numbers.
    """
    with _LOADING:
        network, info = kind.from_pretrained(
            folder,
            # Any other would be every thread's default meanwhile, those where networks run too.
            dtype=torch.float32,
            local_files_only=True,
            use_safetensors=True,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            **given,
        )
    wrong = sorted(info["missing_keys"]) + sorted(str(key[0]) for key in info["mismatched_keys"])
    if wrong:
        raise LoadFailed(
            f"These weights are not {type(network).__name__}'s: {len(wrong)} of its tensors are "
            f"missing or of another shape ({some(wrong)}). "
            "Choose the file that belongs to this model, or download it again."
        )
    _cast(network, getattr(torch, device.dtype))
    return network.eval().requires_grad_(False).to(device.name)


def _cast(network: nn.Module, dtype: torch.dtype) -> None:
    """What was published. What is computed from the network's measures, such as the frequencies of
    positions, stays as exact as it is."""
    published = network.state_dict().keys()
    computed = {name: each for name, each in network.named_buffers() if name not in published}
    network.to(dtype)
    for name, buffer in computed.items():
        owner, _, own_name = name.rpartition(".")
        setattr(network.get_submodule(owner), own_name, buffer)
