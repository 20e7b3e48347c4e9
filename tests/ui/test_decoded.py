"""Pixels that are decoded once for who looks at a photo and then runs a model on it."""

import dataclasses
import gc

import numpy as np
import pytest

from photos.photo import PhotoFile
from photos.samples import SAMPLES
from ui.decoded import LatestPixels


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of photos, one each time that one is decoded."""
    names, pixels = list[str](), PhotoFile.pixels

    def counted(photo: PhotoFile) -> object:
        names.append(photo.name)
        return pixels(photo)

    monkeypatch.setattr(PhotoFile, "pixels", counted)
    return names


def test_the_latest_photo_is_decoded_once(decoded: list[str]) -> None:
    latest, cup, cat = LatestPixels(), SAMPLES[2].open(), SAMPLES[1].open()
    first = latest.of(cup)
    assert latest.of(cup) is first
    assert latest.of(cat).shape == (cat.height, cat.width, 3)
    np.testing.assert_array_equal(latest.of(cup), first)
    assert decoded == [cup.name, cat.name, cup.name]


def test_they_go_with_their_photo() -> None:
    latest, cup = LatestPixels(), SAMPLES[2].open()
    own = dataclasses.replace(cup)  # samples stay open
    latest.of(own)
    assert latest.held
    del own
    gc.collect()
    assert not latest.held
