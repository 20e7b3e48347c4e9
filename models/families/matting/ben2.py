"""BEN2, the base model: mattes at 1024 × 1024."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.tensors import read_tensors
from models.families.matting.segmenter import Matting, ready, square
from models.networks import checkpoint
from models.networks.ben2 import BEN2
from models.networks.swin import SWIN_B, SwinConfig
from models.running.devices import Device


@dataclass(frozen=True)
class Settings:
    """side: of the square that the network sees, a multiple of 128."""

    backbone: SwinConfig = SWIN_B
    side: int = 1024


def load(spec: ModelSpec, folder: Path, device: Device) -> Matting:
    """The row's network from `folder`, its one file or the folder that holds it."""
    settings = Settings(**spec.options)
    tensors = read_tensors(one_file(spec, folder))
    network = ready(checkpoint.load(lambda: BEN2(settings.backbone), tensors), device)
    # The network ends in a sigmoid of its own.
    return Matting(
        network, device, square(settings.side), Image.Resampling.LANCZOS, lambda matte: matte
    )


def check(spec: ModelSpec, folder: Path) -> str:
    """That the weights fit, in words. Raises LoadFailed when they aren't this network's, name for
    name and shape for shape."""
    settings = Settings(**spec.options)
    checkpoint.held_against(lambda: BEN2(settings.backbone), read_tensors(one_file(spec, folder)))
    return f"{spec.name}: names and shapes of all tensors fit."


def warm_up(matting: Matting) -> None:
    matting.warm_up()
