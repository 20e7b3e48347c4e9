"""The page Best: models measured on photos with truths, and the one to use."""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from evaluation.limits import Limits
from evaluation.measuring import measure_one
from evaluation.metrics import find
from evaluation.votes import Ballot, Base, Collection
from models.catalog import GRABCUT, U2NETP, other_tool
from models.interface import LoadFailed
from models.running import pool
from photos.elsewhere import matte_cut
from photos.mattes import MatteFile
from photos.samples import SAMPLES
from tests.cuts import cut_of
from tests.pictures import saved
from tests.shops import small
from tests.ui.tables import table_of_models
from ui.reporting import command_line, made
from ui.state import Bench


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("CUTOUT_DATA", str(tmp_path / "data"))

    def script() -> None:
        from ui import best

        best.page()

    at = AppTest.from_function(script, default_timeout=60)
    at.session_state["model_u2netp"] = False  # GrabCut alone, unless a test says more
    yield turn_to(at.run(), "With truth")
    st.cache_resource.clear()


def picture(*, truth: bool, size: tuple[int, int] = (90, 60)) -> bytes:
    """An orange box on blue, or the truth about it."""
    image = Image.new("RGB", size, (40, 80, 160) if not truth else (0, 0, 0))
    image.paste((200, 90, 20) if not truth else (255, 255, 255), (30, 10, 60, 50))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def upload(at: AppTest, photos: dict[str, bytes], truths: dict[str, bytes]) -> AppTest:
    for number, files in enumerate((photos, truths)):
        for name, data in files.items():
            at.file_uploader[number].upload(name, data, "image/png")
        at.run()
    assert not at.exception
    return at


def two_pairs(at: AppTest) -> AppTest:
    return pairs(at, "red", "blue")


def pairs(at: AppTest, *names: str) -> AppTest:
    """A photo and a truth for each."""
    photo, truth = picture(truth=False), picture(truth=True)
    return upload(
        at,
        {f"box {name}.png": photo + b" " * number for number, name in enumerate(names)},
        {f"box {name}_mask.png": truth for name in names},
    )


def the_bench(at: AppTest) -> Bench:
    held = at.session_state["bench"]
    assert isinstance(held, Bench)
    return held


def measure(at: AppTest) -> AppTest:
    at.button("measure").click().run()
    until = time.monotonic() + 60
    while the_bench(at).running:
        assert time.monotonic() < until
        time.sleep(0.05)
    at.run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    kinds: Any = (at.success, at.markdown, at.caption, at.error, at.info, at.warning)
    told = "\n".join(str(element.value) for elements in kinds for element in elements)
    return told.replace("\\", "")


def turn_to(at: AppTest, part: str) -> AppTest:
    at.segmented_control("best_part").set_value(part).run()
    assert not at.exception
    return at


def test_six_photos_name_a_model(at: AppTest) -> None:
    measure(pairs(at, *"abcdef"))
    named = at.success[0].value
    assert "For your 6 photos: GrabCut." in words(at)
    turn_to(at, "Recommend")
    assert at.success[0].value == named
    assert "Candidates, by what is known for certain" in [each.label for each in at.expander]
    assert "sam3" in table_of_models(at)  # not judged yet
    at.button_group("limit_hears").set_value(["text"]).run()
    assert "For your 6 photos: none of the models judged keeps to these limits." in words(at)
    assert {facts["Judged"] for facts in table_of_models(at).values()} == {"not yet"}
    turn_to(at, "With truth")
    assert "Limits: told by words." in words(at)


