"""Whose floor, focus and depth a blur by depth has on the page."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compositing.background import Portrait
from compositing.floor import Floor
from models.catalog import DEPTHS
from models.interface import LoadFailed
from photos.depth import DepthRun, Seen
from photos.photo import PhotoFile
from photos.samples import SAMPLES
from ui.state import Bench
from ui.view import View

NAME = DEPTHS[0].name


@pytest.fixture
def at() -> AppTest:
    def row() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui.looks import choose_view
        from ui.panels import panel_place
        from ui.state import bench

        held = bench()
        if not held.trays:
            for sample in SAMPLES[:2]:
                held.add(sample.open().data, sample.open().name)
        assert held.photo
        st.session_state["view"] = choose_view(held.photo, (), panel_place())

    at = AppTest.from_function(row).run()
    at.segmented_control("kind").set_value("Blur").run()
    at.segmented_control("blur_method").set_value("portrait").run()
    return at


def held(at: AppTest) -> Bench:
    found: Any = at.session_state["bench"]
    assert isinstance(found, Bench)
    return found


def blur(at: AppTest, photo: PhotoFile) -> Portrait:
    assert not at.exception
    view: Any = at.session_state["view"]
    assert isinstance(view, View)
    background = view.look_of(photo).behind(photo)
    assert isinstance(background, Portrait)
    return background


def test_a_floor_and_a_focus_are_the_photo_s_own_until_the_floor_is_shared(at: AppTest) -> None:
    first, second = (tray.photo for tray in held(at).trays.values())
    at.toggle("floor_set").set_value(True).run()  # of the second, which came last
    at.slider("floor").set_value((0.2, 0.8)).run()
    assert held(at).tray
    held(at).tray.focus = (0.1, 0.9)  # type: ignore[union-attr]
    at.run()
    assert blur(at, second).depth == Floor(0.2, 0.8)
    assert blur(at, second).focus == (0.1, 0.9)
    assert (blur(at, first).depth, blur(at, first).focus) == (Floor(), None)
    next(iter(held(at).trays.values())).floor = Floor(0.5, 0.6)
    at.run()
    assert blur(at, first).depth == Floor(0.5, 0.6)
    at.button("floor_shared").click().run()
    assert blur(at, first).depth == blur(at, second).depth == Floor(0.2, 0.8)
    assert blur(at, first).focus is None
    at.button("focus_back").click().run()
    assert blur(at, second).focus is None
    at.toggle("floor_set").set_value(False).run()
    assert blur(at, second).depth == Floor()
    assert blur(at, first).depth == Floor(0.2, 0.8)


def test_a_network_s_depth_is_one_photo_s_and_others_keep_their_floor(at: AppTest) -> None:
    first, second = (tray.photo for tray in held(at).trays.values())
    at.radio("depth_from").set_value(NAME).run()
    assert blur(at, second).depth == Floor()
    assert at.button("see_depth").label == "See depth of 2 photos"
    assert "it is blurred by the floor" in " ".join(caption.value for caption in at.caption)
    run = DepthRun(NAME, None, (), "cpu", "float32")
    seen = Seen(np.eye(4), by=run, seconds={"preprocess": 0.25, "network": 1.5})
    held(at).tray.depths[NAME] = seen  # type: ignore[union-attr]
    at.run()
    assert blur(at, second).depth is seen
    assert blur(at, first).depth == Floor()
    assert "1.75 s, of which the network took 1.50 s" in at.caption[-1].value
    assert at.button("see_depth").label == "See depth"


def test_why_there_is_no_depth_is_told(at: AppTest) -> None:
    at.radio("depth_from").set_value(NAME).run()
    held(at).tray.depths[NAME] = LoadFailed("It can't be reached.")  # type: ignore[union-attr]
    at.run()
    assert at.error[0].value == "Could not be loaded. It can't be reached."
    assert blur(at, SAMPLES[1].open()).depth == Floor()
