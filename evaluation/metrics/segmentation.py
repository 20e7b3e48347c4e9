"""How well a matte tells subject from background: metrics of masks.

The truth is made hard (levels above 128); nothing is stretched: a matte that never gets above 0.6
isn't forgiven. Where truth and matte both are empty, the answer
is perfect and IoU and F are 1 here; the reference implementations say 0.
"""

import cv2
import numpy as np

from evaluation.metrics.levels import HALF, Levels, Pairs, Region, Values, hit_of, ratio, subject_of

BETA_SQUARED = 0.3
"""Precision weighs more than recall in F (Achanta et al., CVPR 2009)."""

BOUNDARY = 0.02
"""How wide a boundary is: part of the picture's diagonal (Cheng et al., CVPR 2021)."""

_LEVELS = np.arange(256, dtype=np.uint8)
_HIT, _SUBJECT = np.meshgrid(hit_of(_LEVELS), subject_of(_LEVELS), indexing="ij")
"""Of each pair of levels, whether matte and truth call it subject."""

_EPSILON = float(np.spacing(1))


def iou(pairs: Pairs) -> float:
    """Intersection over union at 0.5, in [0, 1] (Jaccard 1912)."""
    inside, union = _HIT & _SUBJECT, _HIT | _SUBJECT
    return float(pairs[inside].sum() / pairs[union].sum()) if pairs[union].any() else 1.0


def boundary_iou(matte: Levels, truth: Levels) -> float:
    """Intersection over union of the two masks' boundaries, in [0, 1].

    A boundary is what lies within 2 % of the picture's diagonal inside a mask's outline; beyond the
    picture is background. Cheng, Girshick, Dollár, Berg, Kirillov: Boundary IoU, CVPR 2021.
    """
    width = max(1, round(BOUNDARY * float(np.hypot(*truth.shape))))
    one, other = _boundary(hit_of(matte), width), _boundary(subject_of(truth), width)
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0


def f_curve(pairs: Pairs) -> Values:
    """`float64 (256,)`: F with β² = 0.3 of the masks `matte >= 255, 254, … 0`, each in [0, 1].

    F = (1 + β²) P R / (β² P + R). Over many photos the curves are averaged before the largest value
    is taken. Achanta, Hemami, Estrada, Süsstrunk: Frequency-tuned salient region detection, CVPR
    2009.
    """
    found, wrong = _counts(pairs)
    if not found[-1] and not pairs[1:].any():
        return np.ones(256)
    precision, recall = ratio(found, found + wrong), ratio(found, np.full(256, found[-1]))
    both = (1 + BETA_SQUARED) * precision * recall
    return ratio(both, BETA_SQUARED * precision + recall)


def e_curve(pairs: Pairs) -> Values:
    """`float64 (256,)`: the enhanced alignment of the masks `matte >= 255, 254, … 0`.

    Each pixel's mask and truth, less their means, are u and v and agree by 2uv / (u² + v²); E is
    the mean of ((agreement + 1) / 2)². As published, it's divided by one pixel less than there are,
    so that perfect is a little above 1. Fan, Gong, Cao, Ren, Cheng, Borji: Enhanced-alignment
    measure, IJCAI 2018.
    """
    found, wrong = _counts(pairs)
    held, count = float(found[-1]), float(pairs.sum())
    kept = found + wrong
    if held in (0, count):
        total = kept if held else count - kept
        return total / (count - 1 + _EPSILON)
    mean, true_mean = kept / count, held / count
    total = np.zeros(256)
    for pixels, u, v in (
        (found, 1 - mean, 1 - true_mean),
        (wrong, 1 - mean, -true_mean),
        (held - found, -mean, 1 - true_mean),
        (count - kept - (held - found), -mean, -true_mean),
    ):
        total += pixels * (2 * u * v / (u * u + v * v + _EPSILON) + 1) ** 2 / 4
    return total / (count - 1 + _EPSILON)


def _counts(pairs: Pairs) -> tuple[Values, Values]:
    """`float64 (256,)` each: the pixels of subject and background at or above 255, 254, … 0."""
    subject = pairs[:, HALF + 1 :].sum(1)
    found, wrong = (
        np.cumsum(each[::-1]).astype(np.float64) for each in (subject, pairs.sum(1) - subject)
    )
    return found, wrong


def _boundary(mask: Region, width: int) -> Region:
    # One large square takes away as much as `width` small ones, and is quicker.
    square = np.ones((2 * width + 1, 2 * width + 1), np.uint8)
    core = cv2.erode(mask.astype(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    boundary: Region = mask & (core == 0)
    return boundary
