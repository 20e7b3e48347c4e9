"""The picture that goes behind the subject: given, hidden and taken away."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from compositing.background import Background, Colour, Picture


@pytest.fixture
def at() -> AppTest:
    """The controls of Replace with the panel for a picture open."""

    def row() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui.looks import choose_view
        from ui.panels import panel_place

        st.session_state["view"] = choose_view(SAMPLES[0].open(), (), panel_place())

    at = AppTest.from_function(row).run()
    at.segmented_control("kind").set_value("Replace").run()
    return at.segmented_control("fill").set_value("Picture").run()


def picture_file(colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(file, "PNG")
    return file.getvalue()


def give(at: AppTest, name: str, data: bytes) -> None:
    at.file_uploader("backdrop").set_value((name, data, "image/png")).run()


def behind(at: AppTest) -> Background:
    assert not at.exception
    background: Background = at.session_state["view"].look.background
    return background


def captions(at: AppTest) -> list[str]:
    """All but the last two, which say how things are put into place."""
    return [caption.value for caption in at.caption][:-2]


GREEN, BLUE = (10, 200, 90), (10, 90, 200)
NONE = (Colour(255, 255, 255), ["No picture yet: white stands in for it."])


def colour(at: AppTest) -> tuple[int, ...]:
    background = behind(at)
    assert isinstance(background, Picture)
    return tuple(np.asarray(background.pixels)[0, 0].tolist())


def test_a_picture_taken_away_is_used_no_more(at: AppTest) -> None:
    give(at, "beach.png", picture_file(GREEN))
    assert (colour(at), captions(at)) == (GREEN, [])
    give(at, "beach.png", picture_file(BLUE))
    assert colour(at) == BLUE
    at.file_uploader("backdrop").clear().run()
    assert (behind(at), captions(at)) == NONE


def test_a_picture_stays_while_the_uploader_is_hidden(at: AppTest) -> None:
    give(at, "a_beach.png", picture_file(GREEN))
    for _ in range(2):
        at.segmented_control("kind").set_value("Blur").run()
        at.segmented_control("kind").set_value("Replace").run()
        assert colour(at) == GREEN
    at.button_group("panel").select("Placement").run()
    assert at.file_uploader("backdrop").value is None
    assert (colour(at), captions(at)) == (GREEN, [r"In use: a\_beach.png"])
    give(at, "other.png", picture_file(BLUE))
    assert (colour(at), captions(at)) == (BLUE, [])


def test_a_file_that_is_no_picture_is_named_as_it_is_called(at: AppTest) -> None:
    give(at, "beach.png", picture_file(GREEN))
    give(at, "*b*.png", b"nothing")
    assert r"“\*b\*.png” is not a photo that can be read" in at.error[0].value
    assert (behind(at), captions(at)) == NONE
