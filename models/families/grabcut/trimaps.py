"""Where GrabCut starts: what is foreground or background for certain, probably, or not known yet.

A trimap is uint8 (H, W) of cv2.GC_FGD and GC_BGD (certain), GC_PR_FGD and GC_PR_BGD (probable).
It has the size of `crop.coarse`; faces, boxes and points come in the photo's pixels.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.families.grabcut.crops import Crop, holds
from models.families.grabcut.faces import Face
from models.families.grabcut.saliency import (
    Map,
    Region,
    barrier_distance,
    border,
    saliency,
    smooth,
    stretched,
    threshold,
)
from models.interface import Box, Point

type Trimap = NDArray[np.uint8]


class Silhouette(NamedTuple):
    """A person's outline, in units of the face's side and from its centre. head: an ellipse, by how
    far up its centre lies, half its width and half its height. torso: how far down, half width."""

    head: tuple[float, float, float]
    torso: tuple[tuple[float, float], ...]


REACH = Silhouette((0, 1.15, 1.35), ((0.4, 0.9), (1.7, 2.4), (inf, 2.8)))
BODY = Silhouette((0.08, 0.68, 0.9), ((0.5, 0.45), (1.4, 1.15), (inf, 1.2)))
CORE = Silhouette((0, 0.42, 0.55), ((0.5, 0.15), (1.7, 0.35)))


def automatic(crop: Crop, faces: Sequence[Face]) -> Trimap:
    """The people, if there are faces; else the thing that stands out, if it's one compact thing;
    else someone in the middle, as in a portrait."""
    if faces:
        return _portrait(crop, [crop.face_in(face) for face in faces], certain=True)
    salient = saliency(crop.lab, crop.sharp, open_bottom=False)
    blob = salient > threshold(salient)
    if _compact(blob):
        trimap = _standing_out(salient)
        trimap[_edge(crop, open_bottom=False)] = cv2.GC_BGD
        trimap[_eroded(blob, round(0.06 * float(blob.sum()) ** 0.5))] = cv2.GC_FGD
        return trimap
    h, w = salient.shape
    return _portrait(crop, [Face(w / 2, 0.42 * h, 0.22 * min(w, h))], certain=False)


def _portrait(crop: Crop, faces: Sequence[Face], certain: bool) -> Trimap:
    """A head and a torso at every face, as well as what stands out; `certain`: of the faces."""
    trimap = _standing_out(saliency(crop.lab, crop.sharp, open_bottom=True))
    trimap[drawn(trimap.shape, REACH, faces) & (trimap == cv2.GC_BGD)] = cv2.GC_PR_BGD
    lower = np.arange(len(trimap))[:, None] >= 0.7 * len(trimap)  # where arms leave the photo
    arms = lower & (trimap == cv2.GC_PR_FGD)
    trimap[_edge(crop, open_bottom=True) & ~arms] = cv2.GC_BGD
    trimap[drawn(trimap.shape, BODY, faces)] = cv2.GC_PR_FGD
    if certain:
        trimap[drawn(trimap.shape, CORE, faces)] = cv2.GC_FGD
    return trimap


def _standing_out(salient: Map) -> Trimap:
    """Probable foreground where it stands out, background where nothing does."""
    level = threshold(salient)
    trimap = np.full(salient.shape, cv2.GC_PR_BGD, np.uint8)
    trimap[salient > level] = cv2.GC_PR_FGD
    trimap[salient < 0.3 * level] = cv2.GC_BGD
    return trimap


def _edge(crop: Crop, open_bottom: bool) -> Region:
    """A band along the edges of the photo, but for what is in focus there."""
    h, w = crop.sharp.shape
    width = max(2, round(0.03 * min(h, w)))
    frame = border((h + width if open_bottom else h, w), width)
    return frame[:h] & (crop.sharp <= 0.5)


def _compact(blob: Region) -> bool:
    """Whether its largest part is nearly convex and ends above the photo's lower edge."""
    mask = blob.astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea)
    _, top, _, height = cv2.boundingRect(largest)
    hull = cv2.contourArea(cv2.convexHull(largest))
    return top + height <= 0.98 * len(mask) and cv2.contourArea(largest) >= 0.88 * hull


def _eroded(blob: Region, radius: int) -> Region:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    smaller: Region = cv2.erode(blob.astype(np.uint8), disc) > 0
    return smaller


