"""Pixels that are decoded once for who looks at a photo and then runs a model on it."""

import dataclasses
import gc

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compositing.background import Blur, Colour
from photos.cut import Cut
from photos.look import Look
from photos.photo import PhotoFile
from photos.samples import SAMPLES
from tests.cuts import cut_of
from ui.decoded import LatestPixels, latest_pixels
from ui.render import full_cut, full_photo
from ui.view import View


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of photos, one each time that one is decoded."""
    names, pixels = list[str](), PhotoFile.pixels

    def counted(photo: PhotoFile) -> object:
        names.append(photo.name)
        return pixels(photo)

    monkeypatch.setattr(PhotoFile, "pixels", counted)
    return names


def test_the_latest_photo_is_decoded_once(decoded: list[str]) -> None:
    latest, cup, cat = LatestPixels(), SAMPLES[2].open(), SAMPLES[1].open()
    first = latest.of(cup)
    assert latest.of(cup) is first
    assert latest.of(cat).shape == (cat.height, cat.width, 3)
    np.testing.assert_array_equal(latest.of(cup), first)
    assert decoded == [cup.name, cat.name, cup.name]


def test_they_go_with_their_photo() -> None:
    latest, cup = LatestPixels(), SAMPLES[2].open()
    own = dataclasses.replace(cup)  # samples stay open
    latest.of(own)
    assert latest.held
    del own
    gc.collect()
    assert not latest.held


def test_full_sizes_of_the_photo_at_hand_take_no_decoding(decoded: list[str]) -> None:
    cup = dataclasses.replace(SAMPLES[2].open())
    latest_pixels.of(cup)
    decoded.clear()
    cut = cut_of(cup, np.full((cup.height, cup.width), 255, np.uint8))
    assert full_photo(cup)
    assert full_cut(cut, View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour"))
    assert decoded == []


def test_a_matte_is_unpacked_once_for_the_cards_and_the_viewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script() -> None:
        import streamlit as st

        from compositing.background import Blur, Colour
        from photos.look import Look
        from ui.parts import edges_of
        from ui.render import cut_preview
        from ui.view import View

        found = st.session_state["cuts"]
        view = View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour")
        edges_of(found)
        for cut in found:
            cut_preview("cup", cut, view)

    unpacked, levels = list[str](), Cut.levels

    def counted(cut: Cut, *, refined: bool = True) -> object:
        unpacked.append(cut.key)
        return levels(cut, refined=refined)

    monkeypatch.setattr(Cut, "levels", counted)
    cup = SAMPLES[2].open()
    first, second = (cut_of(cup, np.eye(cup.height, cup.width, k, np.uint8)) for k in (0, 9))
    at = AppTest.from_function(script, default_timeout=60)
    for cuts in ([first], [first, second], [second]):
        at.session_state["cuts"] = cuts
        assert not at.run().exception
    assert unpacked == [first.key, second.key]
