"""Jobs and the pages that they were started from: nothing that is there gets lost."""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from compositing.background import Transparent
from models.catalog import GRABCUT
from models.families.grabcut.segmenter import GrabCut
from models.interface import Box, Prompt, RunFailed
from models.running.jobs import Job, Step
from models.running.stages import check
from photos.cut import Cut
from photos.export import archive
from photos.look import Look
from ui import work
from ui.render import composite_preview
from ui.resources import workers
from ui.state import Bench
from ui.tray import Failure


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """GrabCut waits for it, and hears of Cancel while it does."""
    opened, segment = threading.Event(), GrabCut.segment

    def slow(self: GrabCut, photo: Any, prompt: Prompt) -> Any:
        while not opened.wait(0.005):
            check()
        return segment(self, photo, prompt)

    monkeypatch.setattr(GrabCut, "segment", slow)
    return opened


@pytest.fixture
def at() -> Iterator[AppTest]:
    """The Compare page, or the one named by the session's `where`, with three samples; GrabCut
    alone is ticked."""

    def script() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui import compare, prompt
        from ui.state import bench

        held = bench()
        if not held.trays:
            for sample in SAMPLES[:3]:
                photo = sample.open()
                held.add(photo.data, photo.name)
        (prompt if st.session_state.get("where") == "prompt" else compare).page()

    app = AppTest.from_function(script, default_timeout=60)
    app.session_state["model_u2netp"] = False
    app.session_state["prompt_model"] = "grabcut"
    yield app.run()
    st.cache_resource.clear()


def until(happened: Any) -> None:
    last = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < last
        time.sleep(0.005)


def the_bench(at: AppTest) -> Bench:
    assert not at.exception
    held = at.session_state["bench"]
    assert isinstance(held, Bench)
    return held


def outcomes(held: Bench) -> dict[str, Any]:
    return {key: cut for key, tray in held.trays.items() for cut in tray.outcomes.values()}


def test_cancel_keeps_what_was_there(at: AppTest, gate: threading.Event) -> None:
    held = the_bench(at)
    gate.set()
    at.button("run_all").click().run()
    until(lambda: not held.running)
    cuts = outcomes(held)
    assert len(cuts) == 3
    gate.clear()
    at.run()
    at.button("run_all").click().run()
    until(lambda: held.job and held.job.current)
    at.button("cancel").click().run()
    until(lambda: not held.running)
    assert outcomes(held) == cuts


def test_all_photos_run_where_something_lacks_and_then_all_again(
    at: AppTest, gate: threading.Event
) -> None:
    def all_run() -> set[str]:
        before = outcomes_by_photo()
        at.button("run_all").click().run()
        until(lambda: not held.running)
        at.run()
        return {key for key, cut in outcomes_by_photo().items() if cut is not before[key]}

    def outcomes_by_photo() -> dict[str, Any]:
        return {key: tray.outcomes.get("grabcut") for key, tray in held.trays.items()}

    held = the_bench(at)
    gate.set()
    assert all_run() == set(held.trays)
    assert at.button("run_all").label == "Run all 3 photos again"
    boxed, failed, _ = held.trays
    held.trays[boxed].prompt = Prompt(boxes=(Box(50, 50, 200, 200),))
    held.trays[failed].outcomes["grabcut"] = Failure(RunFailed("No memory."), Prompt())
    at.run()
    assert at.button("run_all").label == "Run all 3 photos"
    assert all_run() == {boxed, failed}
    assert at.button("run_all").label == "Run all 3 photos again"
    assert all_run() == set(held.trays)


def test_nothing_is_offered_again_that_no_photo_could_have_run(at: AppTest) -> None:
    at.session_state["model_grabcut"], at.session_state["model_sam2.1-tiny"] = False, True
    at.run()
    assert "The models that are ticked need a box." in " ".join(each.value for each in at.markdown)
    assert not any(button.key == "run_all" for button in at.button)


@pytest.mark.parametrize(("kind", "early"), [("Overlay", True), ("Blur", False)])
def test_a_card_waits_for_a_composite_only_if_it_shows_one(
    at: AppTest, monkeypatch: pytest.MonkeyPatch, kind: str, early: bool
) -> None:
    begun, opened, made = threading.Event(), threading.Event(), composite_preview

    def slow(*asked: Any) -> Any:
        begun.set()
        assert opened.wait(60)
        return made(*asked)

    monkeypatch.setattr(work, "composite_preview", slow)
    held = the_bench(at)
    at.segmented_control("kind").set_value(kind).run()
    at.button("run").click().run()
    until(begun.is_set)
    first = held.tray.outcomes.get("grabcut") if held.tray else None
    assert isinstance(first, Cut) == early
    at.run()
    zooms = [each for each in at.button if each.key == "zoom_grabcut"]  # a card's
    assert bool(zooms) == early
    opened.set()
    until(lambda: not held.running)
    (cut,) = outcomes(held).values()
    assert cut.composite is not None
    assert "composite" in cut.seconds
    if isinstance(first, Cut):
        assert first.composite is None
        assert cut.key == first.key  # what was made of it for the screen stays
        assert np.array_equal(cut.levels(), first.levels())
        assert np.array_equal(cut.fine_alpha(), first.fine_alpha())
    assert isinstance(cut.packed, bytes)
    assert isinstance(cut.deep, bytes)


