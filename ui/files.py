"""A result's file, made when its button is pressed."""

import streamlit as st

from photos.cut import Cut
from photos.encoding import DEEP, MIME, SUFFIX, Format, refusal
from photos.finishing import keeps_depth, picture_file
from ui import framed
from ui.downloads import file_button
from ui.photo_bar import plain
from ui.view import PICTURES, View, ViewKind

_SUFFIX: dict[ViewKind, str] = {
    "Overlay": "cutout",
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "blurred",
    "Replace": "replaced",
}
NOUN: dict[ViewKind, str] = {
    "Overlay": "cutout",
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "blurred photo",
    "Replace": "photo on its new background",
}


def limited(max_kb: int | None) -> str:
    """What limits the size of a file whose format can lose something, and where that is set."""
    return f"Frame holds it to {max_kb} kB" if max_kb else "Frame can limit its kB"


def download(
    cut: Cut, view: View, format_: Format, label: str, key: str, icon: str | None = None
) -> None:
    """A button whose file is made when it's pressed, at the photo's full size; or why not. There
    is none where the view's frame can't be kept: `framed.notes` tells that."""
    if framed.why_not(cut, view):
        return
    what, refused = _SUFFIX[view.kind], refusal(cut.photo, format_, view.look.canvas)
    if refused:
        st.caption(plain(refused))
        return
    name, mime = f"{cut.photo.stem}_{cut.spec.name}_{what}{SUFFIX[format_]}", MIME[format_]

    def make() -> bytes:
        return picture_file(cut, view.look, PICTURES[view.kind], format_)

    told = f"The {NOUN[view.kind]} at full size, {format_}"
    if cut.photo.profile is not None and view.kind != "Matte":
        deep = keeps_depth(cut.photo, PICTURES[view.kind], format_)
        told += ": the file's own colours, 16 bits" if deep else ": sRGB, 8 bits"
    if format_ not in DEEP:
        told += f". {limited(view.look.max_kb)}"
    file_button(label, make, name, mime, key=key, icon=icon, told=told)
