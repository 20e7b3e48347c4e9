"""Dialogs that each run of their page draws, until the person closes them or leaves the page."""

import streamlit as st

from ui.kept import ask_no_more
from ui.sidebar import close_drawer
from ui.zoom import forget_zoom


def close_those_of_other_pages(page: str) -> None:
    """To be called in each run, before the page is drawn. page: its path."""
    if st.session_state.get("page_drawn") != page:
        for close in (ask_no_more, close_drawer, forget_zoom):
            close()
        st.session_state["page_drawn"] = page
