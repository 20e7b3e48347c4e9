"""What a download button tells of its file."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize(
    ("max_kb", "told"), [(None, "can limit its kB"), (500, "holds it to 500 kB")]
)
def test_a_download_says_what_limits_its_size(max_kb: int | None, told: str) -> None:
    def script(max_kb: int | None) -> None:
        import numpy as np

        from compositing.background import Blur, Colour
        from photos.encoding import FORMATS
        from photos.look import Look
        from tests.cuts import left_half_cut, photo_of
        from ui.files import download
        from ui.view import View

        cut = left_half_cut(photo_of(np.zeros((6, 8, 3), np.uint8)), "a")
        look = Look(Blur(21), max_kb=max_kb)
        for format_ in FORMATS:
            download(cut, View("Blur", look, Look(Colour(0, 0, 0)), ""), format_, format_, format_)

    at = AppTest.from_function(script, kwargs={"max_kb": max_kb}).run()
    assert not at.exception
    buttons: Any = at.get("download_button")
    assert {button.label: f"Frame {told}" in button.help for button in buttons} == {
        "PNG": False,  # which loses nothing
        "JPEG": True,
        "WebP": True,
    }
