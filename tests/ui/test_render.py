import io
import zipfile
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from compositing.alpha import Edges
from compositing.background import Blur, Colour
from compositing.overlay import TINTS, contrasting
from compositing.shadow import Shadow
from photos.look import Look
from photos.rendering import render
from tests.cuts import left_half_cut, photo_of
from ui import render as rendering
from ui.looks import view_of
from ui.render import CARD_SIDE, composite_preview, cut_preview
from ui.view import View, ViewKind

VIEW = View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour")


def test_each_view_is_about_its_own_background() -> None:
    assert replace(VIEW, kind="Blur").look.background == Blur(21)
    assert replace(VIEW, kind="Replace").look.background == Colour(1, 2, 3)
    assert VIEW.look.background == Blur(21)


def test_a_blur_is_as_strong_in_photos_of_every_size() -> None:
    view = replace(VIEW, kind="Blur", strength=0.5)
    small, large = (photo_of(np.zeros((side, side, 3), np.uint8)) for side in (1000, 2000))
    assert view.look_of(small).background == Blur(25)
    assert view.look_of(large).background == Blur(51)
    assert replace(view, kind="Replace").look_of(large) == view.replaced


def test_a_key_tells_apart_what_looks_different() -> None:
    views = [
        VIEW,
        replace(VIEW, fill=False),
        replace(VIEW, blurred=Look(Blur(21), Edges(grow=2))),
        replace(VIEW, kind="Blur"),
        replace(VIEW, kind="Blur", blurred=Look(Blur(23))),
        replace(VIEW, kind="Replace"),
        replace(VIEW, kind="Replace", behind="another"),
        replace(VIEW, kind="Replace", replaced=Look(Colour(1, 2, 3), light=0.5)),
        replace(VIEW, kind="Replace", replaced=Look(Colour(1, 2, 3), shadow=Shadow())),
    ]
    assert len({view.key for view in views}) == len(views)
    # A matte looks the same whatever goes behind it.
    assert replace(VIEW, blurred=Look(Blur(23)), behind="another").key == VIEW.key


def test_a_card_shows_the_composite_that_was_made_at_full_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only in the view that it was made for; in the others, and larger, it's drawn anew."""
    monkeypatch.setattr(rendering, "_cut_jpeg", lambda *_: b"drawn anew")
    photo = photo_of(np.random.default_rng(1).integers(0, 255, (30, 40, 3), np.uint8))
    cut = left_half_cut(photo)
    view = replace(VIEW, kind="Blur", strength=0.5).composite_of(photo)
    made = composite_preview(cut, view, photo.pixels())
    cut = replace(cut, composite=made)
    assert cut_preview("key", cut, view, CARD_SIDE) == made.jpeg
    whole = render(cut, view.look)
    shown = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert shown is not None
    assert shown.shape == whole.shape
    other = replace(view, blurred=replace(view.blurred, unmix=False))
    assert other.key != made.key
    for drawn in (cut_preview("key", cut, other, CARD_SIDE), cut_preview("key", cut, view, 20)):
        assert drawn == b"drawn anew"


