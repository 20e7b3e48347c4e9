"""Networks of the transformers library from a folder: strictly, quietly and without the network."""

from pathlib import Path
from typing import Any

import torch
from transformers.utils import logging

from models.interface import LoadFailed
from models.running.devices import Device

# What they would report is an error here, and the page has its own progress.
logging.set_verbosity_error()
logging.disable_progress_bar()


def pretrained(kind: Any, folder: Path | None, device: Device, **given: Any) -> Any:
    """`kind.from_pretrained(folder, **given)`, on `device` in its number format, ready to run.

    kind: a model class of transformers. folder: config.json and safetensors; None when `given` has
    config and state_dict. Raises LoadFailed when a tensor is missing or of another shape, where the
    library fills in random numbers.
    """
    network, info = kind.from_pretrained(
        folder,
        dtype=getattr(torch, device.dtype),
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
            f"missing or of another shape ({wrong[0]}{', …' * (len(wrong) > 1)}). "
            "Choose the file that belongs to this model, or download it again."
        )
    return network.eval().requires_grad_(False).to(device.name)
