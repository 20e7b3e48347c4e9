"""The Models page: everything in the catalogue, with what decides between models."""

import streamlit as st

from models.catalog import DEPTHS, PAINTERS, cutters
from ui.facts import CUTTING, DECIDING, facts_table, legend
from ui.sidebar import allowed, commercial_switch


def page() -> None:
    """The tables of the catalogue: models that cut out, painters, and those that see depth."""
    st.title("Models and licences", anchor=False)
    commercial_switch()
    legend()
    facts_table("Models that cut out", allowed(cutters()), {**DECIDING, **CUTTING})
    st.header("Backgrounds from words", anchor=False)
    st.markdown("They paint what is put behind the subject: Compare, Replace, Words.")
    facts_table("Models that paint backgrounds", allowed(PAINTERS), DECIDING)
    st.header("Depth", anchor=False)
    st.markdown("They tell how far things are, for the blur by depth: Compare, Blur, Portrait.")
    facts_table("Models that see depth", allowed(DEPTHS), DECIDING)
