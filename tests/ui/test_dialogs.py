"""A dialog stays until the person closes it, or leaves its page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


def test_the_models_of_a_phone_stay_open_though_the_page_is_drawn_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it is once it's too late to bring a photo back."""
    phone = {"User-Agent": "Mobile"}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", phone)
    at = AppTest.from_file(str(APP), default_timeout=60).run()
    at.button("sample_Cat").click().run()
    assert not at.checkbox
    at.button("drawer").click().run()
    listed = len(at.checkbox)
    assert listed > 5
    assert len(at.run().checkbox) == listed


def test_dialogs_close_with_their_page() -> None:
    def script() -> None:
        import streamlit as st

        from ui.dialogs import close_those_of_other_pages

        close_those_of_other_pages(st.session_state["path"])

    at = AppTest.from_function(script)
    at.session_state["path"] = ""
    at.run()
    dialogs = ("asked", "drawer_open", "zoomed")
    for dialog in dialogs:
        at.session_state[dialog] = True
    at.run()
    assert all(dialog in at.session_state for dialog in dialogs)
    at.session_state["path"] = "best"
    at.run()
    assert not any(dialog in at.session_state for dialog in dialogs)
