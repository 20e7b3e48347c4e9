"""The parts of the page Best, and the way from one to another."""

from typing import Literal

import streamlit as st

type Part = Literal["Vote", "Ratings", "With truth", "Recommend"]

PART = "best_part"
"""The key of the control that chooses one."""

VOTE = ":material/how_to_vote:"
"""The icon of what leads to votes."""


def part_button(
    part: Part, label: str = "", *, icon: str, collection: str | None = None, primary: bool = True
) -> None:
    """A button that leads there. label: if it isn't the part's name. collection: the one to choose
    there."""
    st.button(
        label or part,
        icon=icon,
        type="primary" if primary else "secondary",
        key=f"to_{part}",
        on_click=_turn_to,
        args=(part, collection),
    )


def _turn_to(part: Part, collection: str | None) -> None:
    st.session_state[PART] = part
    if collection:
        st.session_state["collection"] = collection