def test_models_are_measured_and_few_photos_name_none(at: AppTest) -> None:
    assert "Add photos and their truths to begin." in words(at)
    two_pairs(at)
    assert "2 photos with a truth: box red · box blue" in words(at)
    at.checkbox("model_u2netp").check().run()
    assert at.button("measure").label == "Measure 2 models on 2 photos"
    measure(at)
    told = "2 photos with a truth can't tell models apart: it takes at least 6."
    assert told in words(at)
    table = at.dataframe[0].value
    assert sorted(table["Model"]) == ["GrabCut", "U²-Net-P"]
    assert list(table["MAD"]) == sorted(table["MAD"])
    assert "on 2 of 2 photos" in words(at) or "on 1 of 2 photos" in words(at)
    assert {"file_report.html", "file_table.md", "file_results.json"} <= {
        button.key for button in at.get("download_button")
    }
    assert at.button("measure").label == "Again: 2 models on 2 photos"
    assert not at.success
    turn_to(at, "Recommend")
    assert not at.success
    assert told in words(at)
    judged = table_of_models(at)
    assert (judged["grabcut"]["Judged"], judged["u2net"]["Judged"]) == ("2 photos", "not yet")
    assert judged["grabcut"]["A photo took"].endswith("B")
    at.button("to_With truth").click().run()
    assert at.segmented_control("best_part").value == "With truth"


def test_another_metric_ranks_anew_without_measuring(at: AppTest) -> None:
    two_pairs(at)
    measure(at)
    told = the_bench(at).truths.told
    at.selectbox("metric").set_value("boundary_iou").run()
    assert not at.exception
    assert "Boundary IoU" in at.dataframe[0].value.columns
    assert "Higher is better" in words(at)
    assert the_bench(at).truths.told == told == 2


