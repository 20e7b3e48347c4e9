"""Which parts of a photo stand out, found without a network.

Three cues: how much the colour must change on the way from the border (barrier distance: Zhang et
al., "Minimum Barrier Salient Object Detection at 80 FPS", ICCV 2015), how unlike the border's
colours a pixel is (same paper), and how sharp it is where the border is out of focus.

`lab` is float32 (H, W, 3), OpenCV's 8-bit CIELAB (each channel 0 to 255); maps are float32 (H, W)
in [0, 1].
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Photo

type Lab = NDArray[np.float32]
type Map = NDArray[np.float32]
type Region = NDArray[np.bool_]


def to_lab(photo: Photo) -> Lab:
    lab: Lab = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB).astype(np.float32)
    return lab


def saliency(lab: Lab, sharp: Map, open_bottom: bool) -> Map:
    """How much each pixel stands out: 0 for the least in the photo, 1 for the most.

    sharp: from `sharpness`. open_bottom: the subject may leave the photo through its lower edge, as
    in portraits, so that the edge says nothing about the background.
    """
    h, w = sharp.shape
    lab = smooth(lab)
    seeds = border(sharp.shape, 1)
    if open_bottom:
        seeds[-1, w // 10 : w - w // 10] = False
    seeds &= sharp <= 0.5
    barrier = barrier_distance(lab, seeds)
    y, x = np.mgrid[:h, :w].astype(np.float32)
    middle = 0.6 if open_bottom else 0.5
    off_centre = ((x / w - 0.5) / 0.42) ** 2 + ((y / h - middle) / 0.55) ** 2
    cues = barrier / max(float(barrier.max()), 1e-6) + unlike_border(lab, open_bottom) + sharp
    return stretched(cv2.GaussianBlur(cues * np.exp(-0.7 * off_centre), (0, 0), max(h, w) / 120))


def barrier_distance(lab: Lab, seeds: Region, rounds: int = 3) -> Map:
    """How much the colour must change on the way from a seed: 0 at the seeds, inf without any.

    seeds: bool (H, W). In each channel, a path costs its highest value minus its lowest. A pixel's
    distance is the sum of its cheapest paths' costs, one path for each channel. `rounds` sweeps go
    down, up, right and left; what needs more of them is overestimated, as by the paper's scans.
    """
    highest = np.where(seeds[..., None], lab, np.float32(np.inf))
    lowest = np.where(seeds[..., None], lab, np.float32(-np.inf))
    rows = (lab, highest, lowest)
    columns = tuple(array.swapaxes(0, 1) for array in rows)
    for _ in range(rounds):
        for values, high, low in (rows, columns):
            _sweep(values, high, low)
            _sweep(values[::-1], high[::-1], low[::-1])
    return (highest - lowest).sum(axis=2)


def _sweep(values: Lab, highest: Lab, lowest: Lab) -> None:
    """Extend the best paths of each row to the next, a whole row at once, in place."""
    for row in range(1, len(values)):
        high = np.maximum(highest[row - 1], values[row])
        low = np.minimum(lowest[row - 1], values[row])
        better = high - low < highest[row] - lowest[row]
        np.copyto(highest[row], high, where=better)
        np.copyto(lowest[row], low, where=better)


def unlike_border(lab: Lab, open_bottom: bool) -> Map:
    """Mahalanobis distance to the colours along each side of the photo, summed over the sides
    except the most distant one, which the subject may well touch."""
    h, w = lab.shape[:2]
    band = max(1, round(0.08 * min(h, w)))
    sides = [lab[:band], lab[:, :band], lab[:, -band:]]
    if not open_bottom:
        sides.append(lab[-band:])
    distances = []
    for side in sides:
        colours = side.reshape(-1, 3)
        spread = np.linalg.inv(np.cov(colours.T) + 8 * np.eye(3)).astype(np.float32)
        off = lab - colours.mean(axis=0)
        distance = np.sqrt(np.einsum("hwi,ij,hwj->hw", off, spread, off))
        distances.append(distance / max(float(distance.max()), 1e-6))
    return stretched(np.sum(distances, axis=0) - np.max(distances, axis=0))


def sharpness(lab: Lab) -> Map:
    """How sharp each pixel is, if the photo's centre is sharper than its border; otherwise 0.

    Sharpness is the fine detail around a pixel, on a logarithmic scale.
    """
    h, w = lab.shape[:2]
    detail = np.abs(lab - cv2.GaussianBlur(lab, (0, 0), 1)).max(axis=2)
    detail = cv2.GaussianBlur(np.log1p(detail), (0, 0), max(h, w) / 56)
    edge = detail[border((h, w), max(1, round(0.08 * min(h, w))))]
    y, x = np.mgrid[:h, :w].astype(np.float32)
    centre = np.exp(-(((x / w - 0.5) / 0.25) ** 2) - ((y / h - 0.5) / 0.25) ** 2)
    ratio = float(np.average(detail, weights=centre)) / max(float(np.median(edge)), 1e-3)
    trust = np.float32(np.clip((ratio - 1.1) / 0.6, 0, 1))
    least, most = float(np.percentile(edge, 30)), float(np.percentile(detail, 95))
    in_focus: Map = np.clip((detail - least) / max(most - least, 1e-3), 0, 1).astype(np.float32)
    return trust * in_focus


def threshold(values: Map) -> float:
    """Otsu's threshold between what stands out and what doesn't."""
    return (
        float(cv2.threshold(np.round(values * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)[0])
        / 255
    )


def smooth(lab: Lab) -> Lab:
    """Less noise, which would make paths between similar pixels costly."""
    result: Lab = cv2.GaussianBlur(lab, (0, 0), 1)
    return result


def border(shape: tuple[int, ...], width: int) -> Region:
    """bool (H, W): the frame of `width` pixels along the edges."""
    mask = np.ones(shape, dtype=bool)
    mask[width:-width, width:-width] = False
    return mask


def stretched(values: Map) -> Map:
    """From 0 at the least to 1 at the most; 0 everywhere if all are the same."""
    low, high = float(values.min()), float(values.max())
    return ((values - low) / max(high - low, 1e-6)).astype(np.float32)
