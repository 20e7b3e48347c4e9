"""How well a matte draws soft edges: Rhemann et al.'s four errors. Smaller is better, 0 is perfect.

Rhemann, Rother, Wang, Gelautz, Kohli, Rott: A perceptually motivated online benchmark for image
matting, CVPR 2009. Scales are those of the Composition-1k evaluation (Xu, Price, Cohen, Huang: Deep
image matting, CVPR 2017). Each error is summed over a region, or over the whole picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.levels import Levels, Pairs, Region, Values, around

SIGMA = 1.4
"""Of the Gaussian whose derivatives tell gradients."""

STEPS = (26, 51, 77, 102, 128, 154, 179, 204, 230, 255)
"""The least levels that reach 0.1, 0.2 … 1 in the reference's floating point (153 is 0.6 less a
hair's breadth there)."""

THETA = 0.15
"""Differences of opacity below this don't count as disconnected."""

_APART = np.abs(np.arange(256)[:, None] - np.arange(256)) / 255
"""Differences of opacity between levels."""


def sad(pairs: Pairs) -> float:
    """Sum of absolute differences, in thousands of pixels."""
    return float((pairs * _APART).sum() / 1000)


def mad(pairs: Pairs) -> float:
    """Mean absolute difference (MAE), in [0, 1]; 0 in a region without pixels."""
    return float((pairs * _APART).sum() / max(int(pairs.sum()), 1))


def mse(pairs: Pairs) -> float:
    """Mean squared difference, in thousandths; 0 in a region without pixels."""
    return float((pairs * np.square(_APART)).sum() / max(int(pairs.sum()), 1) * 1000)


def gradient(
    matte: Levels, truth: Levels, region: Region | None = None, *, stretched: bool = False
) -> float:
    """Squared differences of the gradients' lengths, in thousands, on the scale of Deep image
    matting: kernels of 9 × 9 pixels whose squares sum to 1.

    stretched: matte and truth are brought to span 0 to 1 first, as published; that doubles the
    error of a faint false subject, so it isn't done here.
    """
    reach = np.arange(-4.0, 5)
    smooth = np.exp(-np.square(reach) / (2 * SIGMA**2))
    slope = -reach * smooth
    smooth, slope = smooth / np.linalg.norm(smooth), slope / np.linalg.norm(slope)
    if stretched:
        where, near = (slice(None), slice(None)), (_spread(matte), _spread(truth))
    else:
        where, near = _apart(matte, truth)
    errors = _gradient_error(near, smooth, slope, cv2.BORDER_REPLICATE)
    return float((errors if region is None else errors[region[where]]).sum() / 1000)


def gradient_p3m(matte: Levels, truth: Levels) -> float:
    """The same on the scale of Li, Zhang, Tao's P3M, GFM and AIM: kernels of unit sum, the whole
    picture, in tens. Numbers of the two scales don't compare."""
    reach = np.arange(-6.0, 7)
    smooth = np.exp(-np.square(reach) / (2 * SIGMA**2))
    smooth /= smooth.sum()
    slope = smooth * reach / SIGMA**2
    _, near = _apart(matte, truth)
    return float(_gradient_error(near, smooth, slope, cv2.BORDER_REFLECT).sum() / 10)


def connectivity(matte: Levels, truth: Levels, region: Region | None = None) -> float:
    """Differences of how far each pixel is connected with the subject, in thousands of pixels.

    At each of ten opacities, the largest 4-connected part of what both show is the subject; a
    pixel's level is the last at which it was within. Where the two have nothing in common, all
    pixels leave at once.
    """
    shown = around(cv2.max(matte, truth), 0)
    matte, truth = matte[shown], truth[shown]
    different = (matte != truth) if region is None else (matte != truth) & region[shown]
    unlike = np.flatnonzero(different)  # where alone an error can be
    common = cv2.min(matte, truth)
    left = np.full(unlike.shape, len(STEPS), np.uint8)  # the step at which a pixel left
    within = np.arange(unlike.size)
    for number, least in enumerate(STEPS):
        if not within.size:
            break
        inside = _in_largest(common >= least, unlike[within])
        left[within[~inside]] = number
        within = within[inside]
    reached = np.arange(0, 1.1, 0.1)
    reached[-1] = 1
    level, shares = reached[left], []
    for each in (matte, truth):
        beyond = each.ravel()[unlike] / 255 - level
        shares.append(1 - beyond * (beyond >= THETA))
    return float(np.abs(shares[0] - shares[1]).sum() / 1000)


def _apart(matte: Levels, truth: Levels) -> tuple[tuple[slice, slice], tuple[Values, Values]]:
    """Where matte and truth differ, with as much around it as no kernel reaches beyond, and their
    opacities there."""
    where = around(cv2.absdiff(matte, truth), 16)
    return where, (matte[where] / 255, truth[where] / 255)


def _gradient_error(
    pair: tuple[Values, Values], smooth: Values, slope: Values, border: int
) -> Values:
    """Squared differences of the gradients' lengths in matte and truth."""
    lengths = [
        cv2.magnitude(
            cv2.sepFilter2D(each, cv2.CV_64F, slope, smooth, borderType=border),
            cv2.sepFilter2D(each, cv2.CV_64F, smooth, slope, borderType=border),
        )
        for each in pair
    ]
    errors: Values = np.square(lengths[0] - lengths[1])
    return errors


def _spread(levels: Levels) -> Values:
    low, high = int(levels.min()), int(levels.max())
    values = levels / 255
    return (values - low / 255) / (high / 255 - low / 255) if high > low else values


def _in_largest(mask: Region, places: NDArray[np.intp]) -> Region:
    """Which of the places, numbered row by row, are in the mask's largest 4-connected part; of
    several, the one that begins first."""
    shown = mask.ravel()[places]
    if not shown.any():
        return shown
    _, labels, facts, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=4)
    largest = 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))
    inside: Region = labels.ravel()[places] == largest
    return inside
