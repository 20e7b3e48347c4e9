"""Rows of small pictures, pixel by pixel; each is a button."""

from collections.abc import Callable, Sequence

import streamlit as st

from ui.components.assets import data_url, register

_rows = register("crop_rows", "crop_rows.js")


def crop_rows(
    rows: Sequence[Sequence[bytes | str]],
    labels: Sequence[str],
    width: int,
    on_pick: Callable[[int, int], None],
    names: Sequence[str],
    *,
    key: str,
    grow: bool = False,
) -> None:
    """Show rows of pictures, JPEG, PNG or WebP files, `width` pixels wide, or of words that say why
    there is none. grow: they are as much wider as there is room, and rows beside each other where
    several fit. labels, names: of the columns and of the rows; a column without a label has the
    rows' names. `on_pick` is called with the row and the column of the one that is pressed."""

    def pick() -> None:
        row, column = st.session_state[key]["picked"]
        on_pick(int(row), int(column))

    pictures = [
        [
            {
                "name": f"{name}: {label}" if label else name,
                "label": label or name,
                "width": width,
                **_cell(each),
            }
            for each, label in zip(row, labels, strict=True)
        ]
        for name, row in zip(names, rows, strict=True)
    ]
    _rows(
        key=key,
        data={
            "rows": pictures,
            "grow": grow,
            "version": str(hash((tuple(map(tuple, rows)), tuple(labels), tuple(names)))),
        },
        on_picked_change=pick,
    )


def _cell(each: bytes | str) -> dict[str, str]:
    return {"words": each} if isinstance(each, str) else {"source": data_url(each)}
