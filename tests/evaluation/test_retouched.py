"""What a person painted is no merit of a model's, and no fault."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from compositing.strokes import Stroke
from evaluation.agreement import agreement
from evaluation.measuring import measured_cut
from evaluation.sets.reading import Loaded
from evaluation.votes import Base, Collection
from models.catalog import find
from photos.retouching import retouched
from tests.cuts import left_half_cut, photo_of, red_photo

PAINT = Stroke(((30, 15, 1),), size=20, aware=False)


def test_models_agree_by_their_own_mattes() -> None:
    photo = photo_of(np.zeros((30, 40, 3), np.uint8))
    cuts = [replace(left_half_cut(photo), spec=find(n), key=n) for n in ("u2netp", "ben2")]
    painted = [retouched(cuts[0], [PAINT]), cuts[1]]
    told = agreement(painted)
    assert told is not None
    assert told.apart == {"u2netp": 0, "ben2": 0}
    assert told.cut.levels()[15, 30] == 0


def test_a_matte_is_voted_on_as_the_model_made_it(tmp_path: Path) -> None:
    base = Base(tmp_path / "votes.sqlite")
    base.create("shop")
    collection, cut = Collection(base, "shop"), left_half_cut(red_photo())
    collection.add(retouched(cut, [PAINT]))
    (photo,) = collection.photos()
    assert collection.entry(photo, "grabcut").png == cut.png()


def test_a_matte_is_measured_as_the_model_made_it() -> None:
    cut = left_half_cut(red_photo())
    loaded = Loaded(cut.photo, cut.levels())
    measured = measured_cut(retouched(cut, [PAINT]), loaded)
    assert measured.values == measured_cut(cut, loaded).values
    assert measured.values["mad"] == 0
