"""Photos into tensors, and published weights from files into tensors, on any device."""

import json
import re
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from compositing.arrays import Photo
from compositing.masks import Mask
from models.interface import LoadFailed
from models.running.devices import Device

type Colour = tuple[float, float, float]

MEAN: Colour = (0.485, 0.456, 0.406)  # of ImageNet's photos
DEVIATION: Colour = (0.229, 0.224, 0.225)

PLACES = ("model_state_dict", "state_dict", "model")
"""Where training tools put a state dict, beside the optimiser's."""
PREFIXES = re.compile(r"^(module\.|_orig_mod\.)+")
"""What they put before every name."""


def dtype_of(device: Device) -> torch.dtype:
    dtype: torch.dtype = getattr(torch, device.dtype)
    return dtype


def network_input(
    photo: Photo,
    height: int,
    width: int,
    device: Device,
    mean: Colour = MEAN,
    deviation: Colour = DEVIATION,
    resampling: Literal["bilinear", "bicubic"] = "bilinear",
) -> Tensor:
    """The photo as a network wants it, `(1, 3, height, width)` on `device`, in its number format:
    resized, brought to 0 to 1, minus `mean`, divided by `deviation`.

    It is resized as bytes, over all the pixels that a new one covers. torch does that
    on the CPU only, so every device gets the same pixels.
    """
    # torch warns of arrays that it may not write to, though nothing here does.
    pixels = torch.from_numpy(np.require(photo, requirements=["C", "W"]))
    pixels = pixels.permute(2, 0, 1)[None]  # (1, 3, H, W)
    pixels = functional.interpolate(pixels, (height, width), mode=resampling, antialias=True)
    values = pixels.to(device.name).float() / 255
    # By plain numbers: a tensor of them would have to be moved to the device in each run.
    for channel, centre, spread in zip(values.unbind(1), mean, deviation, strict=True):
        channel.sub_(centre).div_(spread)
    return values.to(dtype_of(device))


def resized_logits(logits: Tensor, like: Tensor) -> Tensor:
    """`(N, h, w)` at the height and width of `like`, bilinearly, as `float32`."""
    size = like.shape[-2:]
    if not len(logits):  # which interpolate refuses
        return logits.new_empty((0, *size), dtype=torch.float32)
    return functional.interpolate(logits.float()[None], size, mode="bilinear")[0]


def chosen(kept: Tensor, *parts: Tensor) -> tuple[Tensor, ...]:
    """Of each of the `parts`, `(N, …)`, the rows where `kept`, bool `(N,)`, is true.

    A GPU is waited for once, to count them; with `kept` itself as an index, once a part.
    """
    rows = kept.nonzero()[:, 0]
    return tuple(part[rows] for part in parts)


def masks_of(probabilities: Tensor) -> list[Mask]:
    """`(N, h, w)` in [0, 1] as N masks."""
    levels = (probabilities.float() * 255).round().to(torch.uint8).cpu().numpy()
    return list(levels)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """A state dict from a safetensors file, or from one of torch.save that holds nothing but
    tensors: no code of a file is ever run. What training tools put around it is taken off. Raises
    LoadFailed for any other file."""
    from pickle import UnpicklingError

    from safetensors import SafetensorError
    from safetensors.torch import load_file

    unread = f"{path.name} can't be read as weights. Download it again."
    try:
        if path.suffix == ".safetensors":
            found: object = load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, UnpicklingError, SafetensorError) as error:
        raise LoadFailed(unread) from error
    named = _state_dict(found)
    if named is None:
        raise LoadFailed(unread)
    return named


def read_shards(index: Path) -> dict[str, Tensor]:
    """A state dict from the safetensors files beside `index`, a JSON file that says which tensor is
    in which. Raises LoadFailed if it names one that isn't there, or not beside it."""
    named: dict[str, str] = json.loads(index.read_text())["weight_map"]
    tensors: dict[str, Tensor] = {}
    for name in sorted(set(named.values())):
        if Path(name).name != name or Path(name).suffix != ".safetensors":
            raise LoadFailed(f"{index.name} names {name}, which isn't a file of weights beside it.")
        tensors |= read_tensors(index.with_name(name))
    return tensors


def _state_dict(found: object) -> dict[str, Tensor] | None:
    """The tensors by their own names, out of what a file holds; None when it holds something
    else."""
    if not isinstance(found, dict):
        return None
    for place in PLACES:
        if isinstance(found.get(place), dict):
            return _state_dict(found[place])
    if not all(isinstance(tensor, Tensor) for tensor in found.values()):
        return None
    return {PREFIXES.sub("", name): tensor for name, tensor in found.items()}
