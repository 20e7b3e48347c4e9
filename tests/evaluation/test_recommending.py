"""The model to use, by votes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.choice import Limits
from evaluation.ratings import Rating
from evaluation.votes import Ballot, Base, Collection, Verdict
from evaluation.votes.recommending import recommended, same
from models.catalog import GRABCUT, U2NETP
from models.catalog import find as find_model
from photos.samples import SAMPLES
from tests.cuts import cut_of

RMBG = find_model("rmbg-2.0")
SECONDS = {"grabcut": 0.2, "u2netp": 0.5, "rmbg-2.0": 4.0}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    base = Base(tmp_path / "votes.sqlite")
    base.create("Shop")
    made = Collection(base, "Shop")
    for sample in SAMPLES:
        photo = sample.open()
        levels = np.full((photo.height, photo.width), 64, np.uint8)
        for spec in (GRABCUT, U2NETP, RMBG):
            spent = {"network": SECONDS[spec.name]}
            made.add(cut_of(photo, levels, spec=spec, seconds=spent))
    return made


def vote(collection: Collection, left: str, right: str, won: int, lost: int) -> None:
    photos = collection.photos()
    for number in range(won + lost):
        verdict: Verdict = "left" if number < won else "right"
        collection.vote(Ballot(photos[number % len(photos)], left, right), verdict)


def test_votes_name_a_model_under_limits(collection: Collection) -> None:
    vote(collection, "rmbg-2.0", "u2netp", 40, 8)
    vote(collection, "u2netp", "grabcut", 40, 8)
    vote(collection, "rmbg-2.0", "grabcut", 45, 3)
    free = recommended(collection, Limits())
    assert free.spec == RMBG
    assert free.reasons[0] == "For the 3 photos of “Shop”, by 144 votes: RMBG 2.0."
    bound = recommended(collection, Limits(commercial=True))
    assert bound.spec == U2NETP
    assert "RMBG 2.0 is better (p = " in bound.reasons[1]
    assert "not for commercial use" in bound.reasons[1]
    assert recommended(collection, Limits(seconds=0.3)).spec == GRABCUT


def test_too_few_votes_name_none(collection: Collection) -> None:
    vote(collection, "u2netp", "grabcut", 5, 0)
    made = recommended(collection, Limits())
    assert made.spec is None
    assert made.reasons == (
        "Not enough votes on “Shop”: 5 of 9, 3 for every two models. Vote on more.",
    )


def test_ratings_far_apart_are_no_chance() -> None:
    low = Rating(1500, 1450, 1550, 1, 2, 9)
    rated = {
        "a": low,
        "b": replace(low, elo=1600, low=1550, high=1650),
        "c": replace(low, low=-np.inf, high=np.inf),
    }
    assert same(rated, "a", "a") == 1
    # 100 points, and √2 · 100 / 3.92 is the difference's deviation: z = 2.77.
    assert same(rated, "a", "b") == pytest.approx(0.0056, abs=1e-4)
    assert same(rated, "a", "c") == 1
