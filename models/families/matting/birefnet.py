"""BiRefNet in all its published variants, and RMBG 2.0, which has the same architecture."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from PIL import Image
from torch import Tensor

from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.tensors import read_tensors
from models.families.matting.segmenter import Fit, Matting, oblong, ready, square
from models.interface import LoadFailed
from models.networks import checkpoint
from models.networks.birefnet import BiRefNet, PatchOrder
from models.networks.patch_order import TELLTALE, PatchOrderVerdict, patch_order_of
from models.networks.swin import SwinConfig
from models.running.devices import Device
from models.running.settings import LONGEST_SIDE

log = logging.getLogger(__name__)

STEP, SHORTEST = 32, 256
"""The sides of what the network sees are multiples of 32; it was trained from 256 upwards."""


@dataclass(frozen=True)
class Settings:
    """patch_order: as trained, or "ask" the weights. side: of the square that the network sees, or
    a shorter and a longer side, the longer one along the photo's; None lets it see the photo's own
    proportions, at the photo's size up to a limit."""

    backbone: Literal["swin_l", "swin_t"] | SwinConfig
    patch_order: PatchOrder | Literal["ask"]
    side: int | Sequence[int] | None = 1024
    inner: int = 64


def load(spec: ModelSpec, folder: Path, device: Device) -> Matting:
    """The row's network from `folder`, its one file or the folder that holds it."""
    settings = Settings(**spec.options)
    tensors = read_tensors(one_file(spec, folder))
    order = _order(spec, settings, tensors)
    network = checkpoint.load(partial(_network, settings, order), tensors)
    fit = _fit(settings, device)
    return Matting(ready(network, device), device, fit, Image.Resampling.BILINEAR, Tensor.sigmoid)


def warm_up(matting: Matting) -> None:
    matting.warm_up()


def check(spec: ModelSpec, folder: Path) -> str:
    """What the weights say of the order of the image's tiles, and which one is used, in words.
    Raises LoadFailed when they aren't this network's, name for name and shape for shape."""
    settings = Settings(**spec.options)
    tensors = read_tensors(one_file(spec, folder))
    verdict = _verdict(tensors)
    used = verdict.order if settings.patch_order == "ask" else settings.patch_order
    checkpoint.held_against(partial(_network, settings, used), tensors)
    return (
        f"{spec.name}: the weights look {verdict.order}-major "
        f"(likeness of a tile's colours: column {verdict.column_score:.3f}, "
        f"channel {verdict.channel_score:.3f}); {used}-major is used. "
        "Names and shapes of all tensors fit."
    )


def _network(settings: Settings, order: PatchOrder) -> BiRefNet:
    return BiRefNet(settings.backbone, order, settings.inner)


def _fit(settings: Settings, device: Device) -> Fit:
    match settings.side:
        case None:
            return _own_proportions(_longest(device))
        case int(side):
            return square(side)
        case shorter, longer:
            return oblong(shorter, longer)
        case other:
            raise ValueError(f"side must be one number or two, not {other}.")


def _order(spec: ModelSpec, settings: Settings, tensors: dict[str, Tensor]) -> PatchOrder:
    if settings.patch_order != "ask":
        return settings.patch_order
    verdict = _verdict(tensors)
    log.info("%s: patch order %s by its weights (%s)", spec.name, verdict.order, verdict)
    return verdict.order


def _verdict(tensors: dict[str, Tensor]) -> PatchOrderVerdict:
    if TELLTALE not in tensors:
        raise LoadFailed(
            f"These weights are not BiRefNet's: they lack {TELLTALE}. "
            "Choose the file that belongs to this model, or download it again."
        )
    return patch_order_of(tensors[TELLTALE])


def _longest(device: Device) -> int:
    """The longest side that a dynamic network sees: CUTOUT_LONGEST_SIDE, else 2304 as trained, and
    1536 on a CPU, where time and memory grow with the area."""
    return LONGEST_SIDE.value() or (1536 if device.kind == "cpu" else 2304)


def _own_proportions(longest: int) -> Fit:
    """The photo's own size with both sides rounded down to the step, within what was trained."""

    def fit(height: int, width: int) -> tuple[int, int]:
        scale = min(max(1.0, SHORTEST / min(height, width)), longest / max(height, width))
        rows, columns = (max(STEP, int(side * scale) // STEP * STEP) for side in (height, width))
        return rows, columns

    return fit
