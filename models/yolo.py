"""The things in a photo one by one, in an instant: YOLO11 (Jocher and Qiu, 2024), from Ultralytics.

That package, an optional extra under the AGPL-3.0, is imported only here, when its model is loaded.
Left alone it looks up hosts, reports its use, installs packages while it runs, writes settings into
the home folder, runs the pickle of checkpoints, and changes OpenCV and torch for everyone.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights
from torchvision.ops import batched_nms, box_convert

from compositing.arrays import Photo
from models.catalog.row import ModelSpec
from models.devices import Device
from models.interface import LoadFailed
from models.objects import Finding, ObjectSegmenter
from models.stages import stage
from models.tensors import dtype_of, enlarged, fitted, masks_of, network_input

SWITCHES = {
    "YOLO_OFFLINE": "true",  # no look-ups, no reports
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
}
SAME = 0.7
"""Boxes of one class that overlap by more are one thing's."""

LABELS = [
    label
    for label in MaskRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"]
    if label not in ("__background__", "N/A")  # YOLO counts COCO's things without the gaps
]


def load(spec: ModelSpec, folder: Path | None, device: Device) -> ObjectSegmenter:
    """options: network: the package's own description of the network; longer: the longer side at
    which it sees a photo; certain: the least score of an object."""
    if folder is None:
        raise LoadFailed(f"{spec.label} needs its weights, in a folder.")
    if find_spec("ultralytics") is None:
        raise LoadFailed(
            f"{spec.label} needs the package ultralytics, which is under the AGPL-3.0: if that "
            "suits you, run `uv sync --extra ultralytics` and start again."
        )
    options = dict(spec.options)
    checkpoint = folder if folder.is_file() else folder / spec.files[0]
    network = build(options.pop("network"), checkpoint)
    network = network.to(device.name, dtype_of(device)).eval().requires_grad_(False)
    return ObjectSegmenter(spec.label, Yolo(network, device, **options).find)


def build(description: str, checkpoint: Path) -> nn.Module:
    """A network built from the package's own description, with nothing of the checkpoint but its
    tensors. Raises LoadFailed when they don't fit.

    The checkpoint is a pickled module, which is read with the package's list of harmless classes.
    """
    with restrained():
        tasks = import_module("ultralytics.nn.tasks")
        try:
            published, _ = tasks.torch_safe_load(str(checkpoint), safe_only=True)
            network: nn.Module = tasks.SegmentationModel(description, nc=len(LABELS), verbose=False)
            network.load_state_dict(published["model"].float().state_dict())
        except (TypeError, KeyError, AttributeError, RuntimeError, OSError) as error:
            raise LoadFailed(
                f"{checkpoint.name} isn't {description}'s weights. Download it again."
            ) from error
    return network


@contextmanager
def restrained() -> Iterator[None]:
    """The package may be imported inside; what it changes for the whole process is put back."""
    threads, save, printing = cv2.getNumThreads(), torch.save, np.get_printoptions()
    with tempfile.TemporaryDirectory() as settings:
        os.environ.update(SWITCHES | {"YOLO_CONFIG_DIR": settings})
        try:
            yield
        finally:
            del os.environ["YOLO_CONFIG_DIR"]
            cv2.setNumThreads(threads)
            torch.save = save
            torch.set_printoptions(profile="default")  # type: ignore[no-untyped-call]
            np.set_printoptions(**printing)


@dataclass(frozen=True)
class Yolo:
    network: nn.Module
    device: Device
    longer: int
    certain: float

    def find(self, photo: Photo) -> list[Finding]:
        with stage("preprocess"):
            size = fitted(photo, self.longer, self.longer)
            pixels = network_input(photo, *size, self.device, (0, 0, 0), (1, 1, 1))
        with stage("network"), torch.inference_mode():
            (told, prototypes), _ = self.network(pixels)
        with stage("postprocess"), torch.inference_mode():
            boxes, scores, classes, weights = detections(told[0].float(), self.certain)
            logits = torch.einsum("nk,khw->nhw", weights, prototypes[0].float())
            masks = enlarged(logits, pixels).sigmoid() * inside(boxes, pixels)
            labels = [LABELS[number] for number in classes.tolist()]
            return list(map(Finding, labels, scores.tolist(), masks_of(masks)))


def detections(told: Tensor, certain: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Boxes `(N, 4)` (x0, y0, x1, y1), scores `(N,)`, classes `(N,)` and weights `(N, K)` of the
    masks' prototypes, one for each thing.

    told: `(4 + C + K, A)`: for each of A places a box (centre, size), scores, weights.
    """
    places, every, weights = told.T.tensor_split((4, 4 + len(LABELS)), dim=1)
    scores, classes = every.max(1)
    kept = scores > certain
    boxes = box_convert(places[kept], "cxcywh", "xyxy")
    scores, classes, weights = scores[kept], classes[kept], weights[kept]
    kept = batched_nms(boxes, scores, classes, SAME)
    return boxes[kept], scores[kept], classes[kept], weights[kept]


def inside(boxes: Tensor, like: Tensor) -> Tensor:
    """bool `(N, H, W)`: the pixels in each box; outside, a mask means nothing."""
    height, width = like.shape[-2:]
    x = torch.arange(width, device=boxes.device) + 0.5
    y = torch.arange(height, device=boxes.device)[:, None] + 0.5
    x0, y0, x1, y1 = boxes.T[..., None, None]
    contained: Tensor = (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
    return contained
