"""Honest timings, side by side: a chart of what a photo takes, a table of everything."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from models.running.stages import STAGES
from photos.cutting import Cut

PER_PHOTO = ("preprocess", "network", "postprocess", "edges", "composite")
COLOURS = ("#a5b4fc", "#4f46e5", "#22a6b3", "#f0a13a", "#e0567b")


def timings(cuts: Sequence[Cut]) -> None:
    """A chart and a table of the cuts of one photo, quickest first."""
    cuts = sorted(cuts, key=lambda cut: cut.inference)
    st.subheader("Timings", anchor=False)
    chart, table = st.columns([1, 2], gap="medium")
    with chart:
        _chart(cuts)
    with table:
        _table(cuts)


def _chart(cuts: Sequence[Cut]) -> None:
    rows = [
        {
            "Model": cut.spec.label,
            "Stage": stage,
            "Seconds": cut.seconds.get(stage, 0.0),
            "Order": i,
        }
        for cut in cuts
        for i, stage in enumerate(PER_PHOTO)
    ]
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=22)
        .encode(
            y=alt.Y("Model", sort=[cut.spec.label for cut in cuts], title=None),
            x=alt.X("Seconds", stack="zero", title="seconds a photo, shorter is better"),
            color=alt.Color(
                "Stage",
                scale=alt.Scale(domain=list(PER_PHOTO), range=list(COLOURS)),
                legend=alt.Legend(orient="bottom", title=None, columns=3),
            ),
            order="Order",
            tooltip=["Model", "Stage", alt.Tooltip("Seconds", format=".3f")],
        )
    )
    told = ", ".join(f"{cut.spec.label} {cut.inference:.2f}" for cut in cuts)
    st.altair_chart(bars, height=46 * len(cuts) + 110, alt=f"Seconds for each model: {told}")


def _table(cuts: Sequence[Cut]) -> None:
    stages = [stage for stage in STAGES if any(stage in cut.seconds for cut in cuts)]
    rows = [
        {"Model": cut.spec.label, "Inference": cut.inference}
        | {stage.capitalize(): cut.seconds.get(stage) for stage in stages}
        | {
            "Device": f"{cut.device} · {cut.dtype}",
            "Memory": cut.peak_bytes / 1e6,
            "Kept": 100 * cut.share,
        }
        for cut in cuts
    ]
    seconds = st.column_config.NumberColumn(format="%.3f s")
    columns = {name.capitalize(): seconds for name in stages} | {"Inference": seconds}
    columns["Memory"] = st.column_config.NumberColumn(
        format="%.0f MB", help="Taken during the run on top of what was in use, at the worst moment"
    )
    columns["Kept"] = st.column_config.NumberColumn(
        format="%.0f %%", help="Share of the photo kept as subject"
    )
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)
    st.caption(
        "Inference is what a photo takes once the model is loaded: preprocess, network, "
        "postprocess and edges. The composite is timed at the photo's full size."
    )
