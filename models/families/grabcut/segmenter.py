"""The built-in segmenter: a quick first guess, with nothing to download.

Rother, Kolmogorov and Blake, "GrabCut: Interactive Foreground Extraction using Iterated Graph Cuts"
(SIGGRAPH 2004), in OpenCV's implementation, started from faces, saliency, boxes or clicks. It works
on a reduced photo: first on all of it, then on a narrow band along the edge at twice the size
(Lombaert et al., "A Multilevel Banded Graph Cuts Method", ICCV 2005).
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.grabcut.crops import SIDE, Crop, box_crop, holds, whole_photo
from models.families.grabcut.faces import cascade
from models.families.grabcut.saliency import Region, border
from models.families.grabcut.trimaps import (
    Trimap,
    around_point,
    automatic,
    discs,
    inside_box,
    steered,
)
from models.interface import Box, Matte, Point, Prompt, PromptMissing
from models.running.devices import Device
from models.running.stages import stage

ITERATIONS, BAND_ITERATIONS = 3, 1

BAND = 4
"""Pixels of the fine picture on either side of the coarse edge that are looked at again."""


def load(spec: ModelSpec, folder: Path | None, device: Device) -> "GrabCut":  # noqa: ARG001
    """There is nothing to read but the cascade that finds faces."""
    cascade()
    return GrabCut()


class GrabCut:
    """A segmenter that makes hard masks: of what is in each box and of what was clicked on, or, if
    it is told neither, of what stands out. Exclude points take away from them."""

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        """Raises PromptMissing when a box lies outside the photo."""
        full = whole_photo(photo)
        boxes = [clipped(box, full.box) for box in prompt.boxes]
        points = [point for point in prompt.points if holds(full.box, point)]
        included = [point for point in points if point.include]
        excluded = [point for point in points if not point.include]
        with stage("preprocess"):
            faces = full.faces()
        alpha = np.zeros(photo.shape[:2], np.float32)
        side = max(SIDE // 2, round(SIDE / max(1, len(boxes)) ** 0.5))  # many cost as much as one
        for box in boxes:
            crop = box_crop(photo, box, side)
            inside = [point for point in included if holds(box, point)]
            cut_out(alpha, crop, partial(inside_box, crop, box, faces), inside + excluded)
        if not boxes:
            cut_out(alpha, full, partial(automatic, full, faces), excluded, only=included)
        for point in included:
            if not alpha[int(point.y), int(point.x)]:
                start = partial(around_point, full, point)
                cut_out(alpha, full, start, [point, *excluded], only=[point])
        return Matte(alpha, soft=False)


def cut_out(
    alpha: Alpha,
    crop: Crop,
    start: Callable[[], Trimap],
    points: Sequence[Point],
    only: Sequence[Point] = (),
) -> None:
    """Add to `alpha` what GrabCut finds in the crop, beginning with the trimap that `start` makes.
    only: if there are such points, add only the parts that hold one."""
    with stage("preprocess"):
        if crop.shows_nothing:
            return
        trimap = steered(start(), crop, points)
    with stage("network"):
        mask = cut(crop, trimap, points)
    with stage("postprocess"):
        mask = tidied(mask, crop.points_in(crop.fine, points))
        if only:
            mask = parts_at(mask, crop.points_in(crop.fine, only))
        crop.add_to(alpha, mask)


def cut(crop: Crop, trimap: Trimap, points: Sequence[Point]) -> Region:
    """The foreground, bool, of the size of `crop.fine`: found on `coarse`, its edge on `fine`."""
    rough = grabcut(crop.coarse, trimap, ITERATIONS).astype(np.float32)
    h, w = crop.fine.shape[:2]
    surface = cv2.resize(cv2.GaussianBlur(rough, (0, 0), 0.7), (w, h))
    mask = (surface > 0.5).astype(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * BAND + 1, 2 * BAND + 1))
    band = np.where(mask, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    band[cv2.erode(mask, disc) > 0] = cv2.GC_FGD
    band[cv2.dilate(mask, disc) == 0] = cv2.GC_BGD
    fine = crop.points_in(crop.fine, points)
    band[discs(band.shape, fine, include=True)] = cv2.GC_FGD
    band[discs(band.shape, fine, include=False)] = cv2.GC_BGD
    return grabcut(crop.fine, band, BAND_ITERATIONS)


def grabcut(picture: Photo, trimap: Trimap, iterations: int) -> Region:
    """bool (H, W): OpenCV's GrabCut, the same on every run and in every thread."""
    foreground = (trimap & 1).astype(bool)  # GC_FGD = 1, GC_PR_FGD = 3
    if foreground.all() or not foreground.any():
        return foreground
    labels, background_model, foreground_model = trimap.copy(), np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # of this thread: the clusters that it starts with are drawn at random
    cv2.grabCut(
        picture, labels, None, background_model, foreground_model, iterations, cv2.GC_INIT_WITH_MASK
    )
    return (labels & 1).astype(bool)


def tidied(mask: Region, points: Sequence[Point]) -> Region:
    """The mask without small holes, and without parts smaller than a fifth of the largest. What a
    point lies in stays: a part with an include point, a hole with an exclude point."""
    labels, areas = _parts(mask)
    kept = areas >= 0.2 * areas[1:].max(initial=0)
    kept[[labels[at] for at in pixels(points, include=True)]] = True
    kept[0] = False
    mask = kept[labels]
    labels, areas = _parts(~mask)
    filled = areas < 0.015 * mask.size
    filled[labels[border(mask.shape, 1)]] = False
    filled[[labels[at] for at in pixels(points, include=False)]] = False
    return mask | filled[labels]


def parts_at(mask: Region, points: Sequence[Point]) -> Region:
    """The connected parts that hold one of the points."""
    labels, areas = _parts(mask)
    kept = np.zeros(len(areas), bool)
    kept[[labels[at] for at in pixels(points, include=True)]] = True
    kept[0] = False
    return kept[labels]


def _parts(mask: Region) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The connected parts: each pixel's number (0 outside the mask), and their areas by number."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return labels, stats[:, cv2.CC_STAT_AREA]


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


def pixels(points: Sequence[Point], include: bool) -> list[tuple[int, int]]:
    """Row and column of each point."""
    return [(int(point.y), int(point.x)) for point in points if point.include is include]
