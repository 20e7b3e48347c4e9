"""All photos at once: a row for each, with what each model made of it."""

import streamlit as st

from models.catalog import ModelSpec
from photos.cut import Cut
from photos.names import unique
from photos.photo import PhotoFile
from ui.components.crop_rows import crop_rows
from ui.looks import view_of
from ui.parts import Part
from ui.render import View, cut_preview, photo_preview
from ui.sidebar import is_phone
from ui.state import Bench
from ui.tray import Failure
from ui.zoom import zoom_in

SIDE, ON_A_PHONE = 168, 104
"""How wide a picture is at least, in CSS pixels."""
DENSE = 3
"""Pixels of a picture for one of that width: it may be wider, and screens are finer."""


def overview(held: Bench, specs: list[ModelSpec], view: View) -> None:
    """The grid. A press on a photo goes to it; one on a model's picture zooms in on that, and is
    back here when the person closes it."""
    side = ON_A_PHONE if is_phone() else SIDE
    keys = list(held.trays)
    names = list(unique(tray.photo.name for tray in held.trays.values()))
    found = held.cuts(specs)
    parts = [
        _of(view, key, tray.photo).part_of(tray.photo, [cut for each, cut in found if each == key])
        for key, tray in held.trays.items()
    ]
    told = [f"{name}, a part" if part else name for name, part in zip(names, parts, strict=True)]
    with st.spinner("Drawing all photos…"):
        rows = [
            _row(held, key, specs, view, DENSE * side, part)
            for key, part in zip(keys, parts, strict=True)
        ]
    labels = ["", *(spec.label for spec in specs)]  # the first has the photo's name

    def pick(row: int, column: int) -> None:
        if row >= len(keys) or keys[row] not in held.trays:  # it was taken away meanwhile
            return
        held.current = key = keys[row]
        outcome = held.outcome(key, specs[column - 1]) if 0 < column <= len(specs) else None
        if isinstance(outcome, Cut):
            zoom_in(key, outcome)
        else:
            st.session_state["overview"] = False

    crop_rows(rows, labels, side, pick, told, key="all_photos", grow=True)


def _row(
    held: Bench, key: str, specs: list[ModelSpec], view: View, side: int, part: Part | None = None
) -> list[bytes | str]:
    photo = held.trays[key].photo
    cells: list[bytes | str] = [photo_preview(key, photo, side, part)]
    for spec in specs:
        outcome = held.outcome(key, spec)
        if isinstance(outcome, Cut) and outcome.empty:
            cells.append("nothing found")
        elif isinstance(outcome, Cut):
            mine = _of(view, key, photo)
            cells.append(cut_preview(key, outcome, mine, side, part=part))
        elif isinstance(outcome, Failure):
            cells.append(str(outcome.error))
        else:
            cells.append(_to_come(held, key, spec))
    return cells


def _to_come(held: Bench, key: str, spec: ModelSpec) -> str:
    if held.awaits(key, spec):
        return "waiting"
    return "to be run again" if held.trays[key].outdated(spec, held.refiner) else "not run"


def _of(view: View, key: str, photo: PhotoFile) -> View:
    return view_of(view, key, photo, overlaid=view.kind == "Overlay")
