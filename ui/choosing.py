"""Recommend: the model to use, from what was measured or voted, under the person's limits."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from evaluation.choice import Limits, by_catalogue
from evaluation.ratings import Rating
from evaluation.sets.held import pair
from evaluation.votes import BadBase, Base, Cast, Collection, ratings
from evaluation.votes.recommending import recommended
from models.catalog import cutters
from models.hub import weights
from ui.limits import ask_limits, in_words, limits
from ui.measured import choice
from ui.measuring import outcomes_of
from ui.photo_bar import plain
from ui.reporting import Known, chosen_metric, report_on
from ui.sidebar import chosen_device, sidebar
from ui.state import Bench, bench

MEASURED = "Measured in this visit"


def part() -> None:
    """The limits, and what is known under them."""
    sidebar()
    held = bench()
    st.title("Which model to use", anchor=False)
    ask_limits()
    wanted, known = limits(), _known(held)
    source = _source(known)
    if source == MEASURED:
        report = report_on(held, known)
        choice(report.choice)
        st.caption(f"By {chosen_metric().label}, on this device. With truth tells the rest.")
    elif source:
        _voted(source, wanted)
    else:
        st.info(
            "Nothing was measured or voted yet. Measure models under **With truth**, or vote on "
            "what they made of your photos: then one is named here.",
            icon=":material/info:",
        )
    if source is None:
        _catalogue(wanted)


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


def _voted(name: str, wanted: Limits) -> None:
    try:
        choice(recommended(Collection(Base.here(), name), wanted, _rated))
    except BadBase as error:
        st.error(plain(str(error)), icon=":material/database_off:")


def _rated(votes: Sequence[Cast], names: Sequence[str]) -> dict[str, Rating]:
    return _ratings(tuple(votes), tuple(names))


@st.cache_data(max_entries=50, show_spinner="Counting votes…")
def _ratings(votes: tuple[Cast, ...], names: tuple[str, ...]) -> dict[str, Rating]:
    """Resampling all votes a thousand times takes a second where there are many."""
    return ratings(votes, names)


def _catalogue(wanted: Limits) -> None:
    """What can be said without running anything."""
    specs = by_catalogue(cutters(), wanted)
    under = f" under these limits ({in_words(wanted)})" if in_words(wanted) else ""
    st.header("What the catalogue says, not measured", anchor=False)
    if not specs:
        st.markdown(f"No model is possible{under}. Loosen one.")
        return
    seconds = " How long they take isn't known before they run." * (wanted.seconds is not None)
    st.caption(
        f"{len(specs)} models are possible{under}, by licence, prompts and the size of their "
        f"weights; the smallest first. How good they are on your photos isn't known.{seconds}"
    )
    rows = [
        {
            "Model": spec.label,
            "Good at, they say": spec.summary,
            "Can be told": spec.told or "–",
            "Licence": spec.terms,
            "Download": spec.download_bytes / 1e6 if spec.download_bytes else None,
            "Here": weights.cached(spec),
        }
        for spec in specs
    ]
    columns = {"Download": st.column_config.NumberColumn(format="%.0f MB")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, placeholder="–")