def test_only_what_is_new_is_measured(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    measure(two_pairs(at))
    at.checkbox("model_u2netp").check().run()
    assert at.button("measure").label == "Measure 1 model on 2 photos"
    measure(at)
    at.segmented_control("refiner").set_value("closed-form").run()
    # GrabCut's masks depend on it, the network's mattes don't.
    assert at.button("measure").label == "Measure 1 model on 2 photos"
    assert at.dataframe[0].value["Model"].tolist() == ["U²-Net-P"]


def test_a_bad_truth_is_named_and_the_rest_goes_on(at: AppTest) -> None:
    photo = picture(truth=False)
    upload(
        at,
        {"cat.png": photo, "dog.png": photo + b" ", "cow.png": photo + b"  "},
        {"cat.png": picture(truth=True), "dog.png": picture(truth=True, size=(91, 60))},
    )
    assert "No truth for cow.png, left out." in words(at)
    measure(at)
    assert "“dog.png” has 91 × 60 pixels" in words(at)
    assert at.dataframe[0].value["Photos"].tolist() == [1]


def test_a_model_that_cant_be_loaded_is_told_once(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def load(self: pool.Pool, spec: Any, *_: Any, **__: Any) -> Any:
        tried.append(spec.name)
        raise LoadFailed("It isn't there.")

    monkeypatch.setattr(pool.Pool, "run", load)
    measure(two_pairs(at))
    assert tried == ["grabcut"]
    assert words(at).count("It isn't there.") == 1
    assert at.button("measure").label == "Measure 1 model on 2 photos"


def test_cancel_keeps_what_was_measured(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    two_pairs(at)
    first = threading.Event()

    def slow(*told: Any) -> Any:
        while first.is_set():
            told[2].check()
            time.sleep(0.005)
        made = measure_one(*told)
        first.set()
        return made

    monkeypatch.setattr("ui.measuring.measure_one", slow)
    at.button("measure").click().run()
    held = the_bench(at)
    until = time.monotonic() + 60
    while not (held.truths.told and held.job and held.job.current):
        assert time.monotonic() < until
        time.sleep(0.005)
    at.run()
    assert "So far" in [heading.value for heading in at.header]
    at.button("cancel").click().run()
    while held.running:
        assert time.monotonic() < until
        time.sleep(0.005)
    at.run()
    assert not at.exception
    assert held.truths.told == 1
    assert "1 photo with a truth can't tell models apart" in words(at)


def test_photos_of_the_visit_serve_and_start_over_forgets_truths(at: AppTest) -> None:
    sample = SAMPLES[2].open()
    the_bench(at).add(sample.data, sample.name)
    truth = io.BytesIO()
    Image.new("L", (600, 400), 255).save(truth, "PNG")
    at.file_uploader[1].upload("coffee.png", truth.getvalue(), "image/png")
    at.run()
    assert at.button("measure").label == "Measure 1 model on 1 photo"
    the_bench(at).drop(next(iter(the_bench(at).trays)))
    at.run()
    assert "Add photos and their truths to begin." in words(at)


def test_truths_of_before_can_be_removed_one_by_one(at: AppTest) -> None:
    two_pairs(at)

    def removals() -> list[Button]:
        return [each for each in at.button if each.label.startswith("Remove ")]

    assert removals() == []  # the uploader shows them, with a × each
    turn_to(turn_to(at, "Recommend"), "With truth")
    assert not at.file_uploader[1].value
    red, blue = removals()
    assert (red.label, blue.label) == (r"Remove box red\_mask.png", r"Remove box blue\_mask.png")
    red.click().run()
    assert [truth.name for truth in the_bench(at).truths.files.values()] == ["box blue_mask.png"]
    assert "1 photo with a truth: box blue\n" in words(at)
    at.file_uploader[1].upload("box red.png", picture(truth=True), "image/png").run()
    assert "2 photos with a truth" in words(at)
    assert len(removals()) == 1


def test_how_long_it_will_take_is_told_by_what_was_measured(at: AppTest) -> None:
    two_pairs(at)
    assert "by what was measured so far" not in words(at)
    measure(at)
    held = the_bench(at)
    for asked, outcome in held.truths.outcomes.items():
        assert outcome.measured
        slow = replace(outcome.measured, took=100.0)
        held.truths.outcomes[asked] = replace(outcome, measured=slow)
    pairs(at, "red", "blue", "green")
    assert "About 5 min, by what was measured so far" in words(at)


def test_the_report_is_the_command_lines(at: AppTest) -> None:
    measure(two_pairs(at))
    held = the_bench(at)
    known, mad = held.truths.outcomes, find("mad")
    wanted = Limits(True, 2.5, 10**9, frozenset({"boxes"}), 40_000_000)
    command = command_line(known, mad, wanted, "auto", "quick")
    assert command == (
        "uv run cli.py evaluate --photos PHOTOS --truth TRUTHS --models grabcut --by mad "
        "--refine quick --device auto --commercial-only --max-seconds 2.5 --max-gb 1 "
        "--max-download-mb 40 --hears boxes"
    )
    report = made(known, held.truths.worst, mad, wanted, command)
    assert [strip.case for strip in report.worst["grabcut"]] == ["box red", "box blue"]
    assert all(strip.photo.startswith("data:image/jpeg") for strip in report.worst["grabcut"])


def test_nothing_measured_says_what_to_do_and_what_the_catalogue_says(at: AppTest) -> None:
    turn_to(at, "Recommend")
    assert "Nothing was measured or voted yet." in words(at)
    assert "Candidates, by what is known for certain" in [each.value for each in at.header]
    every = len(table_of_models(at))
    at.toggle("commercial_only").set_value(True).run()
    free = table_of_models(at)
    assert 0 < len(free) < every
    assert {facts["Commercial"] for facts in free.values()} == {"yes"}
    at.button_group("limit_hears").set_value(["text", "boxes"]).run()
    assert not at.exception
    assert "told by boxes, words" in words(at)
    assert all("words" in facts["Can be told"] for facts in table_of_models(at).values())


def test_limits_hold_for_candidates_too(at: AppTest) -> None:
    measure(two_pairs(at))
    turn_to(at, "Recommend")
    at.number_input("limit_download_mb").set_value(200.0).run()
    assert {"grabcut", "birefnet-lite"} <= set(table_of_models(at))
    assert "birefnet" not in table_of_models(at)
    at.number_input("limit_download_mb").set_value(None).run()
    at.number_input("limit_gb").set_value(0.0).run()
    at.button_group("limit_hears").set_value(["text"]).run()
    assert "No model is possible under these limits (at most 0 GB, told by words)." in words(at)
    turn_to(at, "With truth")
    assert "Limits: at most 0 GB, told by words." in words(at)


def shop(photos: int, votes: int, lost: int = 0) -> Collection:
    """A collection on which U²-Net-P won all votes but so many."""
    base = Base.here()
    base.create("Shop")
    collection = Collection(base, "Shop")
    for photo in small(photos):
        levels = np.zeros((photo.height, photo.width), np.uint8)
        for spec in (GRABCUT, U2NETP):
            collection.add(cut_of(photo, levels, spec=spec, seconds={"network": 0.5}))
    for number in range(votes):
        shown = collection.photos()[number % photos]
        collection.vote(Ballot(shown, "u2netp", "grabcut"), "right" if number < lost else "left")
    return collection


def test_votes_name_a_model_too(at: AppTest) -> None:
    shop(photos=6, votes=9)
    turn_to(at, "Recommend")
    assert at.success
    assert "For the 6 photos of “Shop”, by 9 votes: U²-Net-P." in words(at)
    at.button_group("limit_hears").set_value(["text"]).run()
    assert not at.success
    assert "none of the models judged keeps to these limits" in words(at)
    unjudged = table_of_models(at)
    assert {"sam3", "grounded-sam2"} <= set(unjudged)
    assert {facts["Judged"] for facts in unjudged.values()} == {"not yet"}


def test_a_coin_toss_by_votes_has_no_trophy(at: AppTest) -> None:
    shop(photos=6, votes=10, lost=4)
    turn_to(at, "Recommend")
    assert not at.success
    assert "No difference found between U²-Net-P and GrabCut on the 6 photos" in words(at)
    assert "More votes may tell them apart." in words(at)


def test_few_votes_name_none_and_lead_to_voting(at: AppTest) -> None:
    shop(photos=2, votes=4)
    turn_to(at, "Recommend")
    assert not at.success
    told = words(at)
    assert "4 votes on 2 photos so far. It takes at least 6 votes, on at least 6" in told
    assert "“Shop” holds 2 photos: add at least 4." in told
    facts = table_of_models(at)["u2netp"]
    assert (facts["Judged"], facts["A photo took"]) == ("4 votes", "0.50\xa0s, –")
    assert next(iter(table_of_models(at))) in ("u2netp", "grabcut")  # they have run
    at.button("add_to_voting").click().run()
    assert "There is nothing to keep yet." in words(at)
    at.button("to_Vote").click().run()
    assert at.segmented_control("best_part").value == "Vote"
    assert at.selectbox("collection").value == "Shop"


def test_another_tool_s_mattes_are_measured_too(at: AppTest) -> None:
    two_pairs(at)
    held = the_bench(at)
    tool = other_tool("Scissors")
    for tray in held.trays.values():
        file = MatteFile("m.png", picture(truth=True))
        tray.mattes[tool.name] = matte_cut(tray.photo, file, tool)
    assert at.run().button("measure").label == "Measure 2 models on 2 photos"
    measure(at)
    table = at.dataframe[0].value.set_index("Model")
    assert table.loc["Scissors", "MAD"] == 0
    assert table.loc["Scissors", "Photos"] == 2
    assert table["Seconds"].isna().tolist() == [name == "Scissors" for name in table.index]
    first = next(iter(held.trays.values()))
    file = MatteFile("m.png", saved(Image.new("L", (90, 60)), "PNG"))
    first.mattes[tool.name] = matte_cut(first.photo, file, tool)  # another one of that tool
    assert at.run().button("measure").label == "Measure 1 model on 1 photo"
    known = {asked: each for asked, each in held.truths.outcomes.items() if each.measured}
    command = command_line(known, find("mad"), Limits(), "auto", "quick")
    assert "--models grabcut --by" in command
    assert "--also Scissors=MATTES" in command
