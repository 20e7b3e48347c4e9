"""Small random checkpoints of the catalogue's networks, saved for the real code to load.

`tiny_row(spec, folder)` writes the files of a row, and returns the row with the settings that its
small network needs. With CUTOUT_WEIGHTS=folder, page and command line use these files.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from compositing.arrays import Photo
from models.catalog import MODELS, ModelSpec
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.networks.swin import SwinConfig
from tests.tiny_edgetam import save_edgetam
from tests.tiny_grounded import SMALL, save_grounded_sam2
from tests.tiny_objects import (
    save_deeplab,
    save_detr,
    save_eomt,
    save_mask2former,
    save_rf_detr,
    save_yolo,
)
from tests.tiny_onnx import save_red
from tests.tiny_sam import SAVERS as SAM_SAVERS
from tests.tiny_sam import save_mobile_sam
from tests.tiny_sapiens2 import save_sapiens2
from tests.tiny_vitmatte import save_vitmatte

BACKBONE = SwinConfig(width=8, depths=(1, 2, 1, 1), heads=(1, 1, 2, 2), window=4)

SAVERS: dict[str, Callable[[Path], None]] = {
    **SAM_SAVERS,
    "edgetam": save_edgetam,
    "grounded-sam2": save_grounded_sam2,
    "vitmatte-small": save_vitmatte,
    "sapiens2-matting": save_sapiens2,
    "rf-detr-seg": save_rf_detr,
    "mask2former-panoptic": save_mask2former,
    "detr-panoptic": save_detr,
    "eomt-small": save_eomt,
    "eomt-large": save_eomt,
}


def scene(height: int, width: int) -> Photo:
    """A photo for them: an orange disc on blue."""
    rows, columns = np.mgrid[:height, :width]
    inside = (rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (min(height, width) / 3) ** 2
    return np.where(inside[..., None], (200, 120, 40), (30, 90, 160)).astype(np.uint8)


def tiny_row(spec: ModelSpec, folder: Path) -> ModelSpec:
    """Saves random weights of `spec` in `folder/NAME` unless they are there; they depend on the
    row's name alone."""
    options = tiny_options(spec)
    home = folder / spec.name
    if not home.exists():
        home.mkdir(parents=True)
        torch.manual_seed(sum(spec.name.encode()))
        _save(spec, home)
    return replace(spec, options=options, parameters=1000)


def tiny_rows(folder: Path) -> tuple[ModelSpec, ...]:
    """The catalogue with small networks, without rows that need an optional package."""
    return tuple(tiny_row(spec, folder) for spec in MODELS if not spec.extra)


def tiny_options(spec: ModelSpec) -> Mapping[str, Any]:
    """The row's settings for its small network."""
    if spec.family == "sam.sam3":
        return {"threshold": 0.0}  # random weights are sure of nothing
    if spec.family == "sam.grounded":
        return {**spec.options, **SMALL, "threshold": 0.0}
    if spec.family == "sam.mobile":
        return {"side": 64}
    if spec.family == "objects.yolo":
        return {**spec.options, "longer": 96}
    if spec.family == "vitmatte":
        return {"longest": 64}
    if spec.family == "onnx":
        free = {"side": 32} if "step" in spec.options else {}
        return {**spec.options, **free, **({} if spec.packaged else {"activation": "sigmoid"})}
    if spec.family == "matting.ben2":
        return {"backbone": BACKBONE, "side": 128}
    if spec.family != "matting.birefnet":
        return spec.options
    small = {**spec.options, "backbone": BACKBONE, "inner": 8}
    side = small.get("side", 1024)
    if side is None:
        return small
    return small | {"side": 64 if isinstance(side, int) else (64, 96)}


def _save(spec: ModelSpec, home: Path) -> None:
    if spec.family in ("matting.birefnet", "matting.ben2"):
        network = BEN2(BACKBONE) if spec.family == "matting.ben2" else BiRefNet(BACKBONE, inner=8)
        tensors = {name: each.contiguous() for name, each in network.state_dict().items()}
        if spec.files[0].endswith(".pth"):  # as training on several cards, compiled, leaves it
            named = {f"module._orig_mod.{name}": each for name, each in tensors.items()}
            torch.save(named, home / spec.files[0])
        else:
            save_file(tensors, home / spec.files[0])
    elif spec.family == "objects.deeplab":
        save_deeplab(spec, home, sees=15)
    elif spec.family == "sam.mobile":
        save_mobile_sam(spec, home)
    elif spec.family == "objects.yolo":
        save_yolo(spec, home)
    elif spec.family == "onnx" and not spec.packaged:
        path = home / spec.files[0]
        path.parent.mkdir(exist_ok=True)
        save_red(path, sides=("h", "w") if "step" in spec.options else (32, 32))
    elif spec.name in SAVERS:
        SAVERS[spec.name](home)
        if "pytorch_model.bin" in spec.files:  # published in torch's own format alone
            torch.save(load_file(home / "model.safetensors"), home / "pytorch_model.bin")
