"""Models that may be the one to use, by what is known for certain of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

import streamlit as st

from evaluation.choice import by_catalogue
from evaluation.limits import Limits
from evaluation.report.writing import memory, seconds
from evaluation.votes import Base, Collection
from models.catalog import ModelSpec, cutters
from photos.counts import counted
from ui.facts import CUTTING, DECIDING, facts_table, legend
from ui.limits import in_words
from ui.reporting import Known
from ui.state import Bench

HEADING = "Candidates, by what is known for certain"

MEASURED = "Measured in this visit"
"""As a source of choices, beside the names of collections."""


def candidates(wanted: Limits, held: Bench, known: Known, source: str | None) -> None:
    """A table of them, under `HEADING`. known: what was measured by truths; source: what a
    choice would be from. Raises BadBase."""
    collection = Collection(Base.here(), source) if source not in (None, MEASURED) else None
    spent, judged = _spent(held, known, collection), _judged(known, collection)
    specs = by_catalogue(cutters(), wanted, spent)
    under = f" under these limits ({in_words(wanted)})" if in_words(wanted) else ""
    if not specs:
        st.markdown(f"No model is possible{under}. Loosen one.")
        return
    st.caption(
        f"{_count(specs)} possible{under}, those that have run here first, then the smallest. How "
        "good they are on your photos isn't known: that takes votes or measurements."
    )

    legend()

    def took(spec: ModelSpec) -> str:
        each = spent.get(spec.name)
        if not each:
            return "not run yet"
        told = (seconds(each[0]), memory(each[1]))
        return ", ".join(number.replace(" ", "\N{NO-BREAK SPACE}") for number in told)

    facts = {
        "Judged": lambda spec: judged.get(spec.name, "not yet"),
        "A photo took": took,
        **DECIDING,
        **CUTTING,
    }
    facts_table("Models that may be the one", specs, facts)


def _spent(
    held: Bench, known: Known, collection: Collection | None
) -> Mapping[str, tuple[float, int]]:
    """(seconds of a photo, the median; bytes of memory, the most) of all models that have run on
    the collection, for the measurements, or on a photo of this visit; by their names."""
    runs = collection.spent() if collection else {}
    for _, cut in held.cuts(cutters()):
        runs.setdefault(cut.spec.name, []).append((cut.inference, cut.peak_bytes))
    for outcome in known.values():
        if outcome.spec and (made := outcome.measured):
            runs.setdefault(outcome.spec.name, []).append((made.inference, made.peak_bytes))
    return {
        name: (median(each[0] for each in spent), max(each[1] for each in spent))
        for name, spent in runs.items()
    }


def _judged(known: Known, collection: Collection | None) -> Mapping[str, str]:
    """By how much each was judged, by names."""
    if collection:
        cast = collection.votes()
        sides = Counter(model for vote in cast for model in (vote.left, vote.right))
        return {name: counted(number, "vote") for name, number in sides.items()}
    photos = Counter(each.spec.name for each in known.values() if each.spec and each.measured)
    return {name: counted(number, "photo") for name, number in photos.items()}


def _count(specs: Sequence[ModelSpec]) -> str:
    return f"{len(specs)} models are" if len(specs) > 1 else "1 model is"
