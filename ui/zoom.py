"""The dialog that opens from a card: the photo and its cuts, to be compared to the last pixel."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from models.catalog import ModelSpec
from models.running.extra import lacked_by
from photos.cut import Cut
from photos.encoding import refusal, usual
from photos.finishing import left_out_of
from photos.photo import PhotoFile
from photos.previews import PREVIEW_SIDE
from ui import framed
from ui.components.assets import media_url
from ui.components.viewer import Entry, File, Wish, viewer, wished
from ui.files import NOUN, download
from ui.further import further_files
from ui.looks import view_of
from ui.parts import edges_of
from ui.photo_bar import plain
from ui.render import CARD_SIDE, cut_preview, full_cut, full_photo, photo_preview
from ui.sharp import sharp
from ui.sidebar import badges
from ui.standing import missing
from ui.star import star
from ui.state import Bench, bench
from ui.timings import seconds
from ui.view import PICTURES, View
from ui.zoom_places import Seen, kinds_of

ORIGINAL = "original"
MOST = 50
"""Megapixels of a photo that a browser shows pixel by pixel, up to four pictures at once."""

FILE_SIDE = 96
"""Longest side of a framed file's picture beside its buttons, in pixels of the screen."""


class Opened(NamedTuple):
    """A dialog: the photo's key, the cut's model, where it began, and what tells it from others."""

    photo: str
    model: str
    at: tuple[float, float] | None
    key: str


def zoom_in(photo: str, cut: Cut, at: tuple[float, float] | None = None) -> None:
    """Have `zoomed` open this cut's dialog. at: a place in the photo's pixels to begin with."""
    st.session_state["zoomed"] = Opened(photo, cut.spec.name, at, f"viewer_{uuid.uuid4().hex}")


def forget_zoom() -> None:
    """Forget which dialog is open, so that none is drawn."""
    st.session_state.pop("zoomed", None)


def zoomed(
    held: Bench, specs: Sequence[ModelSpec], cuts_of: Callable[[str], Sequence[Cut]], view: View
) -> None:
    """The dialog that was opened, until the person closes it. Each run of the page has to draw it:
    otherwise it closes. It goes to other photos by itself, and the page beneath follows later.

    specs: the models whose cuts are compared. cuts_of: all cuts of the photo with that key. view:
    of the photo at hand.
    """
    opened: Opened | None = st.session_state.get("zoomed")
    specs = [spec for spec in specs if not lacked_by(spec)]
    if opened is None or opened.photo != held.current or not (specs or cuts_of(opened.photo)):
        forget_zoom()
        return

    def body() -> None:
        now: Opened | None = st.session_state.get("zoomed")
        if now is None:
            return  # closed just now
        photo = held.trays[now.photo].photo
        own = view if now.photo == opened.photo else view_of(view, now.photo, photo)
        _body(held, now, photo, specs, cuts_of, own)

    st.dialog("Zoom", width="large", on_dismiss=forget_zoom)(body)()


def _body(
    held: Bench,
    opened: Opened,
    photo: PhotoFile,
    specs: Sequence[ModelSpec],
    cuts_of: Callable[[str], Sequence[Cut]],
    view: View,
) -> None:
    cuts = {cut.spec.name: cut for cut in cuts_of(opened.photo)}
    absent = {spec.name: spec for spec in specs if spec.name not in cuts}
    others = [*cuts, *absent]
    model = opened.model if opened.model in others else others[0]
    first = Wish((ORIGINAL, model), view.kind, model)
    kinds = kinds_of(view, (tray.photo for tray in held.trays.values()))
    wish = wished(opened.key, first, [ORIGINAL, *others], kinds)
    # A result that isn't there is told of where the person looks for it, and only there.
    entries = [_entry(photo), *map(_entry_of, cuts.values())]
    entries += [
        Entry(name, spec.label, "no result", "", missing=missing(held, opened.photo, spec))
        for name, spec in absent.items()
        if name in wish.shown
    ]
    seen = Seen.of(view, wish.kind)
    why_not = _why_not(photo)
    larger = max(photo.width, photo.height) > PREVIEW_SIDE
    files, waiting, refused = _files(opened, photo, cuts, seen, wish, full=larger and not why_not)
    with st.container(key="viewer"):
        viewer(
            entries,
            (photo.width, photo.height),
            files,
            key=opened.key,
            photo=opened.photo,
            photos={
                key: tray.photo.name for key, tray in held.trays.items() if specs or tray.brought
            },
            kinds=kinds,
            wish=wish,
            preview=round(photo.width * min(1, PREVIEW_SIDE / max(photo.width, photo.height))),
            larger=larger,
            on_photo=partial(_go_to, opened.key),
            waiting=waiting,
            refused=why_not or refused,
            edges=edges_of([*cuts.values()]) if seen.in_place else (),
            at=opened.at,
        )
    if told := seen.told():
        st.container(key="viewer_places").caption(told)
    if cut := cuts.get(wish.walked):
        _save(opened.photo, cut, seen.files, choosable=len(cuts) > 1)


