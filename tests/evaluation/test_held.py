"""Uploaded photos and truths find each other by name, and what is left out is told."""

import io

import numpy as np
import pytest
from PIL import Image

from evaluation.sets.held import TruthFile, pair
from evaluation.sets.reading import BadTruth
from photos.photo import PhotoFile
from photos.reading import open_photo


def picture(width: int = 30, height: int = 20, level: int = 255) -> bytes:
    file = io.BytesIO()
    levels = np.full((height, width), level, np.uint8)
    levels[:, : width // 2] = 0
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def photos(*names: str) -> dict[str, PhotoFile]:
    return {f"key {name}": open_photo(picture(level=90), name) for name in names}


def truths(*names: str) -> dict[str, TruthFile]:
    return {f"{number}": TruthFile(name, picture()) for number, name in enumerate(names)}


def test_a_truth_is_called_as_its_photo_or_ends_as_truths_do() -> None:
    pairs, told = pair(
        photos("Cat.JPG", "dog.jpg", "mug.png"), truths("cat.png", "dog_alpha.png", "MUG_mask.tif")
    )
    assert [(each.name, each.truth.name) for each in pairs] == [
        ("Cat", "cat.png"), ("dog", "dog_alpha.png"), ("mug", "MUG_mask.tif"),
    ]  # fmt: skip
    assert told == []
    loaded = pairs[0].load()
    assert (loaded.truth[:, 0] == 0).all()
    assert (loaded.truth[:, -1] == 255).all()
    assert len({each.key for each in pairs}) == 3


def test_what_is_left_out_is_told() -> None:
    pairs, told = pair(photos("cat.jpg", "dog.jpg"), truths("cat.png", "cow.png"))
    assert [each.name for each in pairs] == ["cat"]
    assert told == [
        "No photo for cow.png: a truth is called as its photo is, or ends in _mask, _alpha, as "
        "cat.jpg and cat_mask.png.",
        "No truth for dog.jpg, left out.",
    ]
    assert pair(photos("cat.jpg"), {}) == ([], [])  # nothing is missing before truths come


def test_of_two_truths_the_latter_is_used_and_it_is_told() -> None:
    pairs, told = pair(photos("cat.jpg"), truths("cat.png", "cat_mask.png"))
    assert [each.truth.name for each in pairs] == ["cat_mask.png"]
    assert told == ["“cat.png” and “cat_mask.png” are both for “cat.jpg”: the latter is used."]


def test_a_truth_that_is_called_as_two_photos_is_for_none() -> None:
    pairs, told = pair(photos("cat.jpg", "cat.png"), truths("cat.tif"))
    assert pairs == []
    assert told == ["2 photos are called as “cat.tif” is: rename all but one."]


def test_photos_are_tagged_by_the_words_that_some_names_share() -> None:
    pairs, _ = pair(
        photos("hair 1.jpg", "hair 2.jpg", "mug.jpg"), truths("hair 1.png", "hair 2.png", "mug.png")
    )
    assert [each.tags for each in pairs] == [("hair",), ("hair",), ()]


def test_a_bad_truth_is_named() -> None:
    files = {"1": TruthFile("cat.png", picture(31)), "2": TruthFile("dog.png", b"torn")}
    (cat, dog), _ = pair(photos("cat.jpg", "dog.jpg"), files)
    with pytest.raises(BadTruth, match=r"“cat\.png” has 31 × 20 pixels, “cat\.jpg” has 30 × 20"):
        cat.load()
    with pytest.raises(BadTruth, match=r"“dog\.png” can't be read"):
        dog.load()
