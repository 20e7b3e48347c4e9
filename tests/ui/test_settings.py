"""A wrong setting takes the page's place, in words that aren't hidden."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from photos import samples
from ui import sidebar

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_wrong_settings_are_told_instead_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "lots")
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXEL", "250")
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.exception
    number, unknown = (str(error.value).replace("\\", "") for error in at.error)
    assert "CUTOUT_MAX_MEGABYTES" in number
    assert "“lots”" in number
    assert "Did you mean CUTOUT_MAX_MEGAPIXELS?" in unknown
    assert not at.title
    assert not at.file_uploader

    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "250")
    monkeypatch.delenv("CUTOUT_MAX_MEGAPIXEL")
    at.run()
    assert not at.error
    assert not at.exception
    assert at.title

    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "many")
    assert not at.run().error  # looked at once


def test_a_login_that_is_gone_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """secrets.toml may change while the server runs."""
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert at.file_uploader
    monkeypatch.setenv("CUTOUT_LOGIN_ALLOW", "@team.example")
    at.run()
    assert "secrets.toml has no" in at.error[0].value
    assert not at.file_uploader


def test_each_of_several_cards_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidebar, "offered", lambda: ("auto", "cuda:0", "cuda:1", "cpu"))
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.exception
    device = at.selectbox(key="device")
    assert device.options == ["Automatic", "NVIDIA GPU 0", "NVIDIA GPU 1", "CPU"]
    assert device.select("cuda:1").run().selectbox(key="device").value == "cuda:1"


def test_low_limits_leave_the_page_without_the_samples_that_exceed_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples._opened.cache_clear()
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "0.3")
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.exception
    assert [button.label for button in at.button if "sample" in str(button.key)] == ["Cat"]
