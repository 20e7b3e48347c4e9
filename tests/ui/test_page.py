"""The page's logic without a browser: Streamlit runs the script in this process."""

import io
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Checkbox

from models.catalog import MODELS, ModelSpec
from models.hub import packaged, weights
from models.interface import Box, LoadFailed, Matte, Prompt, PromptMissing, RunFailed
from models.running import extra, loading
from photos.cut import Cut
from tests.exif import long_comment
from ui import zoom
from ui.components.viewer import Entry
from ui.state import Bench

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def at() -> Iterator[AppTest]:
    yield AppTest.from_file(str(APP), default_timeout=60).run()
    st.cache_resource.clear()


def picture_file(colour: tuple[int, int, int] = (200, 90, 20)) -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", (90, 60), (40, 80, 160))
    image.paste(colour, (30, 10, 60, 60))
    image.save(file, "PNG")
    return file.getvalue()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    for name, data in files:
        at.file_uploader[0].upload(name, data, "image/png")
    return at.run()


def run_models(at: AppTest) -> AppTest:
    at.button("run").click().run()
    held = at.session_state["bench"]
    until = time.monotonic() + 60
    while held.running:
        assert time.monotonic() < until
        time.sleep(0.05)
    return at.run()


def the_outcome(at: AppTest) -> Any:
    return at.session_state["bench"].tray.outcomes["grabcut"]


def headings(at: AppTest) -> list[str]:
    return [heading.value for heading in at.header]


def words(at: AppTest) -> str:
    kinds: Any = (at.markdown, at.caption, at.error, at.info)
    told = [str(element.value) for elements in kinds for element in elements]
    return "\n".join(told + [box.label for box in at.checkbox])


def models_of(boxes: Iterable[Checkbox]) -> list[str]:
    """Their names, without the facts behind them."""
    return re.findall(r"^\*\*(.+?)\*\* ", "\n".join(box.label for box in boxes), re.MULTILINE)


def timed(at: AppTest) -> set[str]:
    """The models in the table of timings."""
    return {
        name
        for each in at.get("html")
        for name in re.findall('<th scope="row">(.+?)</th>', each.proto.body)
    }


def test_the_page_opens_with_samples_and_two_built_in_models(at: AppTest) -> None:
    assert not at.exception
    assert at.title[0].value == "Which model cuts it out best?"
    assert {"Portrait", "Cat", "Coffee"} <= {button.label for button in at.button}
    assert models_of(box for box in at.checkbox if box.value) == ["U²-Net-P", "GrabCut"]
    assert models_of(at.checkbox)[:2] == ["U²-Net-P", "GrabCut"]
    assert "Apache-2.0" in words(at)
    assert not at.warning


def test_grabcut_alone_is_ticked_where_the_network_s_package_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert models_of(box for box in at.checkbox if box.value) == ["GrabCut"]
    assert "isn't installed as it should be" in at.warning[0].value
    assert at.warning[0].value.endswith("Until then GrabCut takes its place.")
    upload(at, ("thing.png", picture_file()))
    assert at.button("run").label == "Run 1 model"
    st.cache_resource.clear()


