"""The part Vote: one photo, two results, the models unnamed."""

from collections.abc import Sequence
from typing import cast

import streamlit as st

from evaluation.paired import LEAST
from evaluation.votes import BadBase, Base, Collection
from evaluation.votes.booth import Booth, Drawn
from evaluation.votes.pictures import BACKDROPS, SHARP_SIDE, SIDE, Backdrop, Scene
from photos.photo import PhotoError
from ui import kept
from ui.components.ballot_box import Slip, asked, ballot_box, said
from ui.parts_of_best import VOTE
from ui.photo_bar import plain
from ui.resources import ballot_pictures
from ui.sidebar import is_phone
from ui.state import bench

BY_CHANCE = "by chance"
LATE = "The last vote isn't counted: the server was started anew meanwhile. This is another pair."


def part(base: Base) -> None:
    """Vote on a collection, which is chosen here."""
    with kept.bar():
        name = kept.choose(base)
        if name is not None:
            kept.menu()
            voter, backdrop, named = _settings()
    if name is None:
        _welcome()
        return
    vote_on(Collection(base, name), voter, backdrop, named=named)


def alone(collection: Collection) -> None:
    """Vote on this collection, and nothing else on the page."""
    with kept.bar():
        st.markdown(f"**{plain(collection.name)}**", width="content")
        voter, backdrop, named = _settings()
    vote_on(collection, voter, backdrop, named=named)


def vote_on(collection: Collection, voter: str, backdrop: Backdrop | None, *, named: bool) -> None:
    """voter: the name that the person chose, or none. backdrop: None draws it for each ballot.
    named: whether the models are named after a vote."""
    booth = _booth(collection)
    labels = collection.models()
    held = bench().backdrop
    scene = Scene(held.file, held.picture.pixels) if held else None
    key = f"ballots_{booth.visit}"

    def body() -> None:
        try:
            for each in said(key, booth.heard):
                booth.hear(*each, voter)
            drawn = booth.draw(voter, backdrop)
            slips = _slips(booth, drawn, scene, asked(key))
        except (BadBase, PhotoError) as error:
            st.error(plain(str(error)))
            return
        if not slips:
            st.info("No photo here has two results yet. Add photos with two results or more.")
            return
        last = LATE if booth.late else _last(booth, labels) if named else ""
        every = booth.turnout
        count = f"{len(booth.done)} by you now, {every.votes} in all{every.wanted}."
        undoable = bool(booth.done)
        ballot_box(slips, key=key, heard=booth.heard, undoable=undoable, last=last, count=count)

    st.fragment(body)()


def _slips(
    booth: Booth, drawn: Sequence[Drawn], scene: Scene | None, zoomed: str | None
) -> list[Slip]:
    """All are begun before the first is waited for."""
    sides = [SHARP_SIDE if each.id == zoomed else SIDE for each in drawn]
    pairs = [
        ballot_pictures().pair(booth.collection, each.ballot, each.backdrop, side=side, scene=scene)
        for each, side in zip(drawn, sides, strict=True)
    ]
    slips = []
    for each, side, pair in zip(drawn, sides, pairs, strict=True):
        photo = each.ballot.photo
        look = f"{each.backdrop} {side} {scene.key if scene else ''}"
        sharper = max(photo.width, photo.height) > side == SIDE
        slips.append(Slip(each.id, *pair(), (photo.width, photo.height), look, sharper))
    return slips


def _last(booth: Booth, labels: dict[str, str]) -> str:
    """What the last vote was about, now that it is cast."""
    if not booth.done:
        return ""
    last = booth.done[-1]
    left, right = (
        labels.get(model, model) for model in (last.drawn.ballot.left, last.drawn.ballot.right)
    )
    if last.verdict == "left":
        return f"{left} was better than {right}."
    if last.verdict == "right":
        return f"{right} was better than {left}."
    return f"{left} and {right}: {last.verdict}."


def _booth(collection: Collection) -> Booth:
    """This visit's, for this collection."""
    booths: dict[int, Booth] = st.session_state.setdefault("booths", {})
    if collection.number not in booths:
        booths[collection.number] = Booth(collection)
    return booths[collection.number]


def _settings() -> tuple[str, Backdrop | None, bool]:
    """(the voter's name, the backdrop, whether models are named after a vote)."""
    if is_phone():
        with st.popover("Settings", icon=":material/tune:", key="vote_settings"):
            return _controls()
    return _controls()


def _controls() -> tuple[str, Backdrop | None, bool]:
    voter = st.text_input(
        "Your name",
        placeholder="Your name, if you like",
        max_chars=60,
        key="voter",
        label_visibility="collapsed",
        width=200,
        persist_state="session",
    )
    behind = st.selectbox(
        "Backdrop",
        (BY_CHANCE, *BACKDROPS),
        format_func=lambda name: f"Backdrop: {name}",
        key="vote_backdrop",
        label_visibility="collapsed",
        width=220,
        persist_state="session",
    )
    named = st.toggle("Name the models after a vote", key="vote_names", persist_state="session")
    return voter or "", None if behind == BY_CHANCE else cast(Backdrop, behind), named


def _welcome() -> None:
    st.title("Which one is best? Vote.", anchor=False)
    st.markdown(
        "One photo, two results, the models unnamed: say which is better. From enough such votes, "
        "yours and other people's, follow ratings, with how sure they are. It takes votes on "
        f"{LEAST} photos or more.\n\n"
        "Votes need photos that are kept, and nothing is kept unless you say so. On the Compare "
        "page, run two models or more on each of your photos; then keep them here."
    )
    found = len(kept.votable(bench()))
    st.button(
        "Keep these photos for voting",
        type="primary",
        icon=VOTE,
        key="keep_photos",
        disabled=not found,
        on_click=kept.ask,
        args=("keep",),
    )
    if not found:
        st.caption("No photo of this visit has two results yet.")
