"""Collections for voting: nothing is kept before one is begun, nothing stays when it's deleted."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from evaluation.encoding import decoded
from evaluation.votes import (
    BadBase,
    Ballot,
    Base,
    Cast,
    Collection,
    Shown,
    Verdict,
    next_ballot,
    person,
    ratings,
    steadiness,
)
from evaluation.votes import base as votes_base
from models.catalog import GRABCUT, U2NETP
from models.catalog import find as find_model
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.reading import open_photo
from photos.samples import SAMPLES
from tests.cuts import cut_of, red_photo

ROOT = Path(__file__).parents[2]
MODELS = (GRABCUT, U2NETP, find_model("ben2"))


def cut(photo: PhotoFile, number: int) -> Cut:
    levels = np.full((photo.height, photo.width), 64 * number, np.uint8)
    return cut_of(photo, levels, spec=MODELS[number], seconds={"network": 0.5}, revision="abc")


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "data" / "votes.sqlite")


@pytest.fixture
def collection(base: Base) -> Collection:
    base.create("Shop")
    made = Collection(base, "shop")
    for number, sample in enumerate(SAMPLES):
        for model in range(3):
            made.add(cut(sample.open(), model), tags=("even",) * (number % 2 == 0))
    return made


def cast_of(ballot: Ballot, verdict: Verdict, voter: str) -> Cast:
    return Cast(ballot.photo.key, "", (), ballot.left, ballot.right, verdict, voter, "", "", "")


def ballots(collection: Collection) -> list[tuple[Shown, list[str]]]:
    return [(photo, list(collection.entries(photo))) for photo in collection.photos()]


def test_nothing_is_kept_before_a_collection_is_begun(base: Base) -> None:
    assert base.names() == []
    with pytest.raises(BadBase, match=r"no collection called “x”\. There are: none"):
        Collection(base, "x")
    assert not base.path.parent.exists()


def test_what_is_kept_is_told_again(collection: Collection) -> None:
    first = collection.photos()[0]
    assert (first.name, first.tags, first.width, first.height) == (
        "portrait.png", ("even",), 512, 512,
    )  # fmt: skip
    entry = collection.entries(first)["u2netp"]
    assert (entry.label, entry.family, entry.revision, entry.seconds) == (
        "U²-Net-P", "onnx", "abc", 0.5,
    )  # fmt: skip
    assert (decoded(entry.png) == 64).all()
    assert collection.models()["ben2"] == "BEN2"
    kept = open_photo(collection.picture(first), "kept.jpg")
    assert np.abs(kept.pixels().astype(int) - SAMPLES[0].open().pixels()).mean() < 3
    assert not kept.exif


def test_a_photos_place_isnt_kept(base: Base) -> None:
    base.create("c")
    collection = Collection(base, "c")
    collection.add(cut(red_photo(gps=True), 0))
    assert b"Exif" not in collection.picture(collection.photos()[0])


def test_a_second_matte_by_a_model_takes_the_firsts_place(collection: Collection) -> None:
    photo = SAMPLES[0].open()
    collection.add(replace(cut(photo, 1), revision="new"))
    assert len(collection.photos()) == 3
    assert collection.entries(collection.photos()[0])["u2netp"].revision == "new"


def test_votes_are_on_the_matte_that_was_shown(collection: Collection) -> None:
    photo, other = collection.photos()[:2]
    for each in (photo, other):
        collection.vote(Ballot(each, "u2netp", "grabcut"), "left")
        collection.vote(Ballot(each, "ben2", "grabcut"), "left")
    collection.add(cut(SAMPLES[0].open(), 1))
    assert len(collection.votes()) == 4  # the same matte
    changed = np.full((photo.height, photo.width), 9, np.uint8)
    collection.add(cut_of(SAMPLES[0].open(), changed, spec=U2NETP))
    assert [(cast.name, cast.left) for cast in collection.votes()] == [
        ("portrait.png", "ben2"), (other.name, "u2netp"), (other.name, "ben2"),
    ]  # fmt: skip


def test_tags_are_added_to_a_photo_that_is_there(collection: Collection) -> None:
    collection.add(cut(SAMPLES[0].open(), 1), ("hair", "even"))
    collection.add(cut(SAMPLES[0].open(), 1))
    assert collection.photos()[0].tags == ("even", "hair")


def test_a_collection_that_is_deleted_meanwhile_is_told(base: Base, collection: Collection) -> None:
    base.delete("Shop")
    with pytest.raises(BadBase, match="“Shop” was deleted meanwhile"):
        collection.add(cut(SAMPLES[0].open(), 1))


def test_what_cuts_took_is_told_without_their_pictures(collection: Collection) -> None:
    assert collection.spent() == {name: [(0.5, 1)] * 3 for name in collection.models()}
    assert collection.entry(collection.photos()[0], "ben2").label == "BEN2"


@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)"])
def test_no_voters_name_is_a_formula_in_a_spreadsheet(collection: Collection, name: str) -> None:
    collection.vote(Ballot(collection.photos()[0], "grabcut", "u2netp"), "left", name)
    assert f",'{name}," in collection.as_csv().decode()


def test_names_are_one_whatever_their_case_and_taken_once(base: Base) -> None:
    base.create("Shop")
    with pytest.raises(BadBase, match="already"):
        base.create("shop ")
    with pytest.raises(BadBase, match="Give the collection a name"):
        base.create("  ")
    assert base.names() == ["Shop"]


def test_votes_are_counted_and_taken_back(collection: Collection) -> None:
    photo = collection.photos()[0]
    first = collection.vote(Ballot(photo, "grabcut", "u2netp"), "right", " Ann ", "white")
    collection.vote(Ballot(photo, "u2netp", "ben2"), "both bad")
    collection.take_back(first)
    (cast,) = collection.votes()
    assert (cast.left, cast.right, cast.verdict, cast.voter) == ("u2netp", "ben2", "both bad", "")
    assert cast.tags == ("even",)


def test_a_deleted_collection_leaves_nothing(base: Base, collection: Collection) -> None:
    base.create("other")
    collection.vote(Ballot(collection.photos()[0], "grabcut", "u2netp"), "left", "Ann Marker")
    base.delete("Shop")
    assert base.names() == ["other"]
    for file in base.path.parent.iterdir():
        held = file.read_bytes()
        assert b"Ann Marker" not in held
        assert b"portrait.png" not in held
        assert b"\xff\xd8\xff" not in held
    assert base.path.stat().st_size < 100_000


def test_exports_hold_the_votes_and_no_pictures(collection: Collection) -> None:
    collection.vote(
        Ballot(collection.photos()[1], "grabcut", "u2netp"), "left", "Zoë, 2nd", "white"
    )
    lines = collection.as_csv().decode().splitlines()
    assert lines[0] == "photo,name,tags,left,right,verdict,voter,visit,backdrop,at"
    assert ',cat.png,,grabcut,u2netp,left,"Zoë, 2nd",,white,' in lines[1]
    told = json.loads(collection.as_json())
    assert told["votes"][0]["verdict"] == "left"
    assert told["photos"][0]["entries"][0]["model"] == "ben2"
    assert "png" not in told["photos"][0]["entries"][0]


def test_ratings_are_of_those_that_were_voted_on(collection: Collection) -> None:
    for photo in collection.photos():
        for _ in range(4):
            collection.vote(Ballot(photo, "u2netp", "grabcut"), "left")
            collection.vote(Ballot(photo, "grabcut", "ben2"), "right")
            collection.vote(Ballot(photo, "u2netp", "ben2"), "both good")
    told = ratings(collection.votes(), list(collection.models()), rounds=50)
    assert told["u2netp"].elo == pytest.approx(told["ben2"].elo)
    assert told["grabcut"].elo < told["u2netp"].elo - 100
    assert told["grabcut"].votes == 24


def test_ballots_ask_for_what_tells_most_and_change_sides(collection: Collection) -> None:
    chance, held = np.random.default_rng(0), ballots(collection)
    shown: list[Cast] = []
    for number in range(300):
        ballot = next_ballot(held, shown, person(f"{number}", ""), chance)
        assert ballot is not None
        shown.append(cast_of(ballot, "left", f"{number}"))  # whatever is shown there
    pairs = Counter(frozenset((cast.left, cast.right)) for cast in shown)
    assert min(pairs.values()) > 60
    for pair in pairs:
        one, _ = sorted(pair)
        left = sum(cast.left == one for cast in shown if {cast.left, cast.right} == pair)
        assert abs(left - pairs[pair] / 2) <= 1
    photos = Counter(cast.photo for cast in shown)
    assert max(photos.values()) < 2 * min(photos.values())


def test_a_voter_sees_each_photo_before_one_again_and_a_few_turned_around(
    collection: Collection,
) -> None:
    chance, held, votes = np.random.default_rng(1), ballots(collection), list[Cast]()
    for _ in range(200):
        ballot = next_ballot(held, votes, person("Ann", ""), chance)
        assert ballot is not None
        votes.append(cast_of(ballot, "left" if ballot.left < ballot.right else "right", "Ann"))
    first = votes[:9]
    assert len({(cast.photo, frozenset((cast.left, cast.right))) for cast in first}) >= 7
    same, again = steadiness(votes)
    assert again > 20
    assert same == again


def test_without_two_mattes_of_a_photo_there_is_nothing_to_ask(collection: Collection) -> None:
    photo = collection.photos()[0]
    assert next_ballot([(photo, ["grabcut"])], [], "", np.random.default_rng(0)) is None
    assert next_ballot([], [], "", np.random.default_rng(0)) is None


def test_several_processes_vote_at_once(collection: Collection) -> None:
    program = dedent(f"""
        import sys
        from pathlib import Path
        from evaluation.votes import Ballot, Base, Collection

        collection = Collection(Base(Path({str(collection.base.path)!r})), "Shop")
        photo = collection.photos()[0]
        for _ in range(25):
            collection.vote(Ballot(photo, "grabcut", "u2netp"), "left", sys.argv[1])
    """)
    words = [sys.executable, "-c", program]
    voters = [subprocess.Popen([*words, name], cwd=ROOT) for name in ("Ann", "Ben")]
    for voter in voters:
        assert voter.wait() == 0
    assert Counter(cast.voter for cast in collection.votes()) == {"Ann": 25, "Ben": 25}


def test_a_killed_voter_loses_no_vote_that_was_cast(collection: Collection) -> None:
    program = dedent(f"""
        import time
        from pathlib import Path
        from evaluation.votes import Ballot, Base, Collection

        collection = Collection(Base(Path({str(collection.base.path)!r})), "Shop")
        photo = collection.photos()[0]
        for number in range(1000):
            collection.vote(Ballot(photo, "grabcut", "u2netp"), "left")
            print(number, flush=True)
    """)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    told += [int(line) for line in process.stdout]
    process.wait()
    process.stdout.close()
    assert len(told) <= len(collection.votes()) <= len(told) + 1


def test_people_without_a_name_are_told_apart_by_their_visits(collection: Collection) -> None:
    photo = collection.photos()[0]
    ballot, turned = Ballot(photo, "grabcut", "u2netp"), Ballot(photo, "u2netp", "grabcut")
    collection.vote(ballot, "left", visit="one")
    collection.vote(turned, "left", visit="two")
    assert steadiness(collection.votes()) == (0, 0)
    collection.vote(turned, "right", visit="one")
    assert steadiness(collection.votes()) == (1, 1)


def test_a_page_that_is_behind_votes_on_nothing_else(base: Base, collection: Collection) -> None:
    """Its collection was deleted, another begun meanwhile: no number means something else now."""
    ballot = Ballot(collection.photos()[0], "grabcut", "u2netp")
    vote = collection.vote(ballot, "left")
    base.delete("Shop")
    base.create("Shop")
    other = Collection(base, "Shop")
    for model in range(2):
        other.add(cut(SAMPLES[1].open(), model))
    other.vote(Ballot(other.photos()[0], "grabcut", "u2netp"), "right")
    with pytest.raises(BadBase, match="isn't in the collection any more"):
        collection.vote(ballot, "left")
    collection.take_back(vote)
    assert [cast.verdict for cast in other.votes()] == ["right"]


def test_a_file_of_an_older_version_keeps_its_votes(
    base: Base, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.vote(Ballot(collection.photos()[0], "grabcut", "u2netp"), "left", "Ann")
    newer = (*votes_base._VERSIONS, "ALTER TABLE votes ADD COLUMN mood TEXT; CREATE TABLE a (b)")
    monkeypatch.setattr(votes_base, "_VERSIONS", newer)
    assert [cast.voter for cast in collection.votes()] == ["Ann"]
    with base.opened() as file:
        assert file.execute("PRAGMA user_version").fetchone() == (2,)
        assert file.execute("SELECT mood FROM votes").fetchall() == [(None,)]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadBase, match=r"can't be made: .*Set CUTOUT_DATA"):
        Base(tmp_path / "file" / "data" / "votes.sqlite").create("a")


def test_files_that_are_no_votes_are_refused(base: Base, tmp_path: Path) -> None:
    base.create("a")
    with sqlite3.connect(base.path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(BadBase, match="newer version"):
        base.names()
    (tmp_path / "text").write_text("not a database at all, though there is something in it" * 30)
    with pytest.raises(BadBase, match="can't be used"):
        Base(tmp_path / "text").names()
