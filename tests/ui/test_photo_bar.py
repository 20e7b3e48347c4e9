"""Photos in and out: the uploader, the samples, and the box that switches between photos."""

import hashlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from models.running.jobs import Job, Step
from photos.names import unique
from ui import starting
from ui.parts import square_of
from ui.state import Bench

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def at() -> Iterator[AppTest]:
    yield AppTest.from_file(str(APP), default_timeout=60).run()
    st.cache_resource.clear()


def held(at: AppTest) -> Bench:
    assert not at.exception
    bench = at.session_state["bench"]
    assert isinstance(bench, Bench)
    return bench


def file(name: str, red: int) -> tuple[str, bytes, str]:
    file = io.BytesIO()
    image = Image.new("RGB", (90, 60), (40, 80, 160))
    image.paste((red, 90, 20), (30, 10, 60, 60))
    image.save(file, "PNG")
    return name, file.getvalue(), "image/png"


def give(at: AppTest, *files: tuple[str, bytes, str]) -> None:
    """All that the uploader holds from now on; what stays keeps its id, as in a browser."""
    ids = unique(hashlib.sha256(data + name.encode()).hexdigest() for name, data, _ in files)
    at.file_uploader[0]._files = [(id_, *file) for id_, file in zip(ids, files, strict=True)]
    at.run()


def test_a_long_photo_s_thumbnail_is_where_there_is_something_to_see() -> None:
    page = np.full((7400, 500, 3), 255, np.uint8)
    page[6000:6300, 100:400] = np.random.default_rng(0).integers(0, 255, (300, 300, 3))
    for pixels in (page, page.swapaxes(0, 1)):
        shown = square_of(pixels)
        assert shown.shape == (500, 500, 3)
        assert (shown < 255).any(2).sum() > 0.9 * 300 * 300
    assert (square_of(page[:1200, :, :]) == 255).all()


def names(at: AppTest) -> list[str]:
    return [tray.photo.name for tray in held(at).trays.values()]


def shown(at: AppTest) -> str | None:
    photo = held(at).photo
    return photo.name if photo else None


def go(at: AppTest, index: int) -> None:
    """As a press on a thumbnail does."""
    held(at).current = list(held(at).trays)[index]
    at.run()


def press_sample(at: AppTest, title: str) -> None:
    at.button(f"sample_{title}").click().run()


A, B, C = (file(name, red) for name, red in (("a.png", 200), ("b.png", 150), ("c.png", 100)))


def test_photos_of_one_name_are_told_apart(at: AppTest) -> None:
    twins = file("same.png", 200), file("same.png", 100)
    give(at, *twins)
    first, second = held(at).trays
    assert held(at).current == first
    go(at, 1)
    assert held(at).current == second

    give(at, *twins, A)
    assert shown(at) == "a.png"
    go(at, 1)
    assert held(at).current == second


def test_a_photo_taken_by_its_cross_goes_and_the_uploader_is_emptied(at: AppTest) -> None:
    give(at, A, B, C)
    first, second, _ = held(at).trays
    held(at).remove(second)
    at.run()
    assert (names(at), shown(at)) == (["a.png", "c.png"], "a.png")
    assert at.file_uploader[0].value == []
    give(at, B)
    assert (names(at), shown(at)) == (["a.png", "c.png", "b.png"], "b.png")
    held(at).remove(first)
    at.run()
    assert names(at) == ["c.png", "b.png"]


def test_a_photo_taken_from_the_uploader_goes_and_the_one_shown_stays(at: AppTest) -> None:
    give(at, A, B, C)
    go(at, 1)
    give(at, B, C)
    assert (names(at), shown(at)) == (["b.png", "c.png"], "b.png")
    give(at, B)
    assert (names(at), shown(at)) == (["b.png"], "b.png")
    give(at)
    assert names(at) == []
    assert at.title[0].value == "Which model cuts it out best?"


def test_a_photo_taken_away_comes_back_by_a_button(at: AppTest) -> None:
    give(at, A, B, C)
    assert "undo" not in [button.key for button in at.button]
    give(at, A, C)
    assert at.button("undo").label == "Bring back b"
    at.button("undo").click().run()
    assert names(at) == ["a.png", "b.png", "c.png"]
    assert "undo" not in [button.key for button in at.button]
    long = file(f"{'long' * 9}_.png", 90)
    give(at, long)
    give(at)
    assert at.button("undo").label == f"Bring back {'long' * 4}lon…"


