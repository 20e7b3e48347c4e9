"""Mattes of other tools on the page: uploaded, compared, kept for voting, taken away."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from compositing.background import Transparent
from photos.export import archive
from photos.look import Look
from ui import kept
from ui.state import Bench

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def at() -> Iterator[AppTest]:
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    for name, red in (("cat.png", 200), ("dog.png", 90)):
        at.file_uploader[0].upload(name, photo(red), "image/png")
    yield at.run()
    st.cache_resource.clear()


def photo(red: int) -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", (90, 60), (40, 80, 160))
    image.paste((red, 90, 20), (30, 10, 60, 60))
    image.save(file, "PNG")
    return file.getvalue()


def matte(size: tuple[int, int] = (90, 60)) -> bytes:
    levels = np.zeros(size[::-1], np.uint8)
    levels[10:, 30:60] = 255
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def give(at: AppTest, *files: tuple[str, bytes]) -> None:
    """All that the mattes' uploader holds from now on."""
    (uploader,) = (each for each in at.file_uploader if each.label == "Mattes")
    made: Any = [(name, name, data, "image/png") for name, data in files]
    uploader._files = made
    at.run()
    assert not at.exception


def held(at: AppTest) -> Bench:
    bench = at.session_state["bench"]
    assert isinstance(bench, Bench)
    return bench


def words(at: AppTest) -> str:
    kinds: Any = (at.markdown, at.caption, at.error, at.info)
    return "\n".join(str(element.value) for elements in kinds for element in elements)


def buttons(at: AppTest) -> list[str]:
    found: Any = at.get("download_button")
    return [button.label for button in found]


def test_a_matte_is_a_card_that_is_compared_and_packed(at: AppTest) -> None:
    give(at, ("cat-no_bg.png", matte()), ("cat-other.png", matte()))
    assert {"no_bg", "other", "Disagreement"} <= {str(head.value) for head in at.header}
    keys = {button.key for button in at.get("download_button")}
    assert {"zip", "save_no_bg", "save_other"} <= keys
    tray = held(at).tray
    assert tray is not None
    packed = zipfile.ZipFile(io.BytesIO(archive(tray.brought, lambda _: Look(Transparent()))))
    assert {"cat/no_bg_cutout.png", "cat/other_matte.png"} <= set(packed.namelist())
    assert "no_bg" not in [box.label for box in at.checkbox]
    assert [cut.spec.name for cut in kept.votable(held(at))[held(at).current or ""]] == [
        "no_bg",
        "other",
    ]
    at.button("zoom_no_bg").click().run()
    assert not at.exception


def test_files_go_to_the_photo_that_they_are_called_after(at: AppTest) -> None:
    at.text_input("matte_tool").set_value("Scissors").run()
    give(at, ("cat.png", matte()), ("dog.png", matte()), ("else.png", matte()))
    assert [list(tray.mattes) for tray in held(at).trays.values()] == [["scissors"]] * 2
    give(at, ("dog.png", matte()))
    assert [list(tray.mattes) for tray in held(at).trays.values()] == [[], ["scissors"]]


def test_what_does_not_fit_is_told(at: AppTest) -> None:
    give(at, ("cat.png", matte((60, 60))))
    assert "has 60 × 60 pixels" in "".join(str(each.value) for each in at.error)
    assert not any(tray.mattes for tray in held(at).trays.values())
    give(at)
    assert not at.error


def test_a_matte_stays_until_it_is_removed(at: AppTest) -> None:
    give(at, ("cat-a.png", matte()))
    at.button("remove_matte_a").click().run()
    assert "**a**" not in words(at).splitlines()
    assert not at.exception


def test_a_matte_s_other_files_are_offered(at: AppTest) -> None:
    give(at, ("cat-a.png", matte()))
    at.segmented_control("kind").set_value("Matte").run()
    at.button("zoom_a").click().run()
    assert not at.exception
    labels = buttons(at)
    assert {"PNG, 16 bits", "Trimap"} <= set(labels)
    assert "PSD" not in labels
    at.segmented_control("kind").set_value("Cutout").run()
    at.button("zoom_a").click().run()
    labels = buttons(at)
    assert "PSD" in labels
    assert "Trimap" not in labels
