"""Ratings and collections on the command line; tests/e2e/test_voting.py serves voting."""

import csv
import json
import socket
from pathlib import Path

import pytest

from evaluation.votes import Ballot, Collection
from tests.shell import listing, plain, run
from tests.shops import filled, voted


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUTOUT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def shop(data: Path) -> Collection:
    return filled(data)


@pytest.mark.parametrize("verb", ["vote", "ratings"])
def test_without_a_collection_there_is_nothing_and_nothing_is_made(verb: str, data: Path) -> None:
    result = run(verb)
    assert result.exit_code == 2
    assert "There are no collections yet: on the page" in plain(result.stderr)
    result = run(verb, "--collection", "x")
    assert result.exit_code == 2
    assert "no collection called “x”" in plain(result.stderr)
    assert run("collections").exit_code == 0
    assert not data.exists()


def test_ratings_are_told_once_there_are_enough(data: Path) -> None:
    shop = filled(data, more=3)
    shop.vote(Ballot(shop.photos()[0], "round", "square"), "left")
    assert "1 vote on 1 photo so far. It takes at least 9 votes" in run("ratings").stdout
    voted(shop, 3)
    told = run("ratings", "-c", "shop").stdout.splitlines()
    places = [line.split() for line in told if line.startswith(" ") and "–" in line]
    assert [(place[0], place[1]) for place in places] == [
        ("Round", "1–2"), ("Soft", "1–2"), ("Square", "3"),
    ]  # fmt: skip
    assert any(line.startswith("The left picture won") for line in told)


def test_ratings_by_tag_and_by_voter(data: Path) -> None:
    shop = filled(data, more=3)
    voted(shop, 3)
    lines = run("ratings", "--by", "tag").stdout.splitlines()
    assert [line for line in lines if line in ("people", "untagged")] == ["people", "untagged"]
    told = json.loads(run("ratings", "--by", "voter", "--json").stdout)
    (ann,) = told["ratings"]
    assert (told["collection"], ann["of"], ann["votes"], ann["needed"]) == ("Shop", "Ann", 54, 9)
    assert ann["wins"]["Round"] == {"Round": 0, "Soft": 9, "Square": 18}
    assert {model["model"]: model["worst"] for model in ann["models"]}["square"] == 3
    assert ann["even"] == ["soft"]
    assert ann["notes"][0].startswith("No difference found between Round and Soft")


def test_of_several_collections_one_must_be_named(shop: Collection, data: Path) -> None:
    filled(data, "Büro")
    result = run("ratings")
    assert result.exit_code == 2
    assert "Name one with --collection: Büro, Shop." in plain(result.stderr)
    table = run("collections").stdout
    assert [line.split() for line in table.splitlines() if "3" in line.split()] == [
        ["Büro", "3", "3", "0"], ["Shop", "3", "3", "0"],
    ]  # fmt: skip


def test_votes_are_exported(shop: Collection, tmp_path: Path) -> None:
    voted(shop, 1)
    result = run("collections", "export", "shop", tmp_path / "out.csv")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'out.csv'}\n")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["verdict"] for row in csv.DictReader(file)][:3] == [
            "left",
            "right",
            "both good",
        ]
    assert run("collections", "export", "shop", tmp_path / "out.json").exit_code == 0
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["votes"]) == 9
    assert "should end in .csv or .json" in plain(
        run("collections", "export", "shop", tmp_path / "out.txt").stderr
    )


def test_a_collection_is_deleted_once_that_is_confirmed(shop: Collection, data: Path) -> None:
    result = run("collections", "delete", "shop", stdin=b"n\n")
    assert "Delete “Shop”, 3 photos and 0 votes?" in result.stdout
    assert shop.base.names() == ["Shop"]
    assert run("collections", "delete", "shop", "--yes").exit_code == 0
    assert shop.base.names() == []
    assert listing(data) <= {"votes.sqlite", "votes.sqlite-wal", "votes.sqlite-shm"}


def test_a_port_that_is_taken_is_told(shop: Collection) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("vote", "--address", "127.0.0.1", "--port", port)
    assert result.exit_code == 2
    assert "Choose another --port" in plain(result.stderr)


def test_a_file_that_holds_no_votes_is_told(data: Path) -> None:
    data.mkdir()
    (data / "votes.sqlite").write_text("no database, though there is something in it" * 30)
    for words in (("ratings",), ("collections",)):
        result = run(*words)
        assert result.exit_code == 2
        assert "can't be used" in plain(result.stderr)
