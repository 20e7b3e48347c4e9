"""The panels of controls, of which one at most is open: in the sidebar, above the models; on a
phone in the sheet. What needs no room at all times is there, so that no picture ever moves."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple

import streamlit as st

from photos.photo import PhotoFile
from ui.backgrounds import PAINT, from_words, setting_controls
from ui.closer import closer_controls
from ui.edges import edge_controls
from ui.frame import frame_controls
from ui.leaving import of_this_page
from ui.placement import placement_controls
from ui.portrait import portrait_controls
from ui.recipes import recipe_controls
from ui.sidebar import is_phone
from ui.view import ViewKind


class Panel(NamedTuple):
    """Its sign, and what draws it. None: who calls `choose_panel`, once the view is known."""

    icon: str
    controls: Callable[[PhotoFile], None] | None


PANELS = {
    "Edges": Panel(":material/gesture:", lambda _: edge_controls()),
    "Frame": Panel(":material/crop:", lambda _: frame_controls()),
    "Recipe": Panel(":material/receipt_long:", recipe_controls),
    "Differences": Panel(":material/frame_inspect:", lambda _: closer_controls()),
    "Depth": Panel(":material/camera:", portrait_controls),
    PAINT: Panel(":material/brush:", None),
    "Placement": Panel(":material/open_with:", placement_controls),
    "Blend in": Panel(":material/light_mode:", lambda _: setting_controls()),
}
"""Those of every view come first: they stay where they are."""
ADJUST = "Adjust"


def panel_place() -> AbstractContextManager[Any]:
    """Where a panel opens: in the sidebar, above the models if they are drawn after this, where it
    neither moves a picture nor covers one; on a phone in the sheet, beneath its own button."""
    return nullcontext() if is_phone() else st.sidebar.container(key="panel_place")


def panels_of(kind: ViewKind, *, by_depth: bool) -> list[str]:
    """Those that there are in a view; one of another view closes. by_depth: whether the blur is."""
    replaces = kind == "Replace"
    there = {
        "Depth": kind == "Blur" and by_depth,
        PAINT: replaces and from_words(),
        "Placement": replaces,
        "Blend in": replaces,
    }
    names = [name for name in PANELS if there.get(name, True)]
    if st.session_state.get("panel") not in (None, *names):  # a press on another may be on its way
        st.session_state["panel"] = None
    return names


def fold_button() -> None:
    """On a phone: unfolds what is adjusted in the sheet, panels and the view's own, and folds it,
    when the panel that is open closes. To be drawn once `panels_of` was asked."""
    if opened():
        st.session_state["unfolded"] = [ADJUST]

    @of_this_page
    def close() -> None:
        if not st.session_state["unfolded"]:
            st.session_state["panel"] = None

    st.pills(
        "Sheet",
        [ADJUST],
        selection_mode="multi",
        key="unfolded",
        on_change=close,
        label_visibility="collapsed",
        persist_state="session",
    )


def unfold_for_view() -> None:
    """Once another view was chosen: on a phone those come with their own controls that are hardly
    ever left as they are."""
    st.session_state["unfolded"] = [ADJUST] * (st.session_state["kind"] in ("Blur", "Replace"))


def choose_panel(names: list[str]) -> str | None:
    """Draw the buttons that open a panel, and return which one is open, if any. names: of
    `panels_of`."""
    return st.pills(
        ADJUST,
        names,
        format_func=lambda name: f"{PANELS[name].icon} {name}",
        key="panel",
        label_visibility="collapsed",
        wrap=True,
    )


@contextmanager
def panel_frame(name: str, place: AbstractContextManager[Any]) -> Iterator[None]:
    """In it the controls of the panel with this name are drawn. place: of `panel_place`."""
    with place, st.container(border=is_phone(), key="panel_open"):
        if not is_phone():  # where the button that is pressed tells what it is
            st.header(name, anchor=False)
        yield


def opened() -> str | None:
    """Which panel is open, once `choose_panel` was called."""
    panel: str | None = st.session_state.get("panel")
    return panel
