"""The structure measure: whether a matte is built as the truth is."""

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.levels import Levels, Values, subject_of

_EPSILON = np.spacing(1)


def s_measure(matte: Levels, truth: Levels) -> float:
    """S = (object + region) / 2, in [0, 1].

    object: how bright and even the matte is on the subject and, inverted, on the background.
    region: the similarity (SSIM) of the four parts into which the subject's centre cuts the
    picture; a part without pixels counts 0. Fan, Cheng, Liu, Li, Borji: Structure-measure, ICCV
    2017.
    """
    values, subject = matte / 255, subject_of(truth)
    share = float(subject.mean())
    if share in (0, 1):
        return float(values.mean() if share else 1 - values.mean())
    alike = share * _even(values[subject]) + (1 - share) * _even(1 - values[~subject])
    height, width = subject.shape
    row, column = (_centre(subject.sum(axis)) for axis in (1, 0))
    parts = [
        (rows, columns)
        for rows in (slice(0, row), slice(row, height))
        for columns in (slice(0, column), slice(column, width))
    ]
    ssim = sum(
        _ssim(values[part], subject[part].astype(np.float64)) * subject[part].size / subject.size
        for part in parts
    )
    return max(0.0, 0.5 * alike + 0.5 * ssim)


def _centre(counts: NDArray[np.int_]) -> int:
    """One behind the mean place; counts: of the subject's pixels in each row or column."""
    return round(float(np.average(np.arange(len(counts)), weights=counts))) + 1


def _even(values: Values) -> float:
    mean, deviation = float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0
    return 2 * mean / (mean * mean + 1 + deviation + float(_EPSILON))


def _ssim(values: Values, truth: Values) -> float:
    if not values.size:
        return 0.0
    mean, true_mean, count = values.mean(), truth.mean(), values.size - 1 + _EPSILON
    away, true_away = values - mean, truth - true_mean
    spread = (np.square(away).sum() + np.square(true_away).sum()) / count
    common = (away * true_away).sum() / count
    alike = 4 * mean * true_mean * common
    unlike = (mean * mean + true_mean * true_mean) * spread
    if alike != 0:
        return float(alike / (unlike + _EPSILON))
    return 1.0 if unlike == 0 else 0.0
