"""The worst place of each matte, as small pictures that a page can hold."""

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compositing.background import Colour
from compositing.compose import compose
from evaluation.encoding import decoded, jpeg
from evaluation.measuring import Outcome
from evaluation.records import Measured
from evaluation.sets.reading import BadTruth, Loaded
from photos.photo import PhotoError

QUALITY = 85
MAGENTA = Colour(255, 0, 200)
"""A colour that few photos have: what is left of a background shows on it."""


@dataclass(frozen=True)
class Strip:
    """One photo's worst place, by a model: four JPEGs of one size, as data addresses. cutout: the
    subject as this matte has it, on magenta."""

    case: str
    value: float
    photo: str
    truth: str
    matte: str
    cutout: str


def strip_of(outcome: Outcome, value: float) -> Strip | None:
    """None if the photo or its truth isn't there any more."""
    assert outcome.measured is not None
    try:
        return strip(outcome.case.name, outcome.case.load(), outcome.measured, value)
    except (PhotoError, BadTruth):
        return None


def strip(case: str, loaded: Loaded, measured: Measured, value: float = 0.0) -> Strip:
    """Where a matte is worst. case: the photo's name; value: its score, for whoever ranks by it."""
    crop = measured.worst
    place = slice(crop.y, crop.y + crop.height), slice(crop.x, crop.x + crop.width)
    matte, pixels = decoded(base64.b64decode(crop.png)), np.ascontiguousarray(loaded.pixels[place])
    return Strip(
        case,
        value,
        _address(pixels),
        _address(loaded.truth[place]),
        _address(matte),
        _address(compose(pixels, matte, MAGENTA)),
    )


def _address(picture: NDArray[np.uint8]) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(picture, QUALITY)).decode()}"
