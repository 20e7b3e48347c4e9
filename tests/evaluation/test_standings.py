"""Votes in rows and sentences."""

from pathlib import Path

import pytest

from evaluation.ratings import Rating
from evaluation.votes import Ballot, Collection
from evaluation.votes.standings import Standing, groups, standings
from tests.shops import filled, voted


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return filled(tmp_path)


def test_too_few_votes_give_no_ranking(tmp_path: Path) -> None:
    collection = filled(tmp_path, more=3)
    photos = collection.photos()
    for number in range(8):
        collection.vote(Ballot(photos[number % 6], "round", "square"), "left")
    told = standings(collection.votes(), collection.models())
    assert told.places == ()
    assert "8 votes on 6 photos so far" in told.turnout.missing
    assert told.won[0, 2] == 8
    collection.vote(Ballot(photos[0], "round", "soft"), "both bad")
    assert standings(collection.votes(), collection.models(), rounds=5).places


def test_places_are_in_order_with_shared_ranks(tmp_path: Path) -> None:
    collection = filled(tmp_path, more=3)
    voted(collection, 3)
    told = standings(collection.votes(), collection.models(), rounds=50)
    assert [place.rank for place in told.places] == ["1–2", "1–2", "3"]
    assert told.places[2].label == "Square"
    assert [place.label for place in told.even] == ["Soft"]
    assert told.sentences[0] == (
        "No difference found between Round and Soft by 54 votes: either may do."
    )
    assert told.labels == ("Round", "Soft", "Square")
    assert told.won.tolist() == [[0, 9, 18], [9, 0, 18], [0, 0, 0]]


def test_few_photos_tell_no_ranking_however_many_votes_there_are(collection: Collection) -> None:
    voted(collection, 30)
    told = standings(collection.votes(), collection.models(), rounds=5)
    assert told.places == ()
    assert "270 votes on 3 photos so far" in told.turnout.missing
    assert told.turnout.share == 0.5


def test_a_model_without_votes_has_no_interval() -> None:
    place = Standing("a", "A", Rating(1500, float("-inf"), float("inf"), 1, 3, 0))
    assert (place.rank, place.interval) == ("1–3", "")


def test_votes_go_by_tags_and_by_voters(collection: Collection) -> None:
    voted(collection, 1, "Ann")
    voted(collection, 1, "")
    by_tag = groups(collection.votes(), "tag")
    assert {name: len(votes) for name, votes in by_tag.items()} == {"people": 6, "untagged": 12}
    by_voter = groups(collection.votes(), "voter")
    assert {name: len(votes) for name, votes in by_voter.items()} == {"Ann": 9, "without a name": 9}


def test_how_far_votes_can_be_trusted_is_said_in_words(collection: Collection) -> None:
    photo = collection.photos()[0]
    assert standings([], collection.models()).sentences == ()
    for number in range(9):
        collection.vote(Ballot(photo, "round", "square"), "left", f"{number}")
    (sides,) = standings(collection.votes(), collection.models(), 5).sentences
    assert sides.startswith("The left picture won 100% of 9 decided votes: the left side was")
    collection.vote(Ballot(photo, "square", "round"), "right", "3")
    sentences = standings(collection.votes(), collection.models(), 5).sentences
    assert sentences[1].endswith("the answer was the same 1 of 1 times.")
