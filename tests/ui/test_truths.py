"""The page Best: models measured on photos with truths, and the one to use."""

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from evaluation.choice import Limits
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
    photo, truth = picture(truth=False), picture(truth=True)
    return upload(
        at,
        {"box red.png": photo, "box blue.png": photo + b" "},
        {"box red_mask.png": truth, "box blue.png": truth},
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


def test_models_are_measured_and_one_is_named(at: AppTest) -> None:
    assert "Add photos and their truths to begin." in words(at)
    two_pairs(at)
    assert "2 photos with a truth: box red · box blue" in words(at)
    at.checkbox("model_u2netp").check().run()
    assert at.button("measure").label == "Measure 2 models on 2 photos"
    measure(at)
    assert words(at).startswith("**For your 2 photos: ")
    assert "Fewer than 6 photos can't tell models apart" in words(at)
    table = at.dataframe[0].value
    assert sorted(table["Model"]) == ["GrabCut", "U²-Net-P"]
    assert list(table["MAD"]) == sorted(table["MAD"])
    assert "on 2 of 2 photos" in words(at) or "on 1 of 2 photos" in words(at)
    assert {"file_report.html", "file_table.md", "file_results.json"} <= {
        button.key for button in at.get("download_button")
    }
    assert at.button("measure").label == "Again: 2 models on 2 photos"
    named = at.success[0].value
    turn_to(at, "Recommend")
    assert at.success[0].value == named


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
    assert "For your photo: GrabCut." in words(at)


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


def test_the_report_is_the_command_lines(at: AppTest) -> None:
    measure(two_pairs(at))
    held = the_bench(at)
    known, mad = held.truths.outcomes, find("mad")
    wanted = Limits(True, 2.5, 10**9, frozenset({"boxes"}))
    command = command_line(known, mad, wanted, "auto", "quick")
    assert command == (
        "uv run cli.py evaluate --photos PHOTOS --truth TRUTHS --models grabcut --by mad "
        "--refine quick --device auto --commercial-only --max-seconds 2.5 --max-gb 1 --hears boxes"
    )
    report = made(known, held.truths.worst, mad, wanted, command)
    assert [strip.case for strip in report.worst["grabcut"]] == ["box red", "box blue"]
    assert all(strip.photo.startswith("data:image/jpeg") for strip in report.worst["grabcut"])


def test_nothing_measured_says_what_to_do_and_what_the_catalogue_says(at: AppTest) -> None:
    turn_to(at, "Recommend")
    assert "Nothing was measured or voted yet." in words(at)
    assert "What the catalogue says, not measured" in [each.value for each in at.header]
    every = len(at.dataframe[0].value)
    at.toggle("commercial_only").set_value(True).run()
    free = at.dataframe[0].value
    assert 0 < len(free) < every
    assert not free["Licence"].str.contains("non-commercial").any()
    at.button_group("limit_hears").set_value(["text", "boxes"]).run()
    assert not at.exception
    assert "told by boxes, told by words" in words(at)
    assert (
        "No model is possible" in words(at)
        or at.dataframe[0].value["Can be told"].str.contains("words").all()
    )


def test_limits_choose_among_what_was_measured(at: AppTest) -> None:
    measure(two_pairs(at))
    turn_to(at, "Recommend")
    at.number_input("limit_gb").set_value(0.0).run()
    at.button_group("limit_hears").set_value(["text"]).run()
    assert "No model keeps to these limits for your 2 photos. Loosen one." in words(at)
    turn_to(at, "With truth")
    assert "Limits: at most 0 GB, told by words." in words(at)


def test_votes_name_a_model_too(at: AppTest, tmp_path: Path) -> None:
    base = Base.here()
    assert base.path.parent == tmp_path / "data"
    base.create("Shop")
    collection = Collection(base, "Shop")
    photo = SAMPLES[2].open()
    levels = np.zeros((photo.height, photo.width), np.uint8)
    for spec in (GRABCUT, U2NETP):
        collection.add(cut_of(photo, levels, spec=spec, seconds={"network": 0.5}))
    for _ in range(9):
        collection.vote(Ballot(collection.photos()[0], "u2netp", "grabcut"), "left")
    turn_to(at, "Recommend")
    assert "For the photo of “Shop”, by 9 votes: U²-Net-P." in words(at)


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
    assert "Scissors" in at.success[0].value
    first = next(iter(held.trays.values()))
    file = MatteFile("m.png", saved(Image.new("L", (90, 60)), "PNG"))
    first.mattes[tool.name] = matte_cut(first.photo, file, tool)  # another one of that tool
    assert at.run().button("measure").label == "Measure 1 model on 1 photo"
    known = {asked: each for asked, each in held.truths.outcomes.items() if each.measured}
    command = command_line(known, find("mad"), Limits(), "auto", "quick")
    assert "--models grabcut --by" in command
    assert "--also Scissors=MATTES" in command
