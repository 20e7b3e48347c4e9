"""The panel for backgrounds from words, without a browser."""

import io
import json
import time
import types
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from compositing.background import Transparent
from models.catalog import GRABCUT
from models.interface import Cancelled, LoadFailed
from models.running.jobs import Job, Step
from photos.export import archive
from photos.look import Look
from tests.painting import BRUSH, PEN, install
from ui import painting
from ui.resources import workers
from ui.state import Bench
from ui.tray import PAINTINGS, Easel

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def brush(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    monkeypatch.setattr(painting, "PAINTERS", (BRUSH, PEN))
    return install(monkeypatch)


@pytest.fixture
def at(brush: types.SimpleNamespace) -> Iterator[AppTest]:
    """A photo, cut out by GrabCut, and the panel."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.checkbox("model_u2netp").uncheck()
    upload(app, "thing.png")
    finish(app.button("run").click().run())
    app.segmented_control("kind").set_value("Replace").run()
    app.segmented_control("fill").set_value("Words").run()
    yield app
    st.cache_resource.clear()


def upload(at: AppTest, name: str) -> None:
    file = io.BytesIO()
    image = Image.new("RGB", (90, 60), (40, 80, 160))
    image.paste((200, 90, 20), (30, 10, 60, 60))
    image.save(file, "PNG")
    uploader = at.file_uploader[0]
    for earlier in uploader.value:  # they stay in a browser; here, an upload replaces them
        uploader.upload(earlier.name, earlier.getvalue(), earlier.type)
    uploader.upload(name, file.getvalue(), "image/png")
    at.run()


def finish(at: AppTest) -> AppTest:
    until = time.monotonic() + 60
    while held(at).running:
        assert time.monotonic() < until
        time.sleep(0.05)
    return at.run()


def held(at: AppTest) -> Bench:
    bench = at.session_state["bench"]
    assert isinstance(bench, Bench)
    return bench


def easel(at: AppTest) -> Easel:
    tray = held(at).tray
    assert tray is not None
    return tray.easel


def ask(at: AppTest, words: str) -> AppTest:
    at.text_input("painting_words").set_value(words).run()
    return finish(at.button("paint").click().run())


def words(at: AppTest) -> str:
    return "\n".join(str(each.value) for kind in (at.caption, at.info, at.error) for each in kind)


def test_words_become_variants_to_pick_from(at: AppTest, brush: types.SimpleNamespace) -> None:
    assert "Painted around the matte of GrabCut" in words(at)
    ask(at, "a grey wall")
    assert not at.exception
    first, second = easel(at).paintings
    assert easel(at).chosen is first
    assert second.recipe.seed == first.recipe.seed + 1
    assert [wish.prompt for wish in brush.wishes] == ["a grey wall"] * 2
    at.button(f"painting_{second.key}").click().run()
    assert easel(at).chosen is second
    assert f"“a grey wall” · Brush · seed {second.recipe.seed} · 20 steps" in words(at)
    assert at.button("paint").label == "Paint again"
    ask(at, "a grey wall")
    assert len({each.recipe.seed for each in easel(at).paintings}) == 4


def test_options_are_heard(at: AppTest, brush: types.SimpleNamespace) -> None:
    at.text_input("painting_negative").set_value("people").run()
    at.slider("painting_steps_20").set_value(8).run()
    at.slider("painting_guidance").set_value(3.5).run()
    at.slider("painting_variants").set_value(1).run()
    at.number_input("painting_seed").set_value(42).run()
    ask(at, "snow")
    wish = brush.wishes[0]
    assert (wish.negative, wish.steps, wish.guidance, wish.seed) == ("people", 8, 3.5, 42)
    assert len(easel(at).paintings) == 1


def test_what_a_painter_cannot_be_told_is_not_asked(
    at: AppTest, brush: types.SimpleNamespace
) -> None:
    def asked() -> set[str | None]:
        widgets = (*at.slider, *at.text_input, *at.number_input)
        return {each.key for each in widgets if str(each.key).startswith("painting_")}

    usual = {"painting_words", "painting_variants", "painting_seed"}
    both = {"painting_negative", "painting_guidance"}
    assert asked() == {*usual, *both, "painting_steps_20"}
    at.text_input("painting_negative").set_value("people").run()
    at.slider("painting_steps_20").set_value(30).run()
    at.selectbox("painter").set_value("pen").run()
    assert asked() == {*usual, "painting_steps_4"}
    ask(at, "snow")
    assert [(wish.negative, wish.steps, wish.guidance) for wish in brush.wishes] == [
        ("", 4, None)
    ] * 2
    assert "· 4 steps · 32 × 21" in words(at)
    assert "guidance" not in words(at)
    at.selectbox("painter").set_value("brush").run()  # which still knows what it was told
    assert at.text_input("painting_negative").value == "people"
    assert at.slider("painting_steps_20").value == 30


def test_another_photo_has_an_easel_of_its_own(at: AppTest, brush: types.SimpleNamespace) -> None:
    ask(at, "a wall")
    upload(at, "other.png")
    assert not at.exception
    assert easel(at).paintings == ()
    assert at.button("paint").disabled
    assert "Run a model first" in words(at)
    finish(at.button("run").click().run())
    ask(at, "snow")
    bench = held(at)
    paintings = tuple(each for tray in bench.trays.values() if (each := tray.easel.chosen))
    cuts = [cut for _, cut in bench.cuts([GRABCUT])]
    data = archive(cuts, lambda _: Look(Transparent(), paintings=paintings))
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        results = json.loads(pack.read("results.json"))["results"]
    prompts = [result["settings"]["background"]["prompt"] for result in results]
    assert prompts == ["a wall", "snow"]


@pytest.mark.parametrize(
    ("load_error", "told"),
    [
        (LoadFailed("Ask for access."), "Could not be loaded. Ask for access."),
        (MemoryError(), "There is not enough memory on cpu to load Brush."),
    ],
)
def test_what_went_wrong_is_said_in_place(
    load_error: Exception, told: str, at: AppTest, brush: types.SimpleNamespace
) -> None:
    brush.load_error = load_error
    ask(at, "snow")
    assert not at.exception
    assert told in words(at)
    assert not easel(at).paintings
    brush.load_error = None
    ask(at, "snow")
    assert told not in words(at)
    assert len(easel(at).paintings) == 2


def test_without_words_nothing_is_painted(at: AppTest, brush: types.SimpleNamespace) -> None:
    at.button("paint").click().run()
    assert "Say in words what should be behind the subject." in words(at)
    assert not held(at).running
    assert not brush.wishes


def test_what_was_painted_before_a_stop_stays(at: AppTest, brush: types.SimpleNamespace) -> None:
    ask(at, "a wall")
    brush.paint_error = Cancelled()
    ask(at, "snow")
    assert not at.exception
    assert not easel(at).failure
    assert {each.recipe.prompt for each in easel(at).paintings} == {"a wall"}


def paint_at_the_gate(at: AppTest, brush: types.SimpleNamespace) -> Job:
    """Two variants; the first waits."""
    brush.gate.clear()
    at.text_input("painting_words").set_value("a wall").run()
    at.button("paint").click().run()
    job = held(at).job
    assert job is not None
    until = time.monotonic() + 60
    while not brush.wishes:
        assert time.monotonic() < until
        time.sleep(0.01)
    return job


def test_others_have_their_turn_between_two_variants(
    at: AppTest, brush: types.SimpleNamespace
) -> None:
    job = paint_at_the_gate(at, brush)
    assert job.total == 2
    painted: list[int] = []
    step = Step(("other", "model"), "", lambda job: painted.append(len(brush.wishes)))
    workers().submit(Job([step], lambda: True, lambda *_: None), "cpu")
    brush.gate.set()
    finish(at)
    assert painted == [1]
    assert len(easel(at).paintings) == 2


def test_what_is_painted_for_a_photo_that_was_taken_away_goes_with_it(
    at: AppTest, brush: types.SimpleNamespace
) -> None:
    paint_at_the_gate(at, brush)
    bench = held(at)
    photo, key = bench.photo, bench.current
    assert photo is not None
    assert key is not None
    bench.drop(key)
    brush.gate.set()
    finish(at)
    assert len(brush.wishes) == 1
    bench.add(photo.data, photo.name)
    assert easel(at).paintings == ()
    assert easel(at).chosen is None


def test_a_painter_that_failed_is_not_asked_for_the_next_variant(
    at: AppTest, brush: types.SimpleNamespace
) -> None:
    brush.paint_error = RuntimeError("odd")
    ask(at, "snow")
    assert len(brush.wishes) == 1
    assert "Did not finish" in words(at)


def test_an_easel_keeps_the_newest(at: AppTest, brush: types.SimpleNamespace) -> None:
    ask(at, "a wall")
    one, own = easel(at).paintings[0], Easel()
    for _ in range(PAINTINGS + 1):
        own.take(one)
    assert len(own.paintings) == PAINTINGS
