"""The star of a result that was chosen for its photo."""

import streamlit as st

from models.catalog import CONSENSUS, ModelSpec
from ui.packing import pack_chosen
from ui.state import bench


def star(photo: str, spec: ModelSpec, key: str) -> None:
    """The button that chooses the model's result for the photo with that key, or takes that back.
    key: the button's own. What several models agree on is no model's, and has none."""
    if spec is CONSENSUS:
        return
    held = bench()
    chosen = held.trays[photo].choice == spec.name

    def choose() -> None:
        if not any(tray.choice for tray in held.trays.values()):
            pack_chosen()
        if tray := held.trays.get(photo):  # it may have been taken away meanwhile
            tray.choice = None if chosen else spec.name

    st.button(
        f"{spec.label} is chosen" if chosen else f"Choose {spec.label}",
        icon=":material/star:",
        key=key,
        type="primary" if chosen else "secondary",
        help="Chosen for this photo" if chosen else "Choose for this photo: the ZIP can follow",
        on_click=choose,
    )
