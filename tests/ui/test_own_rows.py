"""A row of the person's own stands on the page like any other, and runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models.catalog import own
from tests.tiny_onnx import save_red

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(own, "_READ", {})
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_it_can_be_ticked_and_its_facts_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_red(tmp_path / "red.onnx")
    file = tmp_path / "models.toml"
    file.write_text(
        "[[model]]\nname = 'red'\nlabel = 'Red'\nfamily = 'onnx'\npath = 'red.onnx'\n"
        "summary = 'Red things.'\n"
    )
    monkeypatch.setenv(own.SETTING, str(file))
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.exception
    assert at.checkbox("model_red").label.startswith("**Red** ")
    assert "unclear, non-commercial" in at.checkbox("model_red").label
    assert "Your own" in [group.value for group in at.subheader]


def test_a_mistake_takes_the_page_s_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "models.toml"
    file.write_text("[[model]]\nname = 'red'\n")
    monkeypatch.setenv(own.SETTING, str(file))
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not at.title
    (error,) = at.error
    assert "red: family is missing" in str(error.value).replace("\\", "")
