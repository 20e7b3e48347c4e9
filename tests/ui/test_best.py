"""The page Best without a browser; tests/e2e/test_voting.py votes."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from evaluation.votes import BadBase, Base, Collection
from models.catalog import GRABCUT, U2NETP
from models.interface import Prompt
from photos.samples import SAMPLES
from tests.cuts import cut_of
from tests.shops import filled, voted
from ui import kept

APP = Path(__file__).parents[2] / "app.py"


def script() -> None:
    from ui import best

    best.page()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUTOUT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def at(data: Path) -> Iterator[AppTest]:
    yield AppTest.from_function(script, default_timeout=60)
    st.cache_resource.clear()
    st.cache_data.clear()


def words(at: AppTest) -> str:
    kinds: Any = (at.markdown, at.caption, at.error, at.info)
    return "\n".join(str(element.value) for elements in kinds for element in elements)


def cut_on_a_visit(at: AppTest, models: int = 2) -> None:
    """As if so many models had cut the portrait and one the cat."""
    held = at.session_state["bench"]
    for sample, specs in ((SAMPLES[0], (GRABCUT, U2NETP)[:models]), (SAMPLES[1], (GRABCUT,))):
        photo = sample.open()
        tray = held.trays[held.add(photo.data, photo.name)]
        levels = np.full((photo.height, photo.width), 200, np.uint8)
        for spec in specs:
            told = {"prompt": Prompt(), "refiner": None, "spec": spec}
            tray.outcomes[spec.name] = cut_of(photo, levels, **told)


def test_nothing_is_kept_unless_it_is_said(at: AppTest, data: Path) -> None:
    at.run()
    assert not at.exception
    assert at.button("keep_photos").disabled
    cut_on_a_visit(at, models=1)
    assert at.run().button("keep_photos").disabled
    cut_on_a_visit(at)
    at.run().button("keep_photos").click().run()
    told = words(at)
    assert "1 photo, 2 models" in told
    assert "until somebody deletes the collection" in told
    assert str(data).replace("-", "\\-").replace("_", "\\_") in told
    at.segmented_control("best_part").set_value("Ratings").run()
    assert "There are no votes yet" in words(at)
    assert not data.exists()


def keep(at: AppTest, name: str, tags: str = "") -> None:
    at.text_input("keep_name").set_value(name)
    at.text_input("keep_tags").set_value(tags)
    at.button("keep").click().run()
    until = time.monotonic() + 60
    while at.session_state["bench"].running:
        assert time.monotonic() < until
        time.sleep(0.05)
    at.run()
    assert not at.exception


def test_photos_with_two_results_are_kept_to_be_voted_on(at: AppTest, data: Path) -> None:
    at.run()
    cut_on_a_visit(at)
    at.run().button("keep_photos").click().run()
    keep(at, "Shop", "hair, glass,hair")
    collection = Collection(Base(data / "votes.sqlite"), "Shop")
    (photo,) = collection.photos()
    assert (photo.name, photo.tags) == ("portrait.png", ("hair", "glass"))
    assert set(collection.entries(photo)) == {"grabcut", "u2netp"}
    assert at.selectbox("collection").value == "Shop"
    at.button("ask_menu").click().run()
    at.button("ask_keep").click().run()
    assert at.text_input("keep_name").value == "Shop"
    keep(at, "shop")
    assert collection.base.names() == ["Shop"]
    at.button("ask_menu").click().run()
    at.button("ask_delete").click().run()
    assert "“Shop” with 1 photo, their mattes and 0 votes" in words(at)
    at.button("delete_not").click().run()
    assert collection.base.names() == ["Shop"]
    at.button("ask_menu").click().run()
    at.button("ask_delete").click().run()
    at.button("delete").click().run()
    assert not at.exception
    assert collection.base.names() == []
    assert at.button("keep_photos")


def test_what_could_not_be_kept_is_told(
    at: AppTest, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BadBase("The disk is full.")

    at.run()
    cut_on_a_visit(at)
    at.run().button("keep_photos").click().run()
    monkeypatch.setattr(Collection, "add", full)
    keep(at, "Shop")
    assert [error.value for error in at.error] == [r"The disk is full."]


def test_a_dialog_whose_collection_is_gone_says_so(
    at: AppTest, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dialog is a fragment: what it raises isn't heard by the page."""
    filled(data)
    at.run()
    monkeypatch.setattr(kept, "_DIALOGS", {"menu": ("Collection", _raising)})
    at.button("ask_menu").click().run()
    assert not at.exception
    (dialog,) = at.get("dialog")
    told: Any = dialog.get("error")
    assert "It is gone" in str([error.value for error in told])


def _raising(*_: object) -> None:
    raise BadBase("It is gone.")


def test_a_collection_without_a_name_is_refused(at: AppTest, data: Path) -> None:
    at.run()
    cut_on_a_visit(at)
    at.run().button("keep_photos").click().run()
    at.button("keep").click().run()
    assert [error.value for error in at.error] == ["Give the collection a name."]
    assert not data.exists()


def test_ratings_wait_for_votes_and_can_be_of_some(at: AppTest, data: Path) -> None:
    collection = filled(data, more=3)
    at.query_params["collection"] = "Shop"
    at.run()
    at.segmented_control("best_part").set_value("Ratings").run()
    assert "It takes at least 9 votes (3 for each pair of models)" in words(at)
    at.button("to_Vote").click().run()
    assert at.segmented_control("best_part").value == "Vote"
    at.segmented_control("best_part").set_value("Ratings").run()
    voted(collection, 2, "Ann")
    voted(collection, 1, "Ben")
    at.run()
    assert not at.exception
    assert at.dataframe[0].value["Rank"].tolist() == ["1–2", "1–2", "3"]
    assert at.dataframe[0].value["Votes"].tolist() == [36, 36, 36]
    assert at.dataframe[1].value["Square"].tolist() == ["18 of 18", "18 of 18", "–"]
    at.selectbox("of_tag").set_value("people").run()
    at.selectbox("of_voter").set_value("Ann").run()
    assert "6 votes on 1 photo so far" in words(at)


def test_the_address_names_the_collection(at: AppTest, data: Path) -> None:
    filled(data, "A")
    filled(data, "B")
    at.query_params["collection"] = "B"
    assert at.run().selectbox("collection").value == "B"
    at.selectbox("collection").set_value("A").run()
    assert at.query_params["collection"] in ("A", ["A"])


def test_a_file_that_holds_no_votes_is_told(at: AppTest, data: Path) -> None:
    data.mkdir()
    (data / "votes.sqlite").write_text("no database, though there is something in it" * 30)
    at.run()
    assert not at.exception
    assert "can't be used" in at.error[0].value.replace("\\", "")


def test_a_server_for_voting_shows_nothing_else(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(data)
    monkeypatch.setattr(sys, "argv", ["app.py", "--vote", "shop"])
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.exception
    assert "**Shop**" in words(at)
    assert not at.get("segmented_control")
    assert not [button for button in at.button if button.key == "ask_menu"]
    Base(data / "votes.sqlite").delete("Shop")
    at.run()
    assert "no collection called “shop”" in at.error[0].value.replace("\\", "")
    st.cache_resource.clear()
