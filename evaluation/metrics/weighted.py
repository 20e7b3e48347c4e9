"""The weighted F-measure: errors near the truth's edge and among its own weigh less."""

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
    subject = subject_of(truth)
    counted = subject if region is None else subject & region
    if not counted.any():
        beyond = matte if region is None else matte[region]
        return 0.0 if beyond.any() else 1.0
    shown = around(cv2.max(matte, truth), REACH)
    matte, subject, counted = matte[shown], subject[shown], counted[shown]
    error = np.abs(matte / 255 - subject)
    leaning = _smoothed(_carried(error, subject))
    weighted = np.where(subject & (leaning < error), leaning, error)
    outside = ~subject.astype(bool)
    wrong = outside & (error > 0)
    distance = cv2.distanceTransform(outside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    weighted[wrong] *= 2 - np.exp(np.log(0.5) / HALVED * _exact(distance[wrong]))
    if region is not None:
        wrong &= region[shown]
    missed = weighted[counted]
    found, recall = len(missed) - missed.sum(), 1 - missed.mean()
    precision = found / (found + weighted[wrong].sum() + _EPSILON)
    return float(2 * recall * precision / (recall + precision + _EPSILON))


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
