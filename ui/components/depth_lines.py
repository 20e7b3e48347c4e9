"""Over a photo: the horizon, the feet and the focus of a blur by depth, to be dragged."""

from collections.abc import Callable

import streamlit as st

from ui.components.assets import register

_lines = register("depth_lines", "depth_lines.js")


def depth_lines(
    photo: str,
    size: tuple[int, int],
    *,
    lines: tuple[float, float] | None,
    by_hand: bool,
    focus: tuple[float, float] | None,
    subject: tuple[float, float],
    on_floor: Callable[[float, float], None],
    on_focus: Callable[[tuple[float, float] | None], None],
    key: str,
) -> None:
    """Show them over the picture that comes before in the same container, which is as large as it
    and shows all of the photo called `photo`, whose size is (width, height). All places are parts
    of its height, from the top, or of its width, from the left.

    lines: where the horizon and the feet are; None shows neither. by_hand: whether a person said
    so. focus: None is the subject, which is seen at `subject`.

    A line follows the pointer, a finger or the arrow keys in the browser; once it's let go,
    `on_floor` is called with both. `on_focus` is called with a place that was pressed, and with
    None when the focus goes back to the subject.
    """

    def take_floor() -> None:
        told = st.session_state[key]["floor"]
        if told and told["photo"] == photo:  # not the one that was there before
            on_floor(*map(float, told["at"]))

    def take_focus() -> None:
        told = st.session_state[key]["focus"]
        if told and told["photo"] == photo:
            on_focus(told["at"] and (round(told["at"][0], 4), round(told["at"][1], 4)))

    _lines(
        key=key,
        data={
            "photo": photo,
            "width": size[0],
            "height": size[1],
            "lines": lines,
            "byHand": by_hand,
            "focus": focus,
            "subject": subject,
        },
        on_floor_change=take_floor,
        on_focus_change=take_focus,
    )
