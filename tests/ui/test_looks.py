"""What the controls above the cards say."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from compositing.alpha import Edges
from compositing.background import Blur, Picture, Portrait, default_kernel
from compositing.floor import Floor
from photos.file_picture import FilePicture
from photos.look import Look
from photos.samples import SAMPLES
from ui.state import Backdrop
from ui.view import View

SAMPLE = SAMPLES[0].open()


@pytest.fixture
def at() -> AppTest:
    def row() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui.looks import choose_view, chosen_blur
        from ui.panels import panel_place
        from ui.state import bench

        bench()
        photo = SAMPLES[0].open()
        st.session_state["view"] = choose_view(photo, (), panel_place())
        st.session_state["blur"] = chosen_blur(photo)

    return AppTest.from_function(row).run()


def view(at: AppTest) -> View:
    assert not at.exception
    shown: Any = at.session_state["view"]
    assert isinstance(shown, View)
    return shown


def kernel(look: Look) -> int:
    assert isinstance(look.background, Blur | Picture)
    return look.background.kernel


def test_only_where_a_prompted_subject_is_looked_at_is_it_asked_for() -> None:
    """Of other photos it holds as it was said."""

    def row(at_hand: int) -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from tests.cuts import left_half_cut
        from ui.looks import choose_view
        from ui.panels import panel_place

        one, other = (sample.open() for sample in SAMPLES[:2])
        shown = (one, other)[at_hand]
        st.session_state["view"] = choose_view(shown, (left_half_cut(one),), panel_place())

    at = AppTest.from_function(row, kwargs={"at_hand": 0}).run()
    assert view(at).look.subjects == ()
    at.button_group("panel").select("Edges").run()
    at.toggle("only_subject").set_value(True).run()
    assert len(view(at).look.subjects) == 1
    at = AppTest.from_function(row, kwargs={"at_hand": 1})
    at.session_state["only_subject"], at.session_state["panel"] = True, "Edges"
    at.run()
    assert len(view(at).look.subjects) == 1
    assert "only_subject" not in [toggle.key for toggle in at.toggle]
    assert "largest" in [toggle.key for toggle in at.toggle]


def test_nothing_is_changed_at_first(at: AppTest) -> None:
    usual = Look(Blur(default_kernel(512, 512)))
    assert view(at).look == at.session_state["blur"] == usual
    assert len(at.slider) == 0


def test_what_a_panel_says_holds_while_it_is_folded_away(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Blur").run()
    at.segmented_control("blur_method").set_value("lens").run()
    at.slider("kernel").set_value(53).run()
    at.button_group("panel").select("Edges").run()
    at.slider("grow").set_value(3).run()
    at.toggle("hard").set_value(True).run()
    at.slider("threshold").set_value(0.25).run()
    at.toggle("unmix").set_value(False).run()
    changed = Look(Blur(53, "lens"), Edges(grow=3, threshold=0.25), unmix=False)
    assert view(at).look == changed
    at.button_group("panel").unselect("Edges").run()
    assert "grow" not in [slider.key for slider in at.slider]
    at.segmented_control("kind").set_value("Matte").run()
    assert view(at).look == at.session_state["blur"] == changed


def test_portrait_opens_its_controls_and_takes_what_they_say(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Blur").run()
    at.segmented_control("blur_method").set_value("portrait").run()
    usual = default_kernel(512, 512)
    assert view(at).look.background == Portrait(usual)
    assert at.session_state["panel"] == "Depth"
    assert "once a model has run" in at.caption[-1].value
    at.toggle("floor_set").set_value(True).run()
    assert view(at).look.background == Portrait(usual, Floor(0.4, 0.9))
    at.slider("floor").set_value((0.25, 0.25)).run()
    at.segmented_control("blades").set_value("hexagon").run()
    at.slider("bloom").set_value(0.5).run()
    expected = Portrait(usual, Floor(0.24, 0.25), None, "hexagon", 0.5)
    assert view(at).look.background == expected
    at.segmented_control("blur_method").set_value("lens").run()
    assert view(at).look.background == Blur(usual, "lens")
    assert at.session_state["panel"] is None
    at.segmented_control("blur_method").set_value("portrait").run()
    assert view(at).look.background == expected


def test_a_blur_may_be_as_strong_as_on_a_larger_photo(at: AppTest) -> None:
    at.session_state["kernel_strength"] = 30
    at.segmented_control("kind").set_value("Blur").run()
    expected = default_kernel(512, 512, 30)
    assert view(at).look.background == Blur(expected)
    assert at.slider("kernel").value == at.slider("kernel").max == expected > 301
    at.slider("kernel").set_value(25).run()
    assert view(at).look.background == Blur(25)
    assert at.slider("kernel").max == 301


@pytest.mark.parametrize("kind", ["Blur", "Replace"])
def test_a_blur_is_as_strong_for_a_photo_of_another_size(at: AppTest, kind: str) -> None:
    at.segmented_control("kind").set_value(kind).run()
    key = "kernel"
    if kind == "Replace":
        at.segmented_control("fill").set_value("Picture").run()
        at.session_state["bench"].backdrop = Backdrop("file", FilePicture.of(SAMPLE))
        at.run()
        key = "fit_kernel"
        assert kernel(view(at).look) == at.slider(key).value == 1
    at.slider(key).set_value(61).run()
    larger = replace(SAMPLE, width=4096, height=4096)
    assert kernel(view(at).look) == 61
    assert kernel(view(at).look_of(larger)) == pytest.approx(8 * 61, abs=2)
    assert kernel(view(at).composite_of(larger).look) == kernel(view(at).look_of(larger))
    at.slider(key).set_value(1).run()
    assert kernel(view(at).look_of(larger)) == 1


def test_a_picture_may_be_blurred_as_strongly_as_a_large_photo_needs(at: AppTest) -> None:
    at.session_state["fit_kernel_strength"] = 30
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Picture").run()
    assert at.slider("fit_kernel").value == default_kernel(512, 512, 30) > 301


def test_a_panel_goes_with_the_view_that_it_belongs_to(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Replace").run()
    at.button_group("panel").select("Blend in").run()
    at.slider("light").set_value(0.5).run()
    assert view(at).look.light == 0.5
    at.segmented_control("kind").set_value("Cutout").run()
    assert not at.exception
    assert at.button_group("panel").value is None
    at.segmented_control("kind").set_value("Replace").run()
    assert view(at).look.light == 0.5


def test_choosing_a_picture_opens_the_place_to_give_it(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Picture").run()
    assert not at.exception
    assert at.file_uploader("backdrop").label == "Background picture"
    at.segmented_control("fill").set_value("Colour").run()
    assert not at.exception
    assert len(at.file_uploader) == 0
