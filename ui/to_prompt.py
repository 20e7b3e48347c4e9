"""The way from a card to the Prompt page, with its model chosen there."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from models.catalog import ModelSpec


def remember(page: StreamlitPage) -> None:
    """Which page that is; to be told in each run."""
    st.session_state["prompt_page"] = page


def to_prompt(spec: ModelSpec, key: str) -> None:
    """A button that leads there."""
    label = "Draw a box" if "boxes" in spec.prompts else "Say it in words"
    icon = ":material/ads_click:"
    if st.button(label, icon=icon, key=f"{key}_{spec.name}", help=f"For {spec.label}"):
        st.session_state["prompt_model"] = spec.name
        st.switch_page(st.session_state["prompt_page"])
