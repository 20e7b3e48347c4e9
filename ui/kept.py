"""Collections for voting: begun on purpose, chosen, exported and deleted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from evaluation.votes import BadBase, Base, Collection
from models.interface import RunFailed
from models.running.jobs import Job, Step
from photos.counts import counted
from photos.cut import Cut
from ui.downloads import file_button
from ui.photo_bar import plain
from ui.resources import ballot_pictures, browser_is_there, workers
from ui.sidebar import allowed, is_phone
from ui.state import Bench, bench
from ui.tray import Failure

type Dialog = Literal["menu", "keep", "delete"]

LANE = "keeping"
"""Where photos are kept: no device's lane, since no model runs."""


def votable(held: Bench) -> dict[str, list[Cut]]:
    """The cuts of this visit by the keys of their photos, of all that have two or more."""
    found = {}
    for key, tray in held.trays.items():
        outcomes = [each for each in tray.outcomes.values() if not isinstance(each, Failure)]
        cuts = [cut for cut in outcomes if held.outcome(key, cut.spec) and allowed([cut.spec])]
        cuts += [cut for cut in tray.mattes.values() if allowed([cut.spec])]
        if len(cuts) > 1:
            found[key] = cuts
    return found


def choose(base: Base) -> str | None:
    """Which collection is voted on; None without any. It is told in the page's address too, to be
    passed on to others."""
    names = base.names()
    if not names:
        return None
    state = st.session_state
    wanted = state.pop("begun", None)
    if not wanted and state.get("collection") not in names:
        wanted = st.query_params.get("collection")
        wanted = wanted if wanted in names else names[0]
    if wanted:
        state["collection"] = wanted
    name: str = st.selectbox(
        "Collection",
        names,
        key="collection",
        label_visibility="collapsed",
        width="stretch" if is_phone() else 200,
        persist_state="session",
    )
    st.query_params["collection"] = name
    return name


def bar() -> DeltaGenerator:
    """The row for the choice of a collection and what belongs to it. Where there is no room for
    words, the style hides those of buttons; they are read out all the same."""
    key = "vote_bar_phone" if is_phone() else "vote_bar"
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key=key)


def menu() -> None:
    """The way to what can be done with a collection, beside voting on it."""
    st.button(
        "Collection",
        icon=":material/folder:",
        key="ask_menu",
        help="Export votes, add photos, delete it",
        on_click=ask,
        args=("menu",),
    )


def _menu(base: Base, name: str) -> None:
    collection = Collection(base, name)
    photos, votes = len(collection.photos()), len(collection.votes())
    st.markdown(f"**{plain(name)}**: {counted(photos, 'photo')}, {counted(votes, 'vote')}")
    for kind, make, mime in (
        ("csv", collection.as_csv, "text/csv"),
        ("json", collection.as_json, "application/json"),
    ):
        file = f"votes.{kind}"
        label = f"Export the votes, {kind.upper()}"
        file_button(label, make, file, mime, key=f"export_{kind}", width="stretch")
    _go_on("Add photos", ":material/add:", "keep")
    _go_on("Delete it", ":material/delete:", "delete")


def _go_on(label: str, icon: str, what: Dialog) -> None:
    """From one dialog to another."""
    if st.button(label, icon=icon, key=f"ask_{what}", width="stretch"):
        ask(what)
        st.rerun()


def ask(what: Dialog) -> None:
    """Open the dialog that does so: with the next run of the page, and with each until it ends."""
    st.session_state["asked"] = what


def ask_no_more() -> None:
    """Have no dialog drawn."""
    st.session_state.pop("asked", None)


def dialog(base: Base) -> None:
    """The one that is open, if any. Each run of the page has to draw it: otherwise it closes."""
    what: Dialog | None = st.session_state.get("asked")
    name = st.session_state.get("collection") if base.names() else None
    if what and (name or what == "keep"):
        title, body = _DIALOGS[what]

        def told() -> None:
            try:  # a fragment: no page around it hears of what it raises
                body(base, name)
            except BadBase as error:
                st.error(plain(str(error)))

        st.dialog(title, width="medium", on_dismiss=ask_no_more)(told)()


def _delete(base: Base, name: str) -> None:
    collection = Collection(base, name)
    photos, votes = len(collection.photos()), len(collection.votes())
    st.markdown(
        f"“{plain(name)}” with {counted(photos, 'photo')}, their mattes and "
        f"{counted(votes, 'vote')} goes for good, for everybody."
    )
    with st.container(horizontal=True):
        sure = st.button("Delete", type="primary", key="delete")
        if sure:
            base.delete(name)
            ballot_pictures().forget()
        if st.button("Cancel", key="delete_not") or sure:
            ask_no_more()
            st.rerun()


def _keep(base: Base, name: str | None) -> None:
    """Begin a collection, or add to one. name: of the one that is proposed."""
    held = bench()
    found = votable(held)
    if not found:
        st.markdown(
            "There is nothing to keep yet. On the Compare page run two models or more on a photo, "
            "then come back: every photo with two results or more can be kept."
        )
        return
    models = {cut.spec.label for cuts in found.values() for cut in cuts}
    chosen = st.text_input(
        "Name of the collection",
        value=name or "",
        max_chars=80,
        help="If there is one of this name, the photos are added to it.",
        key="keep_name",
    )
    tags = st.text_input(
        "Tags of these photos, if you like",
        placeholder="hair, product",
        help="Separated by commas. Ratings can be told for each.",
        key="keep_tags",
    )
    st.markdown(
        f"**{counted(len(found), 'photo')}, {len(models)} models.** Kept on this server until "
        "somebody deletes the collection, after your tab is closed too: each photo at full size as "
        "a JPEG without metadata, its file's name, the models' mattes; later the votes, with the "
        "names that voters choose. Everybody who can open this page can see, export and delete it."
    )
    st.caption(f"The file is {plain(str(base.path))}")
    if st.button("Keep", type="primary", key="keep", disabled=held.running):
        try:
            _start(held, base, chosen.strip(), _tags(tags), found)
        except BadBase as error:
            st.error(plain(str(error)))
        else:
            ask_no_more()
            st.rerun()
    if held.running:
        st.caption("Wait until the job that runs has ended.")


def _start(
    held: Bench, base: Base, name: str, tags: Sequence[str], found: Mapping[str, Sequence[Cut]]
) -> None:
    """Queue a job that keeps the cuts, photo by photo. Raises BadBase."""
    if name.casefold() not in map(str.casefold, base.names()):
        base.create(name)
    collection = Collection(base, name)
    failed: list[str] = []

    def step(key: str, cuts: Sequence[Cut]) -> Step:
        def run(job: Job) -> None:
            for cut in cuts:
                job.check()
                try:
                    collection.add(cut, tags)
                except BadBase as error:
                    raise RunFailed(str(error)) from error

        return Step((key, LANE), "Keeping for voting", run)

    def told(_: object, outcome: object) -> None:
        if isinstance(outcome, RunFailed):
            failed.append(str(outcome))

    job = Job([step(key, cuts) for key, cuts in found.items()], browser_is_there(), told)
    held.job = workers().submit(job, LANE)
    st.session_state["not_kept"] = failed
    st.session_state["begun"] = collection.name


def tell_failures() -> None:
    """A sentence for each photo that could not be kept."""
    for sentence in st.session_state.get("not_kept", ()):
        st.error(plain(sentence))


def _tags(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))


_DIALOGS: dict[Dialog, tuple[str, Callable[..., None]]] = {
    "menu": ("Collection", _menu),
    "keep": ("Keep photos for voting", _keep),
    "delete": ("Delete the collection?", _delete),
}
