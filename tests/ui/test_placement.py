"""Where a photo's subject and the picture behind it are: of each photo its own, set by sliders and
by what the browser sends."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compositing.background import Picture
from compositing.stand import Stand
from photos.file_picture import FilePicture
from photos.look import Look
from tests.cuts import photo_of
from tests.ui.two_photos import bench
from ui.state import Backdrop
from ui.tray import Placement
from ui.view import View

TOLD = {"across": 0.2, "down": -0.1, "scale": 0.5, "x": 0.3, "y": 0.4, "zoom": 2}


@pytest.fixture
def at() -> AppTest:
    """The panel is open over a picture."""

    def row() -> None:
        import streamlit as st

        from tests.ui.two_photos import begin
        from ui.looks import choose_view
        from ui.panels import panel_place
        from ui.placement import placing, sent

        held = begin()
        if told := st.session_state.pop("browser", None):
            sent(*told)
        assert held.photo is not None
        st.session_state["view"] = choose_view(held.photo, (), panel_place())
        st.session_state["dragged"] = placing(st.session_state["view"])

    wide = photo_of(np.zeros((200, 300, 3), np.uint8), "sea.png")
    at = AppTest.from_function(row).run()
    bench(at).backdrop = Backdrop("id", FilePicture.of(wide))
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Picture").run()
    return at.button_group("panel").select("Placement").run()


def view(at: AppTest) -> View:
    assert not at.exception
    shown: Any = at.session_state["view"]
    assert isinstance(shown, View)
    return shown


def look(at: AppTest) -> Look:
    return view(at).look


def test_sliders_and_browser_set_the_same(at: AppTest) -> None:
    assert look(at).stand is None
    first = view(at).key
    at.slider("stand_across").set_value(0.2).run()
    at.slider("stand_down").set_value(-0.1).run()
    at.slider("stand_scale").set_value(0.5).run()
    at.slider("zoom").set_value(2.0).run()
    at.slider("across").set_value(0.3).run()
    at.slider("down").set_value(0.4).run()
    by_hand = bench(at).placement
    assert look(at).stand == Stand(0.2, -0.1, 0.5)
    assert view(at).key != first
    at.button("put_back").click().run()
    assert (bench(at).placement, view(at).key) == (Placement(), first)
    at.session_state["browser"] = (TOLD, bench(at).current)
    at.run()
    assert bench(at).placement == by_hand
    assert at.slider("stand_scale").value == 0.5
    dragged = TOLD | {"scale": 0.6475}
    at.session_state["browser"] = (dragged, bench(at).current)
    at.run()
    assert (at.slider("stand_scale").value, bench(at).placement.stand.scale) == (0.65, 0.6475)
    at.session_state["browser"] = (TOLD, bench(at).current)
    at.run()
    picture = look(at).background
    assert isinstance(picture, Picture)
    assert (picture.position, picture.zoom) == ((0.3, 0.4), 2)


def test_each_photo_has_its_own_until_all_are_placed_alike(at: AppTest) -> None:
    at.session_state["browser"] = (TOLD, bench(at).current)
    at.run()
    one, other = (tray.photo for tray in bench(at).trays.values())
    stands = {photo.name: view(at).look_of(photo).stand for photo in (one, other)}
    assert stands == {one.name: None, other.name: Stand(0.2, -0.1, 0.5)}
    bench(at).current = next(iter(bench(at).trays))
    at.run()
    assert look(at).stand is None
    assert at.slider("stand_across").value == 0
    bench(at).current = list(bench(at).trays)[1]
    at.run()
    at.button("alike").click().run()
    behind = view(at).look_of(one).background
    assert view(at).look_of(one).stand == Stand(0.2, -0.1, 0.5)
    assert isinstance(behind, Picture)
    assert (behind.position, behind.zoom) == ((0.3, 0.4), 2)


@pytest.mark.parametrize(
    ("photo", "key"), [("another", "current"), ("current", "current")], ids=["gone", "there"]
)
def test_what_is_sent_of_a_photo_that_is_gone_changes_nothing(
    at: AppTest, photo: str, key: str
) -> None:
    current = bench(at).current
    at.session_state["browser"] = (TOLD, current if photo == key else photo)
    at.run()
    assert (bench(at).placement == Placement()) == (photo != key)


def test_what_can_t_be_is_brought_to_what_can(at: AppTest) -> None:
    far = {"across": 9, "down": -9, "scale": 99, "x": -1, "y": 2, "zoom": 0}
    at.session_state["browser"] = (far, bench(at).current)
    at.run()
    assert bench(at).placement == Placement(Stand(1, -1, 4), (0, 1), 1)


def test_a_slider_that_would_do_nothing_is_dead_and_says_why(at: AppTest) -> None:
    def told() -> tuple[bool, bool, str]:
        caption = " ".join(each.value for each in at.caption)
        return at.slider("across").disabled, at.slider("down").disabled, caption

    across, down, why = told()  # 3:2 behind 3:2
    assert (across, down) == (True, True)
    assert "fits exactly from left to right and from top to bottom: zoom in" in why
    bench(at).current = next(iter(bench(at).trays))  # the square one
    at.run()
    across, down, why = told()
    assert (across, down) == (False, True)
    assert "fits exactly from top to bottom: zoom in" in why
    at.slider("zoom").set_value(1.5).run()
    across, down, why = told()
    assert (across, down) == (False, False)
    assert "fits exactly" not in why


def test_a_frame_that_goes_with_the_subject_leaves_its_sliders_dead(at: AppTest) -> None:
    assert at.session_state["dragged"]
    at.session_state["frame_crop"] = "subject"
    at.run()
    assert not at.session_state["dragged"]
    assert at.slider("stand_across").disabled
    assert "goes with it" in at.caption[0].value
    assert not any("Alt" in each.value for each in at.caption)


def test_in_other_views_a_subject_stays(at: AppTest) -> None:
    at.session_state["browser"] = (TOLD, bench(at).current)
    at.run()
    at.segmented_control("kind").set_value("Blur").run()
    assert look(at).stand is None
    assert view(at).look_of(list(bench(at).trays.values())[1].photo).stand is None
