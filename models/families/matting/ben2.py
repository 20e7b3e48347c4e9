"""BEN2, the base model: mattes at 1024 × 1024."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.tensors import read_tensors
from models.families.matting.segmenter import Matting, ready, square
from models.networks.ben2 import BEN2
from models.networks.checkpoint import load as load_network
from models.networks.swin import SWIN_B, SwinConfig
from models.running.devices import Device


@dataclass(frozen=True)
class Settings:
    """side: of the square that the network sees, a multiple of 128."""

    backbone: SwinConfig = SWIN_B
    side: int = 1024


def load(spec: ModelSpec, folder: Path, device: Device) -> Matting:
    """The row's network from `folder`, its safetensors file or the folder that holds it."""
    settings = Settings(**spec.options)
    tensors = read_tensors(one_file(spec, folder))
    network = load_network(lambda: BEN2(settings.backbone), tensors)
    network = ready(network, device)
    # The network ends in a sigmoid of its own.
    return Matting(
        network, device, square(settings.side), Image.Resampling.LANCZOS, lambda matte: matte
    )


def warm_up(matting: Matting) -> None:
    matting.warm_up()