def test_a_card_that_came_early_is_kept_small_if_the_rest_is_cancelled(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def endless(*_: Any) -> None:
        begun.set()
        while True:
            check()
            time.sleep(0.005)

    monkeypatch.setattr(work, "composite_preview", endless)
    held = the_bench(at)
    at.segmented_control("kind").set_value("Overlay").run()
    at.button("run").click().run()
    until(begun.is_set)
    at.run()
    at.button("cancel").click().run()
    until(lambda: not held.running)
    (cut,) = outcomes(held).values()
    assert isinstance(cut.packed, bytes)
    assert isinstance(cut.deep, bytes)


def test_a_card_that_came_early_is_kept_small_if_the_rest_fails(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(work, "composite_preview", broken)
    held = the_bench(at)
    at.segmented_control("kind").set_value("Overlay").run()
    at.button("run").click().run()
    until(lambda: not held.running)
    (failure,) = outcomes(held).values()
    assert isinstance(failure, Failure)
    assert held.tray is not None
    assert isinstance(held.tray.latest["grabcut"].packed, bytes)
    assert isinstance(held.tray.latest["grabcut"].deep, bytes)


def test_a_trial_waits_for_a_batch_and_then_runs_by_itself(
    at: AppTest, gate: threading.Event
) -> None:
    held = the_bench(at)
    at.button("run_all").click().run()
    batch = held.job
    at.session_state["where"] = "prompt"
    key = held.current or ""
    held.trays[key].prompt = Prompt(boxes=(Box(50, 50, 200, 200),))
    at.run()
    assert held.job is batch
    assert batch is not None
    assert not batch.stopping
    gate.set()
    until(lambda: not batch.active)
    assert batch.state == "done"
    assert len(outcomes(held)) == 3
    at.run()
    until(lambda: not held.running)
    assert held.trays[key].outcomes["grabcut"].prompt == held.trays[key].prompt


def test_what_comes_of_a_photo_that_was_taken_away_goes_with_it(
    at: AppTest, gate: threading.Event
) -> None:
    held = the_bench(at)
    gate.set()
    at.button("run_all").click().run()
    until(lambda: not held.running)
    gate.clear()
    at.run()
    at.button("run_all").click().run()
    until(lambda: held.job and held.job.current)
    first, *others = held.trays
    photo = held.trays[first].photo
    held.drop(first)  # while it is being cut once more
    gate.set()
    until(lambda: not held.running)
    assert held.add(photo.data, photo.name) not in others
    again = held.tray
    assert again is not None
    assert again.outcomes == again.latest == {}
    at.run()
    at.button("run").click().run()
    until(lambda: not held.running)
    assert isinstance(again.outcomes["grabcut"], Cut)
    assert again.outcomes["grabcut"].photo is again.photo
    cuts = [cut for _, cut in held.cuts([GRABCUT])]
    with zipfile.ZipFile(io.BytesIO(archive(cuts, lambda _: Look(Transparent())))) as pack:
        folders = {name.split("/")[0] for name in pack.namelist() if "/" in name}
    assert folders == {tray.photo.stem for tray in held.trays.values()}


def test_what_was_stopped_says_how_far_it_came(at: AppTest, gate: threading.Event) -> None:
    def told() -> list[str]:
        assert not at.exception
        return [each.value for each in at.markdown if "Stopped" in each.value]

    held = the_bench(at)
    at.button("run_all").click().run()
    until(lambda: held.job and held.job.current)
    at.button("cancel").click().run()
    until(lambda: not held.running)
    at.run()
    assert told() == [":gray[Stopped: 0 of 3 done.]"]
    at.button("run").click().run()
    assert told() == []
    until(lambda: held.job and held.job.current)
    at.button("cancel").click().run()
    until(lambda: not held.running)
    at.run()
    assert told() == [":gray[Stopped before it was done.]"]
    gate.set()
    at.button("run_all").click().run()
    until(lambda: not held.running)
    at.run()
    assert told() == []


def test_a_batch_goes_on_without_a_photo_that_was_taken_away(
    at: AppTest, gate: threading.Event
) -> None:
    held = the_bench(at)
    at.button("run_all").click().run()
    until(lambda: held.job and held.job.current)
    first, waiting, last = held.trays
    held.drop(waiting)
    gate.set()
    until(lambda: not held.running)
    assert list(outcomes(held)) == [first, last]


def test_a_new_start_hears_nothing_of_the_job_before(at: AppTest, gate: threading.Event) -> None:
    before = the_bench(at)
    at.button("run_all").click().run()
    until(lambda: before.job and before.job.current)
    at.button("start_over").click().run()
    gate.set()
    until(lambda: not before.running)
    held = the_bench(at)
    assert held is not before
    assert not held.running
    assert outcomes(held) == {}


def test_a_job_that_waits_is_cancelled_at_once(at: AppTest, gate: threading.Event) -> None:
    other = Job([Step(("other", "visit"), "", lambda job: gate.wait(60))], lambda: True, ignore)
    workers().submit(other, "cpu")
    held = the_bench(at)
    at.button("run").click().run()
    assert held.job is not None
    assert held.job.ahead == 1
    at.button("cancel").click().run()
    assert not held.running
    at.run()
    assert at.button("run").label == "Run 1 model"
    assert ":gray[Stopped before it was done.]" in [each.value for each in at.markdown]
    gate.set()


def ignore(*_: Any) -> None: ...