def _go_to(key: str, photo: str) -> None:
    """Look at another photo in the same way, in the dialog with that key."""
    opened: Opened | None = st.session_state.get("zoomed")
    if opened is None or opened.key != key:
        return  # closed just now
    if photo in bench().trays and photo != opened.photo:
        bench().current = photo
        st.session_state["zoomed"] = opened._replace(photo=photo, at=None)


def _why_not(photo: PhotoFile) -> str:
    if photo.megapixels > MOST:
        return f"Shown from a preview: the photo has more than {MOST} megapixels."
    if refusal(photo, "JPEG"):
        return "Shown from a preview: one side is too long for a browser's picture."
    return ""


def _entry(photo: PhotoFile) -> Entry:
    size = f"{photo.width} × {photo.height}"
    return Entry(ORIGINAL, "Original", size, photo.key, files=False)


def _entry_of(cut: Cut) -> Entry:
    time = seconds(cut) if cut.inference else ""
    found = "no subject found" if cut.empty else f"{cut.share:.0%} kept"
    return Entry(cut.spec.name, cut.spec.label, " · ".join(filter(None, [time, found])), cut.key)


def _files(
    opened: Opened,
    photo: PhotoFile,
    cuts: Mapping[str, Cut],
    seen: Seen,
    wish: Wish,
    *,
    full: bool,
) -> tuple[dict[str, File], bool, str]:
    """(the pictures wished for, whether a full size of one is still being made, why one can't be).
    They are this visit's own, and addressed as all of the page's pictures are."""
    makers: dict[str, Callable[[], bytes]] = {}
    view = seen.view
    there = [name for name in wish.shown if name == ORIGINAL or name in cuts]
    if full and wish.sharp:
        for name in there:
            cut = cuts.get(name)
            makers[name] = partial(full_cut, cut, view) if cut else partial(full_photo, photo)
    keys = {name: _key(opened.photo, cuts.get(name), view) for name in makers}
    begun = sharp().want({keys[name]: make for name, make in makers.items()})
    files, waiting, refused = {}, False, ""
    for slot, name in enumerate(there):
        cut, future = cuts.get(name), begun.get(keys.get(name, ""))
        small = cut_preview(opened.photo, cut, view) if cut else photo_preview(opened.photo, photo)
        address = None
        if future and not future.done():
            waiting = True
        elif future and future.exception():
            refused = "The full size can't be shown: making it failed."
        elif future:
            address = media_url(future.result(), f"{opened.key}/sharp/{slot}")
        files[name] = File(media_url(small, f"{opened.key}/{seen.kind}/{name}"), address)
    return files, waiting, refused


def _key(photo: str, cut: Cut | None, view: View) -> str:
    return f"{cut.key}/{view.key}" if cut else photo


def _save(key: str, cut: Cut, view: View, *, choosable: bool) -> None:
    """What is walked on: its licence, and its files in every format. choosable: whether the photo
    has other results, too."""
    width, height = framed.shown_size(key, cut, view)
    frames = framed.placing(key, cut, view) is not None
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="viewer_files"
    ):
        if frames:
            st.image(
                cut_preview(key, cut, view, CARD_SIDE),
                width=max(1, round(FILE_SIDE * min(1, width / height))),
                alt=f"The file by {cut.spec.label}, with its frame",
            )
        st.markdown(f"**{cut.spec.label}** {badges(cut.spec)}", width="content", help=_told(cut))
        if choosable:
            star(key, cut.spec, f"choose_walked_{cut.spec.name}")
        st.space("stretch")
        st.caption(f"{NOUN[view.kind]}, {width} × {height}".capitalize(), width="content")
        for format_ in usual(cut.photo):
            download(cut, view, format_, format_, f"full_{format_}")  # a press may come late
        further_files(cut, view)
    if cut.photo.profile is not None and view.kind != "Matte":
        st.caption("PNG and TIFF have the file's own colours, 16 bits; the others sRGB, 8 bits.")
    if frames:
        st.caption("The small picture is the file, with its frame; above it, the whole photo.")
    for note in framed.notes(key, cut, view):
        st.caption(note)
    for format_ in usual(cut.photo):
        if lost := left_out_of(cut, view.look, PICTURES[view.kind], format_):
            st.caption(plain(lost))


def _told(cut: Cut) -> str:
    ran = f" Ran on {cut.device.upper()}, {cut.dtype}." if cut.device else ""
    return f"{cut.spec.summary}{ran}"
