"""Files for other programs: a document with layers, a matte of 16 bits, a trimap."""

from collections.abc import Callable

import streamlit as st

from photos.cut import Cut
from photos.encoding import MIME, SUFFIX, refusal
from photos.finishing import picture_file
from ui import framed
from ui.downloads import file_button
from ui.photo_bar import plain
from ui.view import PICTURES, View


def further_files(cut: Cut, view: View) -> None:
    """Buttons beside those of the usual formats: of a matte, all its shades and its trimap; of
    other pictures, their layers."""
    if framed.why_not(cut, view):
        return
    if view.kind != "Matte":
        if refused := refusal(cut.photo, "PSD"):
            st.caption(plain(refused))
        else:
            layers = "Photo, background, shadow and subject with its mask, as layers"
            what = "layers" if view.kind in ("Overlay", "Cutout") else f"{view.kind}_layers".lower()
            kind = PICTURES[view.kind]
            _button(
                "PSD", f"{what}{SUFFIX['PSD']}", MIME["PSD"], layers, cut,
                lambda: picture_file(cut, view.look, kind, "PSD"),
            )  # fmt: skip
        return
    if cut.deep is not None:
        _button(
            "PNG, 16 bits", "matte16.png", MIME["PNG"], "The finest shades of soft edges", cut,
            lambda: picture_file(cut, view.look, "matte", "PNG", bits=16),
        )  # fmt: skip
    _button(
        "Trimap", "trimap.png", MIME["PNG"],
        "White is surely subject, black surely background; grey is for another tool to find out",
        cut, lambda: picture_file(cut, view.look, "trimap", "PNG"),
    )  # fmt: skip


def _button(
    label: str, ending: str, mime: str, told: str, cut: Cut, make: Callable[[], bytes]
) -> None:
    name = f"{cut.photo.stem}_{cut.spec.name}_{ending}"
    key = f"further_{ending}"
    file_button(label, make, name, mime, key=key, icon=None, told=told)
