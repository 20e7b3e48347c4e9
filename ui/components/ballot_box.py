"""Two results of one photo, the models unnamed, and the buttons that say which is better."""

from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

import streamlit as st

from evaluation.votes import Verdict
from ui.components.assets import data_url, register

_box = register("ballot_box", "zoomable.js", "ballot_box_gestures.js", "ballot_box.js")


class Slip(NamedTuple):
    """A ballot as the browser shows it.

    id: tells it from every other. left, right, photo: JPEG, PNG or WebP, the photo itself of the
    same size as its results. size: the photo's (width, height). look: names the pictures; others of
    the same ballot take their place. sharper: whether there are larger ones, to be asked for once
    the person zooms in.
    """

    id: str
    left: bytes
    right: bytes
    photo: bytes
    size: tuple[int, int]
    look: str
    sharper: bool


class Said(NamedTuple):
    """What a person said: a verdict on a ballot, or None, to take the last one back. number: counts
    what was said."""

    number: int
    ballot: str
    verdict: Verdict | None


def ballot_box(
    slips: Sequence[Slip], *, key: str, heard: int, undoable: bool, last: str, count: str
) -> None:
    """Show the first of the slips; the others are kept ready, and shown as verdicts are given.

    heard: the number of what was said last, of all that `said` told. undoable: whether a vote can
    be taken back. last, count: what to say of the last vote, and of how many there are.
    """
    _box(
        key=key,
        data={
            "ballots": [
                {
                    "id": slip.id,
                    "left": data_url(slip.left),
                    "right": data_url(slip.right),
                    "photo": data_url(slip.photo),
                    "width": slip.size[0],
                    "height": slip.size[1],
                    "look": slip.look,
                    "sharper": slip.sharper,
                }
                for slip in slips
            ],
            "heard": heard,
            "undoable": undoable,
            "last": last,
            "count": count,
        },
        default={"said": [], "asked": None},
        on_said_change=lambda: None,
        on_asked_change=lambda: None,
    )


def said(key: str, heard: int) -> list[Said]:
    """What the person said since number `heard`, in order."""
    state = st.session_state.get(key) or {}
    return from_browser(state.get("said"), heard)


def asked(key: str) -> str | None:
    """The ballot that the person has zoomed into."""
    ballot = (st.session_state.get(key) or {}).get("asked")
    return ballot if isinstance(ballot, str) else None


def from_browser(sent: Any, heard: int) -> list[Said]:
    """As `said`, from what was sent; what is no verdict is left out."""
    verdicts = (None, *get_args(Verdict.__value__))
    told = [Said(int(each["number"]), str(each["ballot"]), each["verdict"]) for each in sent or ()]
    new = [each for each in told if each.number > heard and each.verdict in verdicts]
    return sorted(new, key=lambda each: each.number)
