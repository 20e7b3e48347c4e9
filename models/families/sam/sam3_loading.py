"""SAM 3's two networks and its tokenizer from a folder, in either layout that is published."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import nn
from transformers import CLIPTokenizer, Sam3Model, Sam3TrackerModel, Sam3VideoConfig

from models.families.common.pretrained import pretrained
from models.families.sam.sam3_keys import Weights, detector_weights, tracker_weights
from models.interface import LoadFailed
from models.running.devices import Device

PUBLISHED = "sam3.safetensors"
"""The weights under their publisher's names, as mirrors offer them."""


def networks(folder: Path, device: Device) -> tuple[Any, Any]:
    """Sam3Model and Sam3TrackerModel, which share one vision transformer. Raises LoadFailed."""
    published = (folder / PUBLISHED).is_file()
    read = _publisher_s(folder, device) if published else _saved(folder, device)
    tracker = read(Sam3TrackerModel, tracker_weights)
    # Half of its memory, and the same as the detector's: given back before that is read.
    tracker.vision_encoder.backbone = nn.Identity()
    detector = read(Sam3Model, detector_weights)
    tracker.vision_encoder.backbone = detector.vision_encoder.backbone
    return detector, tracker


def tokenizer(folder: Path) -> Any:
    """CLIP's. Raises LoadFailed when it isn't there, where the library would make an empty one."""
    if not (folder / "tokenizer.json").is_file():
        raise LoadFailed(
            f"{folder} lacks tokenizer.json: copy it there from openai/clip-vit-base-patch32, "
            "whose words SAM 3 uses."
        )
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)


type Read = Callable[[Any, Callable[[Weights], Weights]], Any]
"""Makes a network of a class; the other is how that class renames its publisher's weights."""


def _saved(folder: Path, device: Device) -> Read:
    return lambda kind, _: pretrained(kind, folder, device)


def _publisher_s(folder: Path, device: Device) -> Read:
    """Without a config.json beside the weights, they are of the size that was published."""
    described = (folder / "config.json").is_file()
    config = Sam3VideoConfig.from_pretrained(folder) if described else Sam3VideoConfig()
    weights = load_file(folder / PUBLISHED)
    return lambda kind, renamed: pretrained(
        kind, None, device, config=config, state_dict=renamed(weights)
    )
