"""One person's voting: nothing counts twice, and what is taken back is asked again."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.votes import BadBase, Collection
from evaluation.votes.booth import Booth
from evaluation.votes.pictures import BACKDROPS
from tests.shops import filled


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return filled(tmp_path)


@pytest.fixture
def booth(collection: Collection) -> Booth:
    return Booth(collection, np.random.default_rng(0))


def test_what_is_said_twice_counts_once(booth: Booth, collection: Collection) -> None:
    first, second = booth.draw("Ann")
    for _ in range(2):
        booth.hear(1, first.id, "left", "Ann")
    (vote,) = collection.votes()
    assert (vote.left, vote.right, vote.verdict) == (first.ballot.left, first.ballot.right, "left")
    assert (vote.voter, vote.visit, vote.backdrop) == ("Ann", booth.visit, first.backdrop)
    assert booth.draw("Ann")[0] is second
    booth.hear(2, first.id, "right", "Ann")
    assert len(collection.votes()) == 1
    assert booth.late
    booth.hear(3, second.id, "right", "Ann")
    assert not booth.late


def test_what_is_taken_back_is_asked_again_as_it_was(booth: Booth, collection: Collection) -> None:
    first, second = booth.draw("")
    booth.hear(1, first.id, "left", "")
    booth.hear(2, second.id, "both bad", "")
    third, fourth = booth.draw("")
    for _ in range(2):  # it arrives twice
        booth.hear(3, "", None, "")
    assert [cast.verdict for cast in collection.votes()] == ["left"]
    booth.hear(4, "", None, "")
    booth.hear(5, "", None, "")
    assert collection.votes() == []
    assert list(booth.draw("")) == [first, second, third, fourth]


def test_the_next_ballot_is_another_one(collection: Collection) -> None:
    for seed in range(20):
        one, other = Booth(collection, np.random.default_rng(seed)).draw("")
        assert (one.ballot.photo, {one.ballot.left, one.ballot.right}) != (
            other.ballot.photo, {other.ballot.left, other.ballot.right},
        )  # fmt: skip


def test_the_backdrop_is_drawn_unless_it_is_fixed(booth: Booth) -> None:
    seen = set()
    for number in range(1, 80):
        drawn = booth.draw("")[0]
        seen.add(drawn.backdrop)
        booth.hear(number, drawn.id, "left", "")
    assert seen == set(BACKDROPS)
    before = [each.id for each in booth.open]
    fixed = booth.draw("", "magenta")
    assert {each.backdrop for each in fixed} == {"magenta"}
    assert [each.id for each in fixed][: len(before)] == before


def test_a_deleted_collection_is_told(booth: Booth, collection: Collection) -> None:
    drawn = booth.draw("")[0]
    collection.base.delete("Shop")
    with pytest.raises(BadBase, match="isn't in the collection any more"):
        booth.hear(1, drawn.id, "left", "")


def test_one_result_alone_is_nothing_to_ask(tmp_path: Path) -> None:
    assert list(Booth(filled(tmp_path, models=["round"])).draw("")) == []
