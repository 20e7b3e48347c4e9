"""Recommend: the model to use, from what was measured or voted, under the person's limits."""

from collections.abc import Sequence

import streamlit as st

from evaluation.choice import Choice
from evaluation.ratings import Rating
from evaluation.sets.held import pair
from evaluation.votes import BadBase, Base, Cast, Collection, ratings
from evaluation.votes.recommending import recommended
from evaluation.votes.turnout import photos_missing
from models.catalog import cutters
from ui import kept
from ui.candidates import HEADING, MEASURED, candidates
from ui.limits import ask_limits, limits
from ui.measured import choice
from ui.measuring import outcomes_of
from ui.parts_of_best import VOTE, part_button
from ui.photo_bar import plain
from ui.reporting import Known, chosen_metric, report_on
from ui.sidebar import chosen_device
from ui.state import Bench, bench

MEASURE = ":material/straighten:"


def part() -> None:
    """The limits, and what is known under them: the model to use, or those that may be it."""
    held = bench()
    st.title("Which model to use", anchor=False)
    ask_limits()
    known = _known(held)
    source = _source(known)
    made = _made(held, known, source)
    if made:
        choice(made)
    else:
        st.info(
            "Nothing was measured or voted yet. Measure models under **With truth**, or vote on "
            "what they made of your photos: then one is named here.",
            icon=":material/info:",
        )
    if source == MEASURED and made and not made.undecided:
        st.caption(f"By {chosen_metric().label}, on this device. With truth tells the rest.")
    if made is None or made.undecided or made.even:
        _ways(source)
    if made and made.spec:
        with st.expander(HEADING):  # there is an answer; what isn't judged yet stays in reach
            candidates(limits(), held, known, source)
    else:
        st.header(HEADING, anchor=False)
        candidates(limits(), held, known, source)


def _known(held: Bench) -> Known:
    """What was measured of any model, the ticked and the others."""
    photos = {key: tray.photo for key, tray in held.trays.items()}
    pairs, _ = pair(photos, held.truths.files)
    known = outcomes_of(held, pairs, cutters(), chosen_device())
    return known if any(outcome.measured for outcome in known.values()) else {}


def _source(known: Known) -> str | None:
    """What the choice is from: the measurements, or a collection by its name."""
    try:
        collections = Base.here().names()
    except BadBase as error:
        st.error(plain(str(error)), icon=":material/database_off:")
        collections = []
    sources = [MEASURED] * bool(known) + collections
    if len(sources) < 2:
        return next(iter(sources), None)
    return st.selectbox(
        "From",
        sources,
        format_func=lambda source: source if source == MEASURED else f"Votes on {source}",
        key="recommend_from",
        width=320,
    )


def _made(held: Bench, known: Known, source: str | None) -> Choice | None:
    """The choice from that source; None without any. Raises BadBase."""
    if source is None:
        return None
    if source == MEASURED:
        return report_on(held, known).choice
    return recommended(Collection(Base.here(), source), limits(), _rated)


def _ways(source: str | None) -> None:
    """Buttons that lead to what is lacking."""
    with st.container(horizontal=True):
        if source != MEASURED:
            part_button("Vote", icon=VOTE, collection=source)
        if source in (None, MEASURED):
            part_button("With truth", "Measure", icon=MEASURE, primary=source is not None)
        elif photos_missing(len(Collection(Base.here(), source).photos())):
            st.button(
                "Add photos",
                icon=":material/add:",
                key="add_to_voting",
                on_click=_add_to,
                args=(source,),
            )


def _add_to(collection: str) -> None:
    st.session_state["collection"] = collection
    kept.ask("keep")


def _rated(votes: Sequence[Cast], names: Sequence[str]) -> dict[str, Rating]:
    return _ratings(tuple(votes), tuple(names))


@st.cache_data(max_entries=50, show_spinner="Counting votes…")
def _ratings(votes: tuple[Cast, ...], names: tuple[str, ...]) -> dict[str, Rating]:
    """Resampling all votes a thousand times takes a second where there are many."""
    return ratings(votes, names)