@pytest.mark.parametrize(
    ("size", "side", "room", "line"),
    [
        ((7400, 500), 1600, None, 1),  # in the viewer, some 1400 or 650 pixels of the screen
        ((3000, 3000), 1600, None, 3),
        ((7400, 500), 1280, None, 3),  # on a card, some 400 of the screen
        ((4000, 3000), 1280, (250, 400), 5),  # among many
        ((4000, 3000), 1280, (140, 400), 9),  # on a phone
        ((3000, 4000), 1280, (460, 400), 3),  # the height leaves less
        ((512, 512), 1280, (460, 400), 1),
        ((3000, 3000), 320, None, 1),  # a thumbnail
    ],
)
def test_an_outline_is_about_as_wide_on_the_screen_wherever_it_is_shown(
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    side: int,
    room: tuple[int, int] | None,
    line: int,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(rendering, "_cut_jpeg", lambda *told: asked.append(told[4]))
    width, height = size
    photo = replace(photo_of(np.zeros((2, 4, 3), np.uint8)), width=width, height=height)
    for kind in ("Overlay", "Matte"):
        cut_preview("key", left_half_cut(photo), replace(VIEW, kind=kind), side, room)
    assert asked == [line, 1]  # what has no outline isn't drawn anew for another width


@pytest.mark.parametrize("line", [3, 5])
def test_both_tones_of_an_outline_are_seen(line: int) -> None:
    photo = photo_of(np.zeros((80, 80, 3), np.uint8))
    alpha = np.zeros((80, 80), np.float32)
    alpha[:, :40] = 1
    pixels, view = np.full((80, 80, 3), 90, np.uint8), replace(VIEW, fill=False)
    row = rendering.drawn(left_half_cut(photo), pixels, alpha, view, 1280, line)[40, 20:]
    assert (row == view.tint).all(axis=1).sum() == line
    assert (row.min(axis=1) > 190).sum() == 2 * line


@pytest.mark.parametrize("kind", ["Overlay", "Matte", "Blur", "Replace"])
def test_the_composite_s_view_is_the_one_that_is_looked_at_next(kind: ViewKind) -> None:
    """Whatever was set for the overlay meanwhile."""
    photo = photo_of(np.zeros((30, 40, 3), np.uint8))
    made = replace(VIEW, kind=kind, fill=False).composite_of(photo)
    looked_at = replace(VIEW, kind="Replace" if kind == "Replace" else "Blur")
    assert made.key == replace(looked_at, blurred=made.blurred).key


def test_each_photo_of_the_overview_has_the_overlay_that_stands_out_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.looks.contrasting_tint", lambda _, photo: contrasting(photo.pixels()))
    for colour in TINTS.values():
        photo = photo_of(np.full((20, 20, 3), colour, np.uint8))
        view = replace(VIEW, tint=colour)
        assert view_of(view, str(colour), photo).tint != colour


def test_a_head_that_is_not_found_leaves_the_photo_and_is_told() -> None:
    """There are no files then, nor buttons for them, and no picture with a frame that nobody asked
    for."""

    def page() -> None:
        import streamlit as st

        from compositing.background import Colour
        from photos.look import Look
        from photos.presets import find_preset
        from tests.cuts import left_half_cut, red_photo
        from ui import framed
        from ui.files import download
        from ui.further import further_files
        from ui.render import cut_preview
        from ui.view import View

        cut = left_half_cut(red_photo())
        look = Look(Colour(255, 255, 255), frame=find_preset("id-de"))
        view = View("Replace", look, look, "white")
        overlay = View("Overlay", look, look, "")
        st.caption(" ".join(framed.notes("photo", cut, view)))
        st.caption(" ".join(framed.notes("photo", cut, overlay)))
        for each in (view, overlay):
            download(cut, each, "PNG", "PNG", each.kind)
            further_files(cut, each)
        st.session_state["size"] = framed.shown_size("photo", cut, view)
        st.session_state["placing"] = framed.placing("photo", cut, view)
        st.session_state["jpeg"] = cut_preview("photo", cut, view)

    at = AppTest.from_function(page, default_timeout=60).run()
    assert not at.exception
    for told in at.caption:
        assert "there is no face that looks into the camera" in told.value
        assert "there are no files with it" in told.value
    assert len(at.caption) == 2
    assert not at.get("download_button")
    assert (at.session_state["size"], at.session_state["placing"]) == ((40, 30), None)
    with Image.open(io.BytesIO(at.session_state["jpeg"])) as image:
        assert image.size == (40, 30)


def test_a_zip_of_which_nothing_has_the_frame_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that only fails would say nothing."""
    makers: list[Any] = []
    monkeypatch.setattr("ui.packing.file_button", lambda _, make, *__, **___: makers.append(make))

    def page() -> None:
        from compositing.background import Colour
        from photos.look import Look
        from photos.presets import find_preset
        from tests.cuts import left_half_cut, red_photo
        from ui.packing import pack
        from ui.view import View

        look = Look(Colour(255, 255, 255), frame=find_preset("id-de"))
        view = View("Replace", look, look, "white")
        pack([left_half_cut(red_photo())], lambda: (), view, 1, "", {})

    assert not AppTest.from_function(page, default_timeout=60).run().exception
    with zipfile.ZipFile(io.BytesIO(makers[0]())) as packed:
        assert set(packed.namelist()) == {"results.json", "failures.csv"}
        told = packed.read("failures.csv").decode()
    assert "scene.jpg,grabcut," in told
    assert "Say where crown and chin are" in told