@pytest.mark.parametrize(("there", "first"), [(True, "u2netp"), (False, "grabcut")])
def test_the_prompt_page_begins_with_the_same_model(
    there: bool, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script() -> None:
        from photos.samples import SAMPLES
        from ui import prompt
        from ui.state import bench

        bench().add(SAMPLES[0].open().data, "portrait.png")
        prompt.page()

    if not there:
        monkeypatch.setattr(packaged, "find", lambda spec: None)
    at = AppTest.from_function(script, default_timeout=60).run()
    assert not at.exception
    assert at.selectbox("prompt_model").value == first
    st.cache_resource.clear()


def test_a_model_says_that_its_package_is_missing(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: object())
    assert "extension: needs" not in words(at.run())
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    monkeypatch.setattr(weights, "cached", lambda spec: spec.name in ("yolo-seg", "ben2"))
    told = words(at.run())
    for package in ("ultralytics", "timm"):
        needing = [spec for spec in MODELS if spec.extra == package]
        assert told.count(f"needs {package}]") == len(needing) > 0
    at.button_group("preset").select("On this machine").run()
    assert at.checkbox("model_ben2").value
    assert not at.checkbox("model_yolo-seg").value


def test_a_model_says_that_nobody_verified_it(at: AppTest) -> None:
    unsure = [spec for spec in MODELS if not spec.verified]
    assert words(at).count("not verified]") == len(unsure) > 0
    assert "not verified against the published file" in at.checkbox("model_lucida").help
    assert "verified" not in at.checkbox("model_ben2").help


def test_what_begins_a_visit_is_there_though_the_tab_s_own_came_back_meanwhile(at: AppTest) -> None:
    back = Bench()
    at.session_state["bench"] = back
    at.button("sample_Cat").click().run()
    assert len(back.trays) == 1


def test_a_sample_becomes_the_photo_and_start_over_forgets_it(at: AppTest) -> None:
    next(button for button in at.button if button.label == "Portrait").click().run()
    assert not at.exception
    assert "512 × 512" in words(at)
    at.button("start_over").click().run()
    assert at.title[0].value == "Which model cuts it out best?"


def test_a_file_s_own_transparency_has_a_card_and_files(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sticker = Image.open(io.BytesIO(picture_file())).convert("RGBA")
    sticker.putalpha(Image.linear_gradient("L").resize(sticker.size))
    file = io.BytesIO()
    sticker.save(file, "PNG")
    upload(at, ("sticker.png", file.getvalue()))
    assert "Input alpha" in headings(at)
    run_models(at)
    assert not at.exception
    assert "Disagreement" in headings(at)
    keys = {button.key for button in at.get("download_button")}
    assert keys >= {"save_input-alpha", "save_grabcut"}
    assert timed(at) == {"U²-Net-P", "GrabCut"}  # it took no time
    own = at.session_state["bench"].tray.own
    assert own.alpha()[-1, 0] == pytest.approx(1, abs=0.05)
    at.button("zoom_input-alpha").click().run()
    assert not at.exception
    upload(at, ("thing.png", picture_file()))
    assert "Input alpha" not in headings(at)


def test_upload_run_and_change_the_look(at: AppTest) -> None:
    upload(at, ("thing.png", picture_file()))
    run_models(at)
    assert not at.exception
    outcome = the_outcome(at)
    assert isinstance(outcome, Cut)
    assert {"network", "edges", "composite"} <= set(outcome.seconds)
    assert timed(at) == {"U²-Net-P", "GrabCut"}
    saves = {"zip", "save_u2netp", "save_grabcut"}
    assert {button.key for button in at.get("download_button")} >= saves
    for kind in ("Matte", "Cutout", "Blur", "Replace"):
        at.segmented_control("kind").set_value(kind).run()
        assert not at.exception
    assert the_outcome(at) is outcome
    at.segmented_control("refiner").set_value("closed-form").run()
    run_models(at)
    redrawn = the_outcome(at)
    assert (outcome.refiner, redrawn.refiner) == ("quick", "closed-form")


def test_broken_files_are_told_of_and_good_ones_of_one_name_are_kept(at: AppTest) -> None:
    upload(
        at,
        ("same.png", picture_file()),
        ("same.png", picture_file((10, 200, 10))),
        ("bad.png", b"nothing"),
    )
    assert not at.exception
    assert len(at.session_state["bench"].trays) == 2
    assert "“bad.png” is not a photo that can be read" in at.error[0].value.replace("\\", "")


class Failing:
    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def segment(self, photo: Any, prompt: Prompt) -> Matte:
        import numpy as np

        if self.error:
            raise self.error
        return Matte(np.zeros(photo.shape[:2], np.float32), soft=True)


@pytest.mark.parametrize(
    ("load_error", "run_error", "told"),
    [
        (LoadFailed("The file is damaged."), None, "Could not be loaded. The file is damaged."),
        (None, RunFailed("It broke."), "Did not finish. It broke."),
        (None, PromptMissing("Draw a box."), "Say what the subject is. Draw a box."),
        (None, None, "No subject found"),
    ],
)
def test_what_went_wrong_reads_as_what_it_is(
    at: AppTest,
    load_error: Exception | None,
    run_error: Exception | None,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(*_: Any) -> Failing:
        if load_error:
            raise load_error
        return Failing(run_error)

    monkeypatch.setattr(loading, "load", load)
    upload(at, ("thing.png", picture_file()))
    run_models(at)
    assert not at.exception
    assert told in words(at)


def test_a_model_runs_on_one_photo_at_a_time(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    class Gated(Failing):
        def segment(self, photo: Any, prompt: Prompt) -> Matte:
            assert gate.wait(60)
            return super().segment(photo, prompt)

    monkeypatch.setattr(loading, "load", lambda *_: Gated(None))
    at.checkbox("model_u2netp").uncheck().run()
    upload(at, ("one.png", picture_file()), ("two.png", picture_file((10, 200, 10))))
    held = at.session_state["bench"]
    at.button("run_all").click().run()
    while held.job.current is None:
        time.sleep(0.05)
    first, second = held.trays
    for key, told, untold in ((first, "Running…", "Waiting…"), (second, "Waiting…", "Running…")):
        held.current = key
        at.run()
        assert told in words(at)
        assert untold not in words(at)
    gate.set()


def test_a_dialog_goes_to_other_photos_and_closes_with_its_own(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, Any] = {}

    def viewer(entries: Sequence[Entry], *_: object, **told: Any) -> None:
        drawn.update(told, entries=[(entry.name, entry.missing) for entry in entries])
        st.button("Next", key="next", on_click=told["on_photo"], args=([*told["photos"]][-1],))

    monkeypatch.setattr(zoom, "viewer", viewer)
    upload(at, ("one.png", picture_file()), ("10$ *new*.png", picture_file((10, 200, 10))))
    run_models(at)
    at.button("zoom_grabcut").click().run()
    assert not at.exception
    assert drawn["entries"] == [("original", ""), ("u2netp", ""), ("grabcut", "")]
    held = at.session_state["bench"]
    first, second = drawn["photos"]
    at.button("next").click().run()
    assert (drawn["photos"][second], drawn["photo"]) == ("10$ *new*.png", second)
    assert held.current == second
    missing = "GrabCut hasn't run on this photo. Close this, then press Run."
    assert drawn["entries"] == [("original", ""), ("grabcut", missing)]
    held.current = first
    assert not at.run().get("dialog")
    held.current = second
    assert not at.run().get("dialog")


def test_a_dialog_tells_what_a_jpeg_cannot_hold(at: AppTest) -> None:
    file = io.BytesIO()
    Image.open(io.BytesIO(picture_file())).save(file, "PNG", exif=long_comment())
    upload(at, ("long.png", file.getvalue()))
    run_models(at)
    assert "Left out" not in words(at)
    at.button("zoom_grabcut").click().run()
    assert not at.exception
    assert words(at).count("64 KB of EXIF. Left out") == 1


def test_what_found_nothing_is_not_the_fastest(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GrabCut's place is taken by a model that finds nothing, in no time."""
    load = loading.load

    def quick(spec: ModelSpec, *told: Any) -> Any:
        return Failing(None) if spec.name == "grabcut" else load(spec, *told)

    monkeypatch.setattr(loading, "load", quick)
    next(button for button in at.button if button.label == "Portrait").click().run()
    run_models(at)
    assert "No subject found" in words(at)
    assert "material/bolt" not in words(at)
    outcomes = at.session_state["bench"].tray.outcomes
    assert outcomes["grabcut"].inference < outcomes["u2netp"].inference


def test_run_counts_what_can_run_and_the_others_lead_to_the_prompt_page(at: AppTest) -> None:
    at.checkbox("model_sam-vit-base").check().run()
    upload(at, ("thing.png", picture_file()))
    assert at.button("run").label == "Run 2 models"
    assert at.button("tell_sam-vit-base").label == "Draw a box"
    run_models(at)
    outcomes = at.session_state["bench"].tray.outcomes
    assert set(outcomes) == {"u2netp", "grabcut"}
    assert at.button("again")
    at.session_state["bench"].tray.prompt = Prompt(boxes=(Box(20, 5, 70, 60),))
    at.run()
    assert at.button("run").label == "Run 3 models"
    assert "with what you drew" in words(at)
