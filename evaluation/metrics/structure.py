"""The structure measure: whether a matte is built as the truth is."""

import math

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.levels import Levels, Region, subject_of

type Counts = NDArray[np.int64]

_EPSILON = float(np.spacing(1))
_LEVELS = np.arange(256)


def s_measure(matte: Levels, truth: Levels) -> float:
    """S = (object + region) / 2, in [0, 1].

    object: how bright and even the matte is on the subject and, inverted, on the background.
    region: the similarity (SSIM) of the four parts into which the subject's centre cuts the
    picture; a part without pixels counts 0. Fan, Cheng, Liu, Li, Borji: Structure-measure, ICCV
    2017.
    """
    subject = subject_of(truth)
    height, width = subject.shape
    share = np.count_nonzero(subject) / subject.size
    if share in (0, 1):
        mean = float(matte.mean(dtype=np.float64)) / 255
        return mean if share else 1 - mean
    row, column = (_centre(np.count_nonzero(subject, axis)) for axis in (1, 0))
    parts = [
        _counted(matte[rows, columns], subject[rows, columns])
        for rows in (slice(0, row), slice(row, height))
        for columns in (slice(0, column), slice(column, width))
    ]
    beside, on = np.sum(parts, axis=0).T
    alike = share * _even(on) + (1 - share) * _even(beside[::-1])
    ssim = sum(_ssim(part) * part.sum() / subject.size for part in parts)
    return max(0.0, float(0.5 * alike + 0.5 * ssim))


def _counted(matte: Levels, subject: Region) -> Counts:
    """How many pixels have which level, beside the subject and on it: `int64 (256, 2)`."""
    both = (matte.astype(np.int64) << 1) + subject
    return np.bincount(both.ravel(), minlength=512).reshape(256, 2)


def _centre(counts: NDArray[np.int_]) -> int:
    """One behind the mean place; counts: of the subject's pixels in each row or column."""
    return round(float(np.average(np.arange(len(counts)), weights=counts))) + 1


def _even(counts: Counts) -> float:
    """How bright and even opacities are; counts: of pixels at each level."""
    count = int(counts.sum())
    mean = float(counts @ _LEVELS) / (255 * count)
    squares = float(counts @ np.square(_LEVELS / 255 - mean))
    deviation = math.sqrt(squares / (count - 1)) if count > 1 else 0.0
    return 2 * mean / (mean * mean + 1 + deviation + _EPSILON)


def _ssim(counts: Counts) -> float:
    pixels = int(counts.sum())
    if not pixels:
        return 0.0
    mean, true_mean = float(counts.sum(1) @ _LEVELS) / (255 * pixels), counts[:, 1].sum() / pixels
    away, true_away = (_LEVELS / 255 - mean)[:, None], np.array((0, 1)) - true_mean
    count = pixels - 1 + _EPSILON
    spread = ((counts * away**2).sum() + (counts * true_away**2).sum()) / count
    common = (counts * away * true_away).sum() / count
    alike = 4 * mean * true_mean * common
    unlike = (mean * mean + true_mean * true_mean) * spread
    if alike != 0:
        return float(alike / (unlike + _EPSILON))
    return 1.0 if unlike == 0 else 0.0
