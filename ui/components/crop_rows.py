"""Rows of small pictures, pixel by pixel; each is a button."""

from collections.abc import Callable, Sequence

import streamlit as st

from ui.components.assets import data_url, register

_rows = register("crop_rows", "crop_rows.js")


def crop_rows(
    rows: Sequence[Sequence[bytes]],
    labels: Sequence[str],
    width: int,
    on_pick: Callable[[int, int], None],
    *,
    key: str,
) -> None:
    """Show a row of pictures for each place, JPEG, PNG or WebP files, `width` pixels wide; labels
    name its columns. `on_pick` is called with the row and the column of the one that is pressed."""

    def pick() -> None:
        row, column = st.session_state[key]["picked"]
        on_pick(int(row), int(column))

    pictures = [
        [
            {"source": data_url(each), "label": label, "width": width}
            for each, label in zip(row, labels, strict=True)
        ]
        for row in rows
    ]
    _rows(
        key=key,
        data={"rows": pictures, "version": str(hash((tuple(map(tuple, rows)), tuple(labels))))},
        on_picked_change=pick,
    )
