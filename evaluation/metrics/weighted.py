"""The weighted F-measure: errors near the truth's edge and among its own weigh less."""

from collections.abc import Sequence

import cv2
import numpy as np

from evaluation.metrics.levels import Levels, Region, Values, around, subject_of

SIGMA, REACH = 5, 3
"""Of the Gaussian by which a missed pixel leans on its neighbours: 7 × 7 pixels."""

HALVED = 5
"""Pixels from the subject within which what a wrong pixel costs beyond 1 is halved."""

_EPSILON = np.spacing(1)


def weighted_f(matte: Levels, truth: Levels, region: Region | None = None) -> float:
    """F of weighted errors, β = 1, in [0, 1]. region: where errors count.

    A missed pixel is excused by what its neighbours found; a wrong one costs 1 beside the subject
    and up to 2 far from it. Where truth and matte are empty it is 1. Margolin, Zelnik-Manor, Tal:
    How to evaluate foreground maps, CVPR 2014.
    """
    return weighted_fs(matte, truth, [region])[0]


def weighted_fs(matte: Levels, truth: Levels, regions: Sequence[Region | None]) -> list[float]:
    """The same for several regions, None being the whole picture: errors are weighted once."""
    subject = subject_of(truth)
    shown = around(cv2.max(matte, truth), REACH)
    near = subject[shown]
    weighted, wrong = _weighted(matte[shown], near) if near.any() else (None, near)
    told = []
    for region in regions:
        inside = np.True_ if region is None else region[shown]
        missed = None if weighted is None else weighted[near & inside]
        if weighted is None or missed is None or not missed.size:
            beyond = matte if region is None else matte[region]
            told.append(0.0 if beyond.any() else 1.0)
            continue
        found, recall = missed.size - missed.sum(), 1 - missed.mean()
        precision = found / (found + weighted[wrong & inside].sum() + _EPSILON)
        told.append(float(2 * recall * precision / (recall + precision + _EPSILON)))
    return told


def _weighted(matte: Levels, subject: Region) -> tuple[Values, Region]:
    """What each pixel's error counts, and which pixels outside the subject have one."""
    error = np.abs(matte / 255 - subject)
    leaning = _smoothed(_carried(error, subject))
    weighted = np.where(subject & (leaning < error), leaning, error)
    wrong = ~subject & (error > 0)
    outside = (~subject).view(np.uint8)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    weighted[wrong] *= 2 - np.exp(np.log(0.5) / HALVED * _exact(distance[wrong]))
    return weighted, wrong


def _smoothed(error: Values) -> Values:
    row = np.exp(-(np.arange(-REACH, REACH + 1) ** 2) / (2 * SIGMA**2))
    row /= row.sum()
    smoothed: Values = cv2.sepFilter2D(error, cv2.CV_64F, row, row, borderType=cv2.BORDER_CONSTANT)
    return smoothed


def _carried(error: Values, subject: Region) -> Values:
    """Errors in which each pixel outside the subject has that of its nearest pixel inside, as far
    as smoothing reaches. Of several nearest ones, the leftmost counts, then the uppermost."""
    square = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    near = cv2.dilate(subject.astype(np.uint8), square).astype(bool) & ~subject
    rows, columns = np.nonzero(near)
    carried, waiting = error.copy(), np.arange(len(rows))
    height, width = subject.shape
    for down, right in _offsets():
        y, x = rows[waiting] + down, columns[waiting] + right
        there = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        there[there] = subject[y[there], x[there]]
        done = waiting[there]
        carried[rows[done], columns[done]] = error[y[there], x[there]]
        waiting = waiting[~there]
    return carried


def _offsets() -> list[tuple[int, int]]:
    """(down, right) from near to far: as far as a corner of the smoothing's square."""
    side = range(-REACH - 1, REACH + 2)
    return sorted(
        ((down, right) for down in side for right in side),
        key=lambda step: (step[0] ** 2 + step[1] ** 2, step[1], step[0]),
    )


def _exact(distance: Values) -> Values:
    """The distances in double precision: their squares are whole numbers."""
    return np.sqrt(np.rint(np.square(distance.astype(np.float64))))
