"""How good a matte is, held against a truth.

Every metric is computed from levels, round(255 × opacity), and nothing is stretched. Those that can
be restricted to a region are told twice: over the whole picture, and in the *edge band* alone,
where models differ. The band is the unknown part of a trimap: the data set's own, or one drawn
around all that is soft in the truth, whose radius belongs beside each number. There, as matting
benchmarks demand it, the matte's sure pixels are replaced by the truth's before gradients and
connectivity are told.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluation.metrics import matting, segmentation
from evaluation.metrics.bands import UNKNOWN, known, radius_of, trimap_of
from evaluation.metrics.levels import Levels, Pairs, Values, pairs_of
from evaluation.metrics.structure import s_measure
from evaluation.metrics.weighted import weighted_fs

__all__ = ["METRICS", "Metric", "Scores", "find", "score"]

EDGE = "edge_"
"""How the name of a metric begins that looks at the edge band alone."""


@dataclass(frozen=True)
class Metric:
    """name: its key in `Scores.values`. label: for people. better: in which direction. unit: what
    it counts in; empty for shares of 1. meaning: what it tells, in a sentence without the field's
    terms. paper: where it comes from."""

    name: str
    label: str
    better: Literal["higher", "lower"]
    unit: str
    meaning: str
    paper: str

    @property
    def in_edge_band(self) -> bool:
        return self.name.startswith(EDGE)


def _both(
    name: str, label: str, better: Literal["higher", "lower"], unit: str, meaning: str, paper: str
) -> tuple[Metric, Metric]:
    in_band = f"{meaning} Counted only along the subject's edge, where models differ."
    return (
        Metric(name, label, better, unit, meaning, paper),
        Metric(EDGE + name, f"{label}, edge band", better, unit, in_band, paper),
    )


_RHEMANN = "Rhemann et al., CVPR 2009"

METRICS: tuple[Metric, ...] = (
    *_both(
        "mad", "MAD", "lower", "", "How far a pixel's opacity is off on average: 0.01 is 1 %.",
        _RHEMANN,
    ),
    *_both(
        "mse", "MSE", "lower", "1/1000",
        "How far opacities are off, squared: a few large mistakes cost more than many small.",
        _RHEMANN,
    ),
    *_both(
        "sad", "SAD", "lower", "1000 px",
        "All mistakes of a photo added up, so that large photos weigh more.", _RHEMANN,
    ),
    *_both(
        "gradient", "Gradient (DIM scale)", "lower", "1000",
        "How much sharper or softer the edges are than they should be.", _RHEMANN,
    ),
    Metric(
        "gradient_p3m", "Gradient (P3M scale)", "lower", "10",
        "How much sharper or softer edges are, on the scale of papers on portraits and animals.",
        "Li et al., ACM MM 2021",
    ),
    *_both(
        "connectivity", "Connectivity", "lower", "1000 px",
        "How much is torn off from the subject, or floats beside it.", _RHEMANN,
    ),
    *_both(
        "iou", "IoU", "higher", "",
        "What matte and truth share, as part of what either covers; 1 is perfect.", "Jaccard 1912",
    ),
    Metric(
        "boundary_iou", "Boundary IoU", "higher", "",
        "How well a thin line inside the subject's outline is followed; 1 is perfect.",
        "Cheng et al., CVPR 2021",
    ),
    *_both(
        "f_max", "max F", "higher", "",
        "How much is found without finding too much, at the best threshold.",
        "Achanta et al., CVPR 2009",
    ),
    *_both(
        "f_weighted", "weighted F", "higher", "",
        "How much is found without finding too much; mistakes far from the subject cost more.",
        "Margolin et al., CVPR 2014",
    ),
    Metric(
        "s_measure", "S-measure", "higher", "",
        "Whether the matte is built as the truth is: in one piece, in the right place.",
        "Fan et al., ICCV 2017",
    ),
    *_both(
        "e_mean", "mean E-measure", "higher", "",
        "How well matte and truth agree pixel by pixel and as a whole, over all thresholds.",
        "Fan et al., IJCAI 2018",
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scores:
    """One matte's. values: by the metrics' names. f_curve: `float64 (256,)`, F at each threshold,
    which over many photos is averaged before its maximum is told. radius: of the edge band, in
    pixels; None where the data set's own trimap told the band. band: the pixels in it."""

    values: dict[str, float]
    f_curve: Values
    radius: int | None
    band: int


def score(matte: Levels, truth: Levels, trimap: Levels | None = None) -> Scores:
    """Every metric of a matte.

    Parameters
    ----------
    matte, truth
        `uint8 (H, W)`: levels of opacity, of one size; `levels_of` makes them from alphas.
    trimap
        `uint8 (H, W)`: 0, 255, and what lies between where the edge is. None: it's drawn around
        the truth's soft pixels.

    Raises
    ------
    ValueError
        If the sizes differ, or there are no pixels.
    """
    if matte.shape != truth.shape or not truth.size:
        raise ValueError(
            f"A matte of {matte.shape} can't be held against a truth of {truth.shape}."
        )
    radius = radius_of(*truth.shape) if trimap is None else None
    if trimap is None:
        trimap = trimap_of(truth, radius_of(*truth.shape))
    else:
        trimap = np.where((trimap == 0) | (trimap == 255), trimap, np.uint8(UNKNOWN))
    band, inside = trimap == UNKNOWN, known(matte, trimap)
    slow: dict[str, Callable[[], float]] = {
        "connectivity": lambda: matting.connectivity(matte, truth),
        "edge_connectivity": lambda: matting.connectivity(inside, truth, band),
        "gradient": lambda: matting.gradient(matte, truth),
        "gradient_p3m": lambda: matting.gradient_p3m(matte, truth),
        "edge_gradient": lambda: matting.gradient(inside, truth, band),
        "s_measure": lambda: s_measure(matte, truth),
        "boundary_iou": lambda: segmentation.boundary_iou(matte, truth),
    }
    # What does the work lets go of Python's lock: two at once take little more than half the time.
    with ThreadPoolExecutor(2) as threads:
        weighted = threads.submit(weighted_fs, matte, truth, [None, band])
        told = {name: threads.submit(metric) for name, metric in slow.items()}
        pairs, at_edge = pairs_of(matte, truth), pairs_of(matte, truth, band)
        values = {name: each.result() for name, each in told.items()}
        values["f_weighted"], values["edge_f_weighted"] = weighted.result()
    values |= _pixelwise(pairs)
    values |= {EDGE + name: value for name, value in _pixelwise(at_edge).items()}
    curve = segmentation.f_curve(pairs)
    return Scores(values, curve, radius, int(np.count_nonzero(band)))


def _pixelwise(pairs: Pairs) -> dict[str, float]:
    return {
        "mad": matting.mad(pairs),
        "mse": matting.mse(pairs),
        "sad": matting.sad(pairs),
        "iou": segmentation.iou(pairs),
        "f_max": float(segmentation.f_curve(pairs).max()),
        "e_mean": float(segmentation.e_curve(pairs).mean()),
    }


def find(name: str) -> Metric:
    """The metric called `name`. Raises KeyError with a sentence."""
    for metric in METRICS:
        if metric.name == name:
            return metric
    raise KeyError(f"There is no metric “{name}”. There are: {', '.join(m.name for m in METRICS)}.")
