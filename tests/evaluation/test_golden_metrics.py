"""Metrics against numbers of the reference implementations (pysodmetrics 1.6.2 unstretched, mmagic
1.2.0, the published boundary IoU), on 13 small pictures. `gradient` has none: it is the prototype's
own unstretched variant."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evaluation.metrics.bands import UNKNOWN, known, trimap_of
from evaluation.metrics.levels import Levels, Pairs, levels_of, pairs_of, subject_of
from evaluation.metrics.matting import connectivity, gradient, gradient_p3m, mad, mse, sad
from evaluation.metrics.segmentation import boundary_iou, e_curve, f_curve, iou
from evaluation.metrics.structure import s_measure
from evaluation.metrics.weighted import weighted_f

DATA = Path(__file__).parents[1] / "data" / "evaluation"
CASES = np.load(DATA / "golden_cases.npz")
TRIMAPS = np.load(DATA / "golden_trimaps_r5.npz")
GOLDEN = json.loads((DATA / "golden_metrics.json").read_text())

# What double precision costs in another order of summation; the mildest of the mistakes that were
# tried (a threshold off by one level) moves numbers by 1e-4.
EXACT = 1e-12
SINGLE = 1e-6
"""The P3M gradients' reference computes in single precision."""

PIXELWISE: dict[str, Callable[[Pairs], float]] = {
    "iou": iou,
    "f_max": lambda pairs: float(f_curve(pairs).max()),
    "e_max": lambda pairs: float(e_curve(pairs).max()),
    "e_mean": lambda pairs: float(e_curve(pairs).mean()),
    "sad": sad,
    "mse": mse,
    "mad": mad,
}


def by_pairs(name: str) -> Callable[..., float]:
    return lambda *given: PIXELWISE[name](pairs_of(*given))


SEGMENTATION: dict[str, Callable[..., float]] = {
    **{name: by_pairs(name) for name in ("iou", "f_max", "e_max", "e_mean")},
    "f_weighted": weighted_f,
    "s_measure": s_measure,
    "boundary_iou": boundary_iou,
    "mae_of_hard_truth": lambda matte, truth: by_pairs("mad")(matte, levels_of(subject_of(truth))),
}
MATTING: dict[str, Callable[..., float]] = {
    **{name: by_pairs(name) for name in ("sad", "mse", "mad")},
    "gradient": gradient,
    "gradient_stretched": lambda *given: gradient(*given, stretched=True),
    "connectivity": connectivity,
}


def pair(case: str) -> tuple[Levels, Levels]:
    return levels_of(CASES[f"{case}/pred"]), levels_of(CASES[f"{case}/truth"])


@pytest.mark.parametrize("metric", SEGMENTATION)
@pytest.mark.parametrize("case", GOLDEN)
def test_masks_are_measured_as_the_references_do(case: str, metric: str) -> None:
    wanted = GOLDEN[case]["segmentation"][metric]
    measured = SEGMENTATION[metric](*pair(case))
    if wanted is None:  # the reference gives no number: 0 times an empty part
        assert 0 <= measured <= 1
    else:
        assert measured == pytest.approx(wanted, abs=EXACT, rel=EXACT)


@pytest.mark.parametrize("metric", MATTING)
@pytest.mark.parametrize("case", GOLDEN)
def test_mattes_are_measured_as_the_references_do(case: str, metric: str) -> None:
    wanted = GOLDEN[case]["matting"][metric]
    assert MATTING[metric](*pair(case)) == pytest.approx(wanted, abs=EXACT, rel=1e-10)


@pytest.mark.parametrize("case", GOLDEN)
def test_the_other_scale_of_gradients_is_measured_too(case: str) -> None:
    wanted = GOLDEN[case]["matting"]["gradient_p3m"]
    assert gradient_p3m(*pair(case)) == pytest.approx(wanted, abs=SINGLE, rel=SINGLE)


@pytest.mark.parametrize("metric", MATTING)
@pytest.mark.parametrize("case", GOLDEN)
def test_in_the_unknown_band_too(case: str, metric: str) -> None:
    matte, truth = pair(case)
    trimap = TRIMAPS[case]
    wanted = GOLDEN[case]["matting_in_band"][metric]
    measured = MATTING[metric](known(matte, trimap), truth, trimap == UNKNOWN)
    assert measured == pytest.approx(wanted, abs=EXACT, rel=1e-10)


@pytest.mark.parametrize("case", GOLDEN)
def test_trimaps_are_the_references(case: str) -> None:
    assert (trimap_of(pair(case)[1], 5) == TRIMAPS[case]).all()