def test_a_press_that_is_late_says_so_once(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    give(at, A)
    at.button("start_over").click().run()
    undo, later = at.button("undo"), time.monotonic() + starting.UNDO
    with monkeypatch.context() as patched:
        patched.setattr(starting.Dropped, "left", property(lambda each: each.until - later))
        undo.click().run()
        told = "Too late to bring that back: it was kept for 30 seconds. Add it again."
        assert f":gray[{told}]" in [each.value for each in at.markdown]
        assert "undo" not in [button.key for button in at.button]
        at.run()
    assert not any("Too late" in each.value for each in at.markdown)
    assert names(at) == []


def test_its_neighbour_follows_the_photo_that_was_shown(at: AppTest) -> None:
    give(at, A, B, C)
    go(at, 1)
    give(at, A, C)
    assert shown(at) == "c.png"
    give(at, A)
    assert shown(at) == "a.png"


def test_its_results_go_with_a_photo(at: AppTest) -> None:
    give(at, A, B)
    at.button("run_all").click().run()
    until = time.monotonic() + 60
    while held(at).running:
        assert time.monotonic() < until
        time.sleep(0.05)
    give(at, B)
    give(at, B, A)
    outcomes = {tray.photo.name: tray.outcomes.keys() for tray in held(at).trays.values()}
    assert outcomes == {"b.png": {"u2netp", "grabcut"}, "a.png": set()}


def test_a_job_goes_on_without_the_photo_that_goes() -> None:
    bench = Bench()
    keys = [bench.add(data, name) for name, data, _ in (A, B, C)]
    steps = [Step((key, "model"), "Model", lambda job: None) for key in keys]
    bench.job = Job(steps, alive=lambda: True, on_result=lambda key, outcome: None)
    bench.drop(keys[1])
    assert [step.key[0] for step in bench.job.left] == [keys[0], keys[2]]
    assert not bench.job.stopping


def test_one_of_two_equal_files_may_go(at: AppTest) -> None:
    give(at, A, A)
    give(at, A)
    assert names(at) == ["a.png"]


def test_samples_stay_when_the_uploader_is_emptied(at: AppTest) -> None:
    press_sample(at, "Portrait")
    give(at, A)
    give(at)
    assert (names(at), shown(at)) == (["portrait.png"], "portrait.png")


def test_what_is_told_of_a_file_goes_with_the_choice_of_a_sample(at: AppTest) -> None:
    bad = ("bad.png", b"nothing", "image/png")
    give(at, bad)
    assert len(at.error) == 1
    press_sample(at, "Portrait")
    assert len(at.error) == 0


@pytest.mark.parametrize(("count", "folded"), [(2, False), (3, False), (4, True)])
def test_files_that_were_refused_share_one_box_that_is_closed_once(
    at: AppTest, count: int, folded: bool
) -> None:
    give(at, *((f"bad{number}.png", b"nothing", "image/png") for number in range(count)))
    (box,) = at.error
    (sentences,) = (each.markdown for each in at.expander) if folded else (at.error,)
    told = "\n".join(str(each.value) for each in sentences).replace("\\", "")
    assert all(f"“bad{number}.png” is not a photo" in told for number in range(count))
    assert ("4 files could not be used." in box.value) == folded
    (close,) = (button for button in at.button if button.label == "Close")
    close.click().run()
    assert not at.error
    assert not at.expander


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "is a camera's raw file"),
        ("a.xyz", b"nothing", "is not a photo that can be read. Use JPEG, PNG"),
        ("a", b"%PDF-1.7", "is not a photo that can be read. Use JPEG, PNG"),
    ],
)
def test_whatever_is_uploaded_is_refused_in_the_words_of_its_own_fault(
    at: AppTest, name: str, data: bytes, told: str
) -> None:
    """The uploader takes files by any name: its own refusal says nothing of why."""
    assert list(at.file_uploader[0].proto.type) == []
    give(at, (name, data, ""))
    assert told in at.error[0].value


def test_start_over_forgets_the_background_picture(at: AppTest) -> None:
    press_sample(at, "Portrait")
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Picture").run()
    at.file_uploader("backdrop").set_value(A).run()
    no_picture = "No picture yet: white stands in for it."
    assert no_picture not in [caption.value for caption in at.caption]
    at.button("start_over").click().run()
    press_sample(at, "Portrait")
    at.button_group("panel").select("Placement").run()
    assert not at.exception
    assert no_picture in [caption.value for caption in at.caption]
