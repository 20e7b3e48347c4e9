"""The panel Differences: agreement, hard colours, steadiness, the worst places."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from compositing.background import Blur
from compositing.shadow import Shadow
from evaluation import agreement
from models.interface import RunFailed
from models.running.pool import Pool
from photos.look import Look
from tests.cuts import cut_of, photo_of
from ui import worst
from ui.closer import ICONS
from ui.hard import HARD, on_hard_colours
from ui.state import Bench
from ui.view import View


@pytest.fixture
def at() -> Iterator[AppTest]:
    """The Compare page with two samples and two models ticked."""

    def script() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui import compare
        from ui.state import bench

        held = bench()
        if not held.trays:
            for name in ("model_grabcut", "model_u2netp"):
                st.session_state[name] = True
            for sample in SAMPLES[1:3]:
                photo = sample.open()
                held.add(photo.data, photo.name)
        compare.page()

    yield AppTest.from_function(script, default_timeout=60).run()
    st.cache_resource.clear()


def finished(at: AppTest) -> AppTest:
    held, until = at.session_state["bench"], time.monotonic() + 60
    while held.running:
        assert time.monotonic() < until
        time.sleep(0.02)
    at.run()
    assert not at.exception
    return at


def choose(at: AppTest, *names: str) -> AppTest:
    """In the panel, which stays open."""
    if at.session_state["panel"] != "Differences":
        at.button_group("panel").select("Differences").run()
    at.button_group("closer").set_value(list(names)).run()
    assert not at.exception
    return at


def headings(at: AppTest) -> list[str]:
    return [heading.value for heading in at.header]


def words(at: AppTest) -> str:
    kinds: Any = (at.markdown, at.caption)
    return "\n".join(str(element.value) for elements in kinds for element in elements)


def the_bench(at: AppTest) -> Bench:
    held = at.session_state["bench"]
    assert isinstance(held, Bench)
    return held


def test_nothing_of_it_is_there_before_there_are_cuts(at: AppTest) -> None:
    at.button_group("panel").select("Differences").run()
    assert not at.exception
    assert "Run models first" in words(at)
    assert not [group for group in at.button_group if group.key == "closer"]


def test_the_consensus_is_a_card_and_in_the_archive(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Callable[[], bytes]] = []

    def lasting(make: Callable[[], bytes], *_: str) -> Callable[[], bytes]:
        files.append(make)
        return make

    monkeypatch.setattr("ui.downloads.lasting", lasting)
    monkeypatch.setattr(agreement, "family", lambda spec: spec.name)  # else they are relatives
    finished(at.button("run_all").click().run())
    assert "Consensus" not in headings(at)
    choose(at, "Consensus")
    assert "Consensus" in headings(at)
    assert words(at).count("from what the others agree on") == 2
    assert words(at).count("Agreement isn't quality") == 1
    assert {button.key for button in at.get("download_button")} >= {"save_consensus"}
    held = the_bench(at)
    agreed = held.tray and held.tray._agreement[1]
    at.segmented_control("kind").set_value("Blur").run()
    assert held.tray
    assert held.tray._agreement[1] is agreed  # not computed once more
    at.button("zoom_consensus").click().run()
    assert not at.exception
    assert at.get("dialog")
    with zipfile.ZipFile(io.BytesIO(files[-1]())) as pack:
        there = {name for name in pack.namelist() if "consensus_matte" in name}
    assert there == {"cat/consensus_matte.png", "coffee/consensus_matte.png"}
    choose(at)
    assert "Consensus" not in headings(at)


def test_one_model_alone_agrees_with_nobody(at: AppTest) -> None:
    at.checkbox("model_u2netp").uncheck().run()
    finished(at.button("run").click().run())
    choose(at, *ICONS)
    assert "A consensus needs models of two families" in words(at)
    assert "Two models or more show where they differ" in words(at)


def test_relatives_have_no_consensus_and_the_page_says_why(at: AppTest) -> None:
    finished(at.button("run").click().run())
    choose(at, "Consensus")
    assert "GrabCut are of one family" in words(at) or "U²-Net-P are of one family" in words(at)
    assert "Consensus" not in headings(at)


def test_how_steady_a_model_is_is_told_when_asked(at: AppTest) -> None:
    finished(at.button("run").click().run())
    choose(at, "How steady?")
    assert "changes by" not in words(at)
    at.button("steady_u2netp").click().run()
    held = the_bench(at)
    assert held.job is None or held.job.total == 1
    finished(at)
    assert words(at).count("Its matte changes by") == 1
    assert {button.key for button in at.button} >= {"steady_grabcut"}
    # Of a new cut nothing is known yet.
    finished(at.button("again").click().run())
    assert "changes by" not in words(at)


def test_a_run_that_fails_is_told_on_the_card(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(at.button("run").click().run())
    choose(at, "How steady?")

    def fail(*_: Any, **__: Any) -> None:
        raise RunFailed("It broke.")

    monkeypatch.setattr(Pool, "run", fail)
    finished(at.button("steady_u2netp").click().run())
    assert "How steady U²-Net-P is can't be told. It broke." in words(at)


def test_the_worst_places_zoom_in(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(worst, "crop_rows", lambda *args, **_: sent.append(args))
    finished(at.button("run").click().run())
    choose(at, "Worst places")
    rows, labels, width, pick, _ = sent[-1]
    assert labels[0] == "Original"
    assert set(labels[1:]) == {"GrabCut", "U²-Net-P"}
    assert 1 <= len(rows) <= 3
    assert {len(row) for row in rows} == {3}
    with Image.open(io.BytesIO(rows[0][1])) as picture:
        assert picture.size == (width, width)
    monkeypatch.setattr(
        worst, "zoom_in", lambda _, cut, place: sent.append((cut.spec.label, place))
    )
    for column, label in ((0, labels[1]), (1, labels[1]), (2, labels[2])):
        pick(0, column)
        assert sent[-1][0] == label


def test_places_are_found_in_a_smaller_picture_and_lie_within_the_photo() -> None:
    apart = np.zeros((150, 1000), np.uint8)
    apart[50:100, 950:] = 255
    ((left, top, right, bottom),) = worst.places_in(apart, (2000, 300), 224)
    assert (right - left, bottom - top) == (224, 224)
    assert left <= 1900
    assert right == 2000
    assert top <= 100 < 200 <= bottom <= 300
    # A third of 224 pixels is rounded down: 67 at the edge are 223.
    edge = np.zeros((90, 300), np.uint8)
    edge[:, -1] = 255
    assert worst.places_in(edge, (1000, 300), 224)[0][2] == 1000
    assert worst.places_in(np.zeros_like(apart), (2000, 300), 224) == []
    assert worst.places_in(apart[:, 900:], (100, 150), 224) == [(0, 0, 100, 150)]


def test_crops_are_the_picture_s_own_pixels() -> None:
    """Those of a cutout lie on a checkerboard."""
    rgba = np.zeros((300, 400, 4), np.uint8)
    rgba[50:150, 100:200] = (200, 20, 20, 255)
    (file,) = worst.cropped(rgba, [(100, 40, 200, 140)])
    with Image.open(io.BytesIO(file)) as crop:
        shown = np.asarray(crop.convert("RGB"), int)
    assert shown.shape == (100, 100, 3)
    assert np.abs(shown[20:] - (200, 20, 20)).max() <= 6
    assert shown[:4].min() > 150


def test_hard_colours_are_behind_the_subject_whatever_the_view() -> None:
    pixels = np.full((60, 80, 3), (200, 20, 20), np.uint8)
    levels = np.zeros((60, 80), np.uint8)
    levels[:, :40] = 255
    view = View("Blur", Look(Blur(21), light=0.5, shadow=Shadow()), Look(Blur(1)), "")
    cut = cut_of(photo_of(pixels), levels)
    shown = on_hard_colours(cut, pixels, cut.alpha(), view).astype(int)
    assert shown.shape == (120, 160, 3)
    corners = [shown[y, x] for y in (30, 90) for x in (70, 150)]
    for corner, colour in zip(corners, HARD.values(), strict=True):
        assert np.abs(corner - (colour.red, colour.green, colour.blue)).max() <= 1
    for y, x in ((30, 10), (30, 90), (90, 10), (90, 90)):
        assert np.abs(shown[y, x] - (200, 20, 20)).max() <= 1
