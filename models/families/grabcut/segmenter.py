"""GrabCut: what U²-Net-P has found, cut out anew by the photo's own colours.

The graph cut (`graph_cuts`) starts from the network's matte: what that is sure of stays, and colour
decides the rest. Where the network finds nothing in a box, all of the box is open, as in the paper.
"""

from pathlib import Path

import cv2
import numpy as np

from compositing.arrays import Photo
from models.catalog import U2NETP, ModelSpec
from models.families.grabcut.crops import SIDE, Crop, box_crop, whole_photo
from models.families.grabcut.graph_cuts import cut, tidied
from models.families.grabcut.steering import steer
from models.families.grabcut.trimaps import Trimap, from_matte, inside_box
from models.families.onnx import load as load_network
from models.families.onnx.segmenter import Onnx
from models.interface import (
    NOTHING_SAID,
    Box,
    LoadFailed,
    Matte,
    Prompt,
    PromptMissing,
)
from models.running.devices import Device
from models.running.stages import stage

RIM = 0.05
"""What is taken for background where neither a box nor the network says more: part of each side,
along all edges of the photo."""


def load(spec: ModelSpec, folder: Path | None, device: Device) -> "GrabCut":  # noqa: ARG001
    """There is nothing to read but the network, which always runs on the CPU. Never fails."""
    return GrabCut()


class GrabCut:
    """A segmenter that makes hard masks: of what is in each box or, without any, of what the
    network finds. Points correct them. Several photos may be worked on at once."""

    def __init__(self) -> None:
        self.network: Onnx | None = None
        self.lacking = ""
        try:
            self.network = load_network(U2NETP, None, Device("cpu"))
        except LoadFailed as error:
            self.lacking = f"GrabCut began with the middle of the photo: {error}"

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        """Raises PromptMissing when a box lies outside the photo."""
        full = whole_photo(photo)
        boxes = [clipped(box, full.box) for box in prompt.boxes]
        side = max(SIDE // 2, round(SIDE / max(1, len(boxes)) ** 0.5))  # many cost as much as one
        alpha = np.zeros(photo.shape[:2], np.float32)
        parts: list[tuple[Crop, Box | None]] = [
            (box_crop(photo, box, side), box) for box in boxes
        ] or [(full, None)]
        for crop, box in parts:
            if not crop.shows_nothing:
                trimap = self._start(crop, box)
                with stage("network"):
                    mask = cut(crop, trimap)
                with stage("postprocess"):
                    crop.add_to(alpha, tidied(mask))
        with stage("postprocess"):
            if prompt.points:
                alpha = (steer(photo, alpha, prompt.points) > 0.5).astype(np.float32)
        notes = (self.lacking,) if self.lacking and not boxes else ()
        if full.shows_nothing:
            notes = ("The photo is tiny or of one colour: there was nothing to look for.",)
        return Matte(alpha, soft=False, notes=notes)

    def _start(self, crop: Crop, box: Box | None) -> Trimap:
        """The network's matte of the crop, or all of the box. It has no stage of its own: the
        network times itself."""
        trimap = np.full(crop.coarse.shape[:2], cv2.GC_BGD, np.uint8)
        if self.network:
            trimap = from_matte(crop, self.network.segment(crop.fine, NOTHING_SAID).alpha)
        elif box is None:
            box = shrunk(crop.box)
        if box is not None:
            inside = inside_box(crop, box)
            if not (trimap[inside] & 1).any():  # neither GC_FGD nor GC_PR_FGD
                trimap[inside] = cv2.GC_PR_FGD
            trimap[~inside] = cv2.GC_BGD
        return trimap


def shrunk(frame: Box) -> Box:
    """The frame without its rim."""
    x, y = RIM * (frame.x1 - frame.x0), RIM * (frame.y1 - frame.y0)
    return Box(frame.x0 + x, frame.y0 + y, frame.x1 - x, frame.y1 - y)


def clipped(box: Box, frame: Box) -> Box:
    """The box grown by 2 % of its longer side and cut off where the photo ends."""
    margin = 0.02 * max(box.x1 - box.x0, box.y1 - box.y0)
    if box.x1 <= 0 or box.y1 <= 0 or box.x0 >= frame.x1 or box.y0 >= frame.y1:
        raise PromptMissing(
            f"The box {box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g} lies outside the photo, which is "
            f"{frame.x1:g} × {frame.y1:g} pixels. Draw it around the subject."
        )
    return Box(
        max(0, box.x0 - margin),
        max(0, box.y0 - margin),
        min(frame.x1, box.x1 + margin),
        min(frame.y1, box.y1 + margin),
    )
