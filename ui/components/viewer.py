"""The original and what models made of it: two on a handle, or up to four side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import streamlit as st

from ui.components.assets import answer, register

MOST = 4
"""Pictures at once."""

_viewer = register(
    "viewer",
    "settled.js",
    "tabbing.js",
    "asking.js",
    "zoomable.js",
    "viewer_choice.js",
    "viewer_view.js",
    "viewer_zoom.js",
    "viewer_gestures.js",
    "viewer.js",
)


class Entry(NamedTuple):
    """A picture that can be shown: its name, by which it's asked for, what the person reads, and
    what tells it from an earlier picture of the same name. missing: why there is none of this
    photo. files: whether there are files of it beside the viewer, once it's there."""

    name: str
    label: str
    note: str
    version: str
    missing: str = ""
    files: bool = True


@dataclass(frozen=True)
class Wish:
    """What the person looks at: the names of one to four pictures; of which kind; which of them is
    walked on, whose files are beside the viewer; and whether it's zoomed in so far that only full
    size is sharp."""

    shown: tuple[str, ...]
    kind: str
    walked: str
    sharp: bool = False


class File(NamedTuple):
    """Addresses of a picture's preview, and of its full size if that was asked for and is made."""

    src: str
    sharp: str | None = None


def wished(key: str, first: Wish, names: Sequence[str], kinds: Sequence[str]) -> Wish:
    """What the viewer with this key shows now; at first, `first`."""
    return from_browser(st.session_state.get(key), first, names, kinds)


def viewer(
    entries: Sequence[Entry],
    size: tuple[int, int],
    files: Mapping[str, File],
    *,
    key: str,
    photo: str,
    photos: Mapping[str, str],
    kinds: Sequence[str],
    wish: Wish,
    preview: int,
    larger: bool,
    on_photo: Callable[[str], None],
    waiting: bool = False,
    refused: str = "",
    edges: Sequence[tuple[float, float]] = (),
    at: tuple[float, float] | None = None,
) -> None:
    """Show the pictures that `wish` names, all the same part of the photo.

    size: the photo's (width, height). files: of what is wished for. photo: its key. photos: the
    names of all by their keys, in order. preview: how wide previews are. larger: whether
    there is a full size to be asked for. on_photo: called with the key of the photo that is to
    be shown, in the same way if it's another one. waiting: whether a full size is being made: the
    browser asks again. refused: why there is none. edges: where it's worth looking at 100 %, best
    first, as parts of the photo's width and height. at: a place in the photo's pixels that the
    viewer begins with, at 100 %. A wish that changes reruns what called this.
    """
    _viewer(
        key=key,
        data={
            "key": key,
            "pictures": [entry._asdict() for entry in entries],
            "files": {name: file._asdict() for name, file in files.items()},
            "width": size[0],
            "height": size[1],
            "kinds": list(kinds),
            "wish": {**asdict(wish), "shown": list(wish.shown)},
            "preview": preview,
            "larger": larger,
            "waiting": waiting,
            "refused": refused,
            "edges": [{"x": x, "y": y} for x, y in edges],
            "at": at,
            "photo": photo,
            "photos": [{"key": key, "name": name} for key, name in photos.items()],
            **answer(),
        },
        default={"wish": None},
        on_wish_change=lambda: on_photo(str(st.session_state[key]["wish"]["photo"])),
        on_again_change=lambda: None,
    )


def from_browser(state: Any, first: Wish, names: Sequence[str], kinds: Sequence[str]) -> Wish:
    """The wish that the browser sent, without pictures that aren't there; `first` if there is none
    that can be met."""
    sent = state and state.get("wish")
    if not sent or sent["kind"] not in kinds:
        return first
    shown = tuple(name for name in dict.fromkeys(sent["shown"]) if name in names)[:MOST]
    if not shown:
        return first
    walked = sent["walked"] if sent["walked"] in shown else shown[-1]
    return Wish(shown, sent["kind"], walked, bool(sent["sharp"]))
