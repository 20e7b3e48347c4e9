"""What a tab held comes back to it when it was loaded anew."""

import streamlit as st

from ui.chosen import choose_again, chosen
from ui.components.guard import guard
from ui.starting import dropped
from ui.state import bench
from ui.visits import come_back, remember


def watch() -> None:
    """Called in each run, last: by then it's known what there is to be lost."""
    token = remember(bench(), chosen(bench()), _who())
    guard(token, _take, work=bool(bench().trays or dropped()))


def _take(token: str) -> None:
    if bench().trays:
        return
    left = come_back(token, _who())
    if left is None or left.bench is None:
        return
    left.bench.uploads = {}  # the uploader has forgotten its files
    st.session_state["bench"] = left.bench
    choose_again(left.chosen)


def _who() -> str:
    """Tells people who log in from each other: a tab may be another's by now."""
    user = st.user.to_dict()
    return f"{user.get('iss')} {user.get('sub')} {user.get('email')}"
