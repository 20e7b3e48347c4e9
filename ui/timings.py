"""Honest timings, side by side: a chart of what a photo takes, a table of everything."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from models.running.stages import STAGES
from photos.cut import Cut

COLOURS = {
    "preprocess": "#a5b4fc",
    "network": "#4f46e5",
    "postprocess": "#22a6b3",
    "edges": "#f0a13a",
    "composite": "#e0567b",
}
"""The stages that each photo goes through, in order."""
NAME, BAR, AXIS = 260, 30, 80
"""Sizes in pixels: a model's name across, a bar with its gap and the axis down."""


def timings(cuts: Sequence[Cut]) -> None:
    """A chart and a table of the cuts of one photo, quickest first."""
    cuts = sorted(cuts, key=lambda cut: cut.inference)
    st.header("Timings", anchor=False)
    _chart(cuts)
    _table(cuts)


def _chart(cuts: Sequence[Cut]) -> None:
    rows = [
        {
            "Model": cut.spec.label,
            "Stage": stage,
            "Seconds": cut.seconds.get(stage, 0.0),
            "Order": i,
            "Told": f"{cut.spec.label}, {stage}: {cut.seconds.get(stage, 0.0):.3f} seconds",
        }
        for cut in cuts
        for i, stage in enumerate(COLOURS)
        if stage in cut.seconds
    ]
    there = {row["Stage"] for row in rows}
    colours = {stage: colour for stage, colour in COLOURS.items() if stage in there}
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=20)
        .encode(
            y=alt.Y(
                "Model",
                sort=[cut.spec.label for cut in cuts],
                title=None,
                axis=alt.Axis(labelLimit=NAME),
            ),
            x=alt.X(
                "Seconds",
                stack="zero",
                title="seconds a photo, shorter is better",
                axis=alt.Axis(tickCount=8),
            ),
            color=alt.Color(
                "Stage",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=None,
            ),
            order="Order",
            description="Told",  # what is read out of a bar
            tooltip=["Model", "Stage", alt.Tooltip("Seconds", format=".3f")],
        )
    )
    # The chart's own legend would be cut off where it is wider than the chart. This one wraps.
    names = (f'<li style="--stage: {colour}">{stage}</li>' for stage, colour in colours.items())
    st.html(f'<ul class="legend">{"".join(names)}</ul>')
    # Each of the chart's buttons reads its name out; the seconds themselves are in the table.
    st.altair_chart(bars, height=BAR * len(cuts) + AXIS, alt="Seconds for each model")


def _read_out(seconds: float | None) -> float | None:
    """As many digits as the table shows: all that it has are read out."""
    return None if seconds is None else round(seconds, 3)


def _table(cuts: Sequence[Cut]) -> None:
    stages = [stage for stage in STAGES if any(stage in cut.seconds for cut in cuts)]
    rows = [
        {"Model": cut.spec.label, "Inference": _read_out(cut.inference)}
        | {stage.capitalize(): _read_out(cut.seconds.get(stage)) for stage in stages}
        | {
            "Device": f"{cut.device} · {cut.dtype}",
            "Memory": round(cut.peak_bytes / 1e6),
            "Kept": round(100 * cut.share),
        }
        for cut in cuts
    ]
    seconds = st.column_config.NumberColumn(format="%.3f s")
    columns = {name.capitalize(): seconds for name in stages} | {"Inference": seconds}
    columns["Memory"] = st.column_config.NumberColumn(format="%.0f MB")
    columns["Kept"] = st.column_config.NumberColumn(format="%.0f %%")
    columns["Model"] = st.column_config.TextColumn(pinned=True)
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=columns,
        height="content",
        placeholder="–",
    )
    st.caption(
        "Inference is what a photo takes once the model is loaded: preprocess, network, "
        "postprocess and edges. The composite is timed at the photo's full size. Memory is the "
        "most that the run took beyond what was in use before. Kept is the share of the photo "
        "that is subject."
    )
