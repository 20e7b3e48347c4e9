"""Quality × seconds × memory as a chart, with the Pareto front."""

import altair as alt
import pandas as pd
import streamlit as st

from evaluation.report import Report

HEIGHT = 340
FRONT, OTHER = "#8b5cf6", "#94a3b8"
INK = {"light": "#1d2330", "dark": "#e8ebf1"}
"""Of the names: Streamlit's theme leaves them black."""


def quality_chart(report: Report) -> None:
    """Seconds run to the right in powers of ten, better is up, a circle's area is memory."""
    lower = report.metric.better == "lower"
    table = pd.DataFrame(
        [
            {
                "Model": line.spec.label,
                "Mean": line.mean,
                "Seconds": max(line.seconds, 1e-3),
                "Memory in GB": line.peak_bytes / 1e9,
                "Front": line.spec.name in report.front,
            }
            for line in report.lines
            if line.seconds is not None and line.peak_bytes is not None
        ]
    )
    dots = alt.Chart(table).encode(
        x=alt.X(
            "Seconds",
            scale=alt.Scale(type="log", nice=False, padding=40),
            title="seconds a photo",
            axis=alt.Axis(tickCount=6, format="~g"),
        ),
        y=alt.Y(
            "Mean",
            scale=alt.Scale(zero=False, reverse=lower, padding=30),
            title=f"mean {report.metric.label}, better up",
        ),
    )
    colour = alt.condition("datum.Front", alt.value(FRONT), alt.value(OTHER))
    circles = dots.mark_circle(opacity=0.85).encode(
        size=alt.Size("Memory in GB", scale=alt.Scale(range=[70, 800]), legend=None),
        color=colour,
        tooltip=[
            "Model",
            alt.Tooltip("Mean", format=".4f"),
            alt.Tooltip("Seconds", format=".2f"),
            alt.Tooltip("Memory in GB", format=".2f"),
        ],
    )
    front = dots.transform_filter("datum.Front").mark_line(strokeDash=[4, 4], color=FRONT)
    ink = INK["dark" if st.context.theme.type == "dark" else "light"]
    names = dots.mark_text(align="center", dy=-20, fontSize=12, color=ink).encode(text="Model")
    st.altair_chart((front + circles + names).properties(height=HEIGHT), width="stretch")
    st.caption(
        "A circle's area stands for memory. The violet ones, joined by the dashed line, are those "
        "that no other model beats in all three."
    )