def drawn(shape: tuple[int, ...], silhouette: Silhouette, faces: Sequence[Face]) -> Region:
    """bool (H, W): the silhouette under every face."""
    canvas = np.zeros(shape, np.uint8)
    (up, across, high), torso = silhouette
    for face in faces:
        centre = (round(face.x), round(face.y - up * face.size))
        axes = (round(across * face.size), round(high * face.size))
        cv2.ellipse(canvas, centre, axes, 0, 0, 360, 1, cv2.FILLED)
        outline = [(-half, below) for below, half in torso]
        outline += [(half, below) for below, half in reversed(torso)]
        corners = [
            (face.x + x * face.size, min(face.y + y * face.size, shape[0])) for x, y in outline
        ]
        cv2.fillPoly(canvas, [np.round(corners).astype(np.int32)], 1)
    return canvas > 0


def inside_box(crop: Crop, box: Box, faces: Sequence[Face]) -> Trimap:
    """Outside the box is background. Inside it, foreground is what stands out from the outside,
    with heads and torsos; if the box holds nearly all of the crop, what `automatic` finds."""
    small = crop.box_in(box)
    inside = np.zeros(crop.lab.shape[:2], bool)
    inside[round(small.y0) : round(small.y1), round(small.x0) : round(small.x1)] = True
    faces = [face for face in faces if holds(box, Point(face.x, face.y))]
    if inside.mean() > 0.95:
        trimap = automatic(crop, faces)
    else:
        salient = stretched(barrier_distance(smooth(crop.lab), ~inside))
        alike = salient < 0.3 * threshold(salient[inside])
        trimap = np.where(alike, cv2.GC_PR_BGD, cv2.GC_PR_FGD).astype(np.uint8)
        people = [crop.face_in(face) for face in faces]
        trimap[drawn(trimap.shape, BODY, people)] = cv2.GC_PR_FGD
        trimap[drawn(trimap.shape, CORE, people)] = cv2.GC_FGD
    trimap[~inside] = cv2.GC_BGD
    return trimap


def around_point(crop: Crop, point: Point) -> Trimap:
    """What a click can reach is foreground, what is far from it background."""
    reach = _reach(crop, point)
    trimap = np.where(reach < 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[reach < 0.5] = cv2.GC_FGD
    trimap[reach > 1.6] = cv2.GC_BGD
    return trimap


def steered(trimap: Trimap, crop: Crop, points: Sequence[Point]) -> Trimap:
    """The trimap with the points in it. At a point it is certain. What an exclude point reaches
    becomes background, at most as far as halfway to the nearest include point."""
    small = crop.points_in(crop.coarse, points)
    included, excluded = (discs(trimap.shape, small, include) for include in (True, False))
    result = trimap.copy()
    for point in points:
        if not point.include and holds(crop.box, point):
            reach = _reach(crop, point)
            limit = min(1, 0.5 * float(reach[included].min(initial=2)))
            result[reach < limit] = cv2.GC_PR_BGD
            result[reach < 0.5 * limit] = cv2.GC_BGD
    result[included] = cv2.GC_FGD
    result[excluded] = cv2.GC_BGD
    return result


def _reach(crop: Crop, point: Point) -> Map:
    """How far each pixel is from a click, in colour and in place: 0 at the click, 1 where something
    else probably begins."""
    (at,) = crop.points_in(crop.coarse, [point])
    click = discs(crop.sharp.shape, [replace(at, include=True)], include=True)
    h, w = click.shape
    y, x = np.mgrid[:h, :w].astype(np.float32)
    far = barrier_distance(smooth(crop.lab), click)
    far += 250 * np.hypot(x - at.x, y - at.y) / max(h, w)
    return far / max(0.5 * 255 * threshold(np.minimum(far / 255, 1)), 1)


def discs(shape: tuple[int, ...], points: Sequence[Point], include: bool) -> Region:
    """bool (H, W): a small disc at each point that includes, or at each that excludes."""
    canvas = np.zeros(shape[:2], np.uint8)
    radius = max(1, round(0.01 * max(shape[:2])))
    for point in points:
        if point.include is include:
            cv2.circle(canvas, (int(point.x), int(point.y)), radius, 1, cv2.FILLED)
    return canvas > 0
