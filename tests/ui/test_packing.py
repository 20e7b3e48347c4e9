"""Whose results the ZIP holds."""

from dataclasses import replace

import numpy as np

from photos.cut import Cut
from photos.photo import PhotoFile
from tests.cuts import left_half_cut, photo_of
from ui.packing import ALL, CHOSEN, taken

PHOTOS = [photo_of(np.full((6, 8, 3), 60 * at, np.uint8), f"{at}.jpg") for at in range(3)]


def made(photo: PhotoFile, name: str) -> Cut:
    cut = left_half_cut(photo, name)
    return replace(cut, spec=replace(cut.spec, label=name.upper()))


CUTS = [made(photo, name) for photo in PHOTOS for name in ("a", "b")]
KEYS = [photo.key for photo in PHOTOS]


def told(results: str, choices: dict[str, str], cuts: list[Cut] = CUTS) -> str:
    return " ".join(f"{cut.photo.stem}{cut.spec.name}" for cut in taken(cuts, results, choices))


def test_the_chosen_one_of_each_photo_or_what_was_chosen_most() -> None:
    assert told(ALL, {KEYS[0]: "b"}) == "0a 0b 1a 1b 2a 2b"
    assert told("B", {KEYS[0]: "a"}) == "0b 1b 2b"
    assert told(CHOSEN, {KEYS[0]: "b", KEYS[1]: "a", KEYS[2]: "b"}) == "0b 1a 2b"
    assert told(CHOSEN, {KEYS[0]: "b"}) == "0b 1b 2b"


def test_a_choice_that_is_not_there_gives_way_to_what_is() -> None:
    """Its model was unticked since, or never ran on that photo."""
    cuts = [cut for cut in CUTS if (cut.photo, cut.spec.name) != (PHOTOS[1], "b")]
    assert told(CHOSEN, {KEYS[0]: "b", KEYS[1]: "b"}, cuts) == "0b 1a 2b"
    assert told(CHOSEN, {KEYS[0]: "gone"}) == "0a 1a 2a"
