"""The worst place of each matte, as small pictures that a page can hold."""

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compositing.background import Colour
from compositing.compose import compose
from evaluation.encoding import decoded, jpeg
from evaluation.measuring import Outcome
from evaluation.sets.reading import BadTruth, read_truth
from photos.photo import PhotoError
from photos.reading import read_photo

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


def strip(outcome: Outcome, value: float) -> Strip | None:
    """None if the photo or its truth isn't there any more."""
    assert outcome.measured is not None
    try:
        photo = read_photo(outcome.case.photo)
        truth = read_truth(outcome.case.truth, photo)
    except (PhotoError, BadTruth):
        return None
    crop = outcome.measured.worst
    place = slice(crop.y, crop.y + crop.height), slice(crop.x, crop.x + crop.width)
    matte, pixels = decoded(base64.b64decode(crop.png)), np.ascontiguousarray(photo.pixels()[place])
    return Strip(
        outcome.case.name,
        value,
        _address(pixels),
        _address(truth[place]),
        _address(matte),
        _address(compose(pixels, matte, MAGENTA)),
    )


def _address(picture: NDArray[np.uint8]) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(picture, QUALITY)).decode()}"
