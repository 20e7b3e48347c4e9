"""The model to use, by votes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from evaluation.limits import Limits
from evaluation.votes import Ballot, Base, Collection, Verdict
from evaluation.votes.recommending import recommended
from evaluation.votes.standings import standings
from models.catalog import GRABCUT, U2NETP
from models.catalog import find as find_model
from tests.cuts import cut_of
from tests.shops import filled, small

RMBG = find_model("rmbg-2.0")
SECONDS = {"grabcut": 0.2, "u2netp": 0.5, "rmbg-2.0": 4.0}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return shop(tmp_path, SECONDS)


def shop(folder: Path, seconds: Mapping[str, float]) -> Collection:
    """Six photos, with the results of models. seconds: that each took, by its name."""
    base = Base(folder / "votes.sqlite")
    base.create("Shop")
    made = Collection(base, "Shop")
    for photo in small(6):
        levels = np.full((photo.height, photo.width), 64, np.uint8)
        for name, spent in seconds.items():
            made.add(cut_of(photo, levels, spec=find_model(name), seconds={"network": spent}))
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
    assert (free.spec, free.even) == (RMBG, ())
    assert free.reasons[0] == "For the 6 photos of “Shop”, by 144 votes: RMBG 2.0."
    bound = recommended(collection, Limits(commercial=True))
    assert bound.spec == U2NETP
    assert "RMBG 2.0 is better (their 95 % intervals lie apart)" in bound.reasons[1]
    assert "not for commercial use" in bound.reasons[1]
    assert recommended(collection, Limits(seconds=0.3)).spec == GRABCUT


def test_a_model_that_nobody_voted_on_isnt_named(collection: Collection) -> None:
    vote(collection, "rmbg-2.0", "u2netp", 20, 10)
    none = recommended(collection, Limits(seconds=0.3))
    assert (none.spec, none.undecided) == (None, False)


def test_votes_on_few_photos_name_none(collection: Collection) -> None:
    photo = collection.photos()[0]
    for _ in range(30):
        collection.vote(Ballot(photo, "rmbg-2.0", "u2netp"), "left")
    made = recommended(collection, Limits())
    assert (made.spec, made.undecided) == (None, True)
    assert made.reasons == (
        "Votes on too few photos to tell which model is best: 30 votes on 1 photo so far. It takes "
        "at least 9 votes (3 for each pair of models), on at least 6 photos.",
    )


def test_a_coin_toss_names_no_winner(tmp_path: Path) -> None:
    """As the ratings' table, which has both at ranks 1–2: the same intervals decide."""
    tossed = shop(tmp_path, {"grabcut": 0.5, "u2netp": 0.5})
    vote(tossed, "u2netp", "grabcut", 6, 4)
    made = recommended(tossed, Limits())
    assert (made.spec, made.even) == (U2NETP, (GRABCUT,))
    assert made.reasons[0] == (
        "No difference found between U²-Net-P and GrabCut on the 6 photos of “Shop”, by 10 votes: "
        "either may do."
    )
    assert made.reasons[-1] == "More votes may tell them apart."
    told = standings(tossed.votes(), tossed.models())
    assert [place.rank for place in told.places] == ["1–2", "1–2"]
    assert [place.model for place in told.even] == ["grabcut"]


def test_too_few_votes_name_none(collection: Collection) -> None:
    vote(collection, "u2netp", "grabcut", 5, 0)
    made = recommended(collection, Limits())
    assert (made.spec, made.undecided) == (None, True)
    assert made.reasons == (
        "Too few votes to tell which model is best: 5 votes on 5 photos so far. It takes at least "
        "9 votes (3 for each pair of models), on at least 6 photos.",
    )


def test_a_collection_with_too_few_photos_says_how_many_to_add(tmp_path: Path) -> None:
    made = recommended(filled(tmp_path, models=("round", "square")), Limits())
    assert made.reasons == (
        "Too few votes to tell which model is best: 0 votes on 0 photos so far. It takes at least "
        "6 votes, on at least 6 photos.",
        "“Shop” holds 3 photos: add at least 3.",
    )
