"""What voters look at: the right matte on each side, both on one backdrop."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation.votes import BadBase, Ballot, Base, Collection
from evaluation.votes import pictures as pictures_module
from evaluation.votes.pictures import SIDE, Backdrop, Pictures, Scene
from photos.reading import open_photo
from tests.cuts import cut_of, photo_of
from tests.shops import filled


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return filled(tmp_path)


def seen(file: bytes) -> NDArray[np.uint8]:
    return open_photo(file, "seen.jpg").pixels()


@pytest.mark.parametrize(
    ("backdrop", "colour"),
    [("white", (255, 255, 255)), ("black", (0, 0, 0)), ("magenta", (255, 0, 255))],
)
def test_both_results_stand_on_the_same_colour(
    collection: Collection, backdrop: Backdrop, colour: tuple[int, int, int]
) -> None:
    photo = collection.photos()[0]
    pair = Pictures().pair(collection, Ballot(photo, "square", "round"), backdrop)()
    kept = open_photo(collection.picture(photo), "kept.jpg").pixels()
    assert np.abs(seen(pair.photo).astype(int) - kept).mean() < 3  # all of it, with no backdrop
    for side in map(seen, pair[:2]):
        assert np.abs(side[2, 2].astype(int) - colour).max() < 8
        middle = np.abs(side[200:300, 200:300].astype(int) - kept[200:300, 200:300])
        assert middle.mean() < 3
    left, right = map(seen, pair[:2])
    corner = photo.height // 6 + 8, photo.width // 5 + 8  # of the square, outside the ellipse
    assert np.abs(left[corner].astype(int) - kept[corner]).max() < 12
    assert np.abs(right[corner].astype(int) - colour).max() < 12


def test_each_backdrop_looks_different_and_a_visits_own_picture_takes_the_scenes_place(
    collection: Collection,
) -> None:
    pictures, ballot = Pictures(), Ballot(collection.photos()[0], "square", "round")
    green = Scene("mine", np.full((4, 4, 3), (0, 160, 0), np.uint8))
    made = {
        pictures.pair(collection, ballot, "checkerboard")(),
        pictures.pair(collection, ballot, "blurred")(),
        pictures.pair(collection, ballot, "replaced")(),
        pictures.pair(collection, ballot, "replaced", scene=green)(),
    }
    assert len(made) == 4
    own = seen(pictures.pair(collection, ballot, "replaced", scene=green)().left)
    assert np.abs(own[2, 2].astype(int) - (0, 160, 0)).max() < 8


def test_a_picture_is_made_once_and_anew_for_another_matte(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def make(*told: object) -> bytes:
        made.append(told)
        return b""

    monkeypatch.setattr(pictures_module, "_picture", make)
    pictures, photo = Pictures(), collection.photos()[0]
    for ballot in (Ballot(photo, "square", "round"), Ballot(photo, "round", "square")):
        pictures.pair(collection, ballot, "white")()
    assert len(made) == 2
    entry = collection.entry(photo, "round")
    levels = bytes(cv2.imencode(".png", np.zeros((photo.height, photo.width), np.uint8))[1])
    with collection.base.opened() as base:
        base.execute("UPDATE entries SET png = ? WHERE model = ?", (levels, entry.model))
    pictures.pair(collection, ballot, "white")()
    assert len(made) == 3
    pictures.forget()
    pictures.pair(collection, ballot, "white")()
    assert len(made) == 5


def test_a_large_photo_is_reduced_until_it_is_asked_for_larger(tmp_path: Path) -> None:
    base = Base(tmp_path / "votes.sqlite")
    base.create("Large")
    collection = Collection(base, "Large")
    photo = photo_of(np.zeros((1000, 2000, 3), np.uint8))
    collection.add(cut_of(photo, np.zeros((1000, 2000), np.uint8)))
    ballot = Ballot(collection.photos()[0], "grabcut", "grabcut")
    assert seen(Pictures().pair(collection, ballot, "black")().left).shape == (640, SIDE, 3)
    sharp = Pictures().pair(collection, ballot, "black", side=4096)()
    assert seen(sharp.left).shape == seen(sharp.photo).shape == (1000, 2000, 3)


def test_what_is_gone_is_told(collection: Collection) -> None:
    ballot = Ballot(collection.photos()[0], "square", "other")
    with pytest.raises(BadBase, match="isn't in the collection any more"):
        Pictures().pair(collection, ballot, "white")
