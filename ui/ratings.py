"""The part Ratings: what the votes on a collection say."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from evaluation.votes import Base, Cast, Collection
from evaluation.votes.standings import NAMELESS, UNTAGGED, Grouping, Standings, groups, standings
from ui import kept
from ui.parts_of_best import VOTE, part_button
from ui.photo_bar import plain

ALL = "all"
_GROUPINGS: tuple[Grouping, ...] = ("tag", "voter")


def part(base: Base) -> None:
    """Ratings of a collection, which is chosen here."""
    st.title("Which one is best? The votes.", anchor=False)
    with kept.bar():
        name = kept.choose(base)
        if name is None:
            st.markdown("There are no votes yet.")
            part_button("Vote", icon=VOTE)
            return
        kept.menu()
        collection = Collection(base, name)
        votes = _filtered(collection.votes())
    labels = collection.models()
    told = _standings(tuple(votes), tuple(labels.items()))
    if told.places:
        _places(told)
    else:
        st.info(told.turnout.missing, icon=":material/hourglass_empty:")
        st.progress(told.turnout.share)
        part_button("Vote", icon=VOTE)
    if told.turnout.votes:
        _matrix(told)
    for sentence in told.sentences:
        st.markdown(plain(sentence))


@st.cache_data(max_entries=50, show_spinner="Counting votes…")
def _standings(votes: tuple[Cast, ...], labels: tuple[tuple[str, str], ...]) -> Standings:
    """Resampling all votes a thousand times takes a second where there are many."""
    return standings(votes, dict(labels))


def _filtered(votes: Sequence[Cast]) -> Sequence[Cast]:
    """The votes of the tag and of the voter that are chosen, where there is a choice."""
    for by in _GROUPINGS:
        found = groups(votes, by)
        if not set(found) <= {UNTAGGED, NAMELESS}:
            votes = found.get(_choose(by, list(found)), votes)
    return votes


def _choose(by: Grouping, names: Sequence[str]) -> str:
    chosen: str = st.selectbox(
        by.capitalize(),
        (ALL, *names),
        format_func=lambda name: f"{by.capitalize()}: {name}",
        key=f"of_{by}",
        label_visibility="collapsed",
        width=200,
    )
    return chosen


def _places(told: Standings) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Rank": place.rank,
                "Model": place.label,
                "Elo": round(place.rating.elo),
                "95 %": place.interval or "–",
                "Votes": place.rating.votes,
            }
            for place in told.places
        ),
        hide_index=True,
        height="content",
        width="content",
    )
    st.caption(
        f"{told.turnout.votes} votes. Elo: 400 points apart is ten to one, 1500 the mean. Where "
        "intervals overlap, either may be better: their ranks are shared."
    )


def _matrix(told: Standings) -> None:
    st.header("How often the row beat the column", anchor=False)
    games = told.won + told.won.T
    st.dataframe(
        pd.DataFrame(
            [
                [_share(told.won[row, column], games[row, column]) for column in range(len(games))]
                for row in range(len(games))
            ],
            index=pd.Index(told.labels, name="Model"),
            columns=list(told.labels),
        ),
        height="content",
        width="content",
    )
    st.caption("Wins of votes; no difference counts as half a win for each.")


def _share(won: float, games: float) -> str:
    return f"{won:g} of {games:g}" if games else "–"
