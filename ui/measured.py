"""What was measured, shown: the choice, tables, the chart, differences, the worst places, files."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from evaluation.choice import Choice
from evaluation.measuring import Outcome
from evaluation.metrics import METRICS, Metric, find
from evaluation.report import REPORT, TABLE, Report, as_html, as_json, as_markdown, as_results
from evaluation.report.pictures import Strip
from evaluation.report.writing import megabytes, score
from evaluation.summary import Line, table
from photos.names import RESULTS
from ui.downloads import file_button
from ui.limits import in_words, limits
from ui.photo_bar import plain
from ui.quality import quality_chart
from ui.reporting import Known, chosen_metric, report_on
from ui.state import Bench

_NAMED = 6
"""How many failures are told at once."""


def results(held: Bench, known: Known) -> None:
    """All of it; while a job runs, only the table of what is there so far."""
    outcomes = list(known.values())
    _failures([outcome for outcome in outcomes if outcome.error])
    if not any(outcome.measured for outcome in outcomes):
        return
    if held.truths.running:
        st.header("So far", anchor=False)
        _metric()
        _table(table(outcomes, chosen_metric()), chosen_metric())
        return
    report = report_on(held, known)
    choice(report.choice)
    if told := in_words(limits()):
        st.caption(f"Limits: {told}. Recommend changes them.")
    _files(report, outcomes)
    _metric()
    _table(report.lines, report.metric, report.front)
    st.header("Quality, seconds, memory", anchor=False)
    quality_chart(report)
    _differences(report)
    _tags(report)
    _worst(report)


def choice(made: Choice) -> None:
    """Its sentences, the choice itself first."""
    first, *others = map(plain, made.reasons)
    told = "  \n".join([f"**{first}**", *others])
    if made.even:
        st.info(told, icon=":material/balance:")
    elif made.spec:
        st.success(told, icon=":material/trophy:")
    elif made.undecided:
        st.info(told, icon=":material/hourglass_empty:")
    else:
        st.warning(told, icon=":material/block:")


def _metric() -> None:
    st.selectbox(
        "Ranked by",
        [metric.name for metric in METRICS],
        format_func=lambda name: find(name).label,
        key="metric",
        persist_state="session",
        width=320,
    )
    metric = chosen_metric()
    unit = f", in units of {metric.unit}" if metric.unit else ""
    st.caption(f"{metric.meaning} {metric.better.capitalize()} is better{unit}. {metric.paper}.")


def _table(lines: Sequence[Line], metric: Metric, front: frozenset[str] = frozenset()) -> None:
    rows = [
        {
            "Model": line.spec.label + (" (told the truth's box)" if line.box else ""),
            metric.label: round(line.mean, 4),  # what is read out has the digits that it has
            "95 %": f"{score(line.low)} – {score(line.high)}",
            "Median": round(line.median, 4),
            "Photos": line.count,
            "Seconds": line.seconds and round(line.seconds, 2),
            "Memory": megabytes(line.peak_bytes),
            "Nothing found": line.empty,
            "Pareto front": line.spec.name in front,
            "Licence": line.spec.terms,
        }
        for line in lines
    ]
    numbers = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        metric.label: numbers(format="%.4f"),
        "Median": numbers(format="%.4f"),
        "Seconds": numbers(format="%.2f"),
        "Memory": numbers(format="%.0f MB"),
    }
    if not front:
        rows = [{k: v for k, v in row.items() if not k.startswith("Pareto")} for row in rows]
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, height="content")
    st.caption(
        f"{metric.label} is the mean over photos, with its 95 % interval by a bootstrap over "
        "photos. Seconds are the median of a photo, once the model was loaded. Memory is the most "
        "that a run took, with the model itself. In the photos under “Nothing found” it saw no "
        "subject."
    )


def _differences(report: Report) -> None:
    st.header("Which differences are real", anchor=False)
    if not report.comparisons:
        st.markdown("There is one model; pick several to compare them.")
        return
    st.markdown("\n".join(f"- {plain(each.sentence)}" for each in report.comparisons))
    st.caption(
        "Paired by photo; p by sign flips, corrected for all pairs (Holm). Finding no difference "
        "doesn't make two equal."
    )


def _tags(report: Report) -> None:
    if not report.by_tag:
        return
    st.header(f"{report.metric.label} by tag", anchor=False)
    rows = [
        {"Tag": tag, "Photos": max(line.count for line in lines)}
        | {line.spec.label: line.mean for line in lines}
        for tag, lines in report.by_tag.items()
    ]
    columns: dict[str, Any] = {
        line.spec.label: st.column_config.NumberColumn(format="%.4f") for line in report.lines
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, height="content")
    st.caption("Tags are the words that some of the photos' names share.")


def _worst(report: Report) -> None:
    st.header("The worst of each model", anchor=False)
    st.caption(
        "At 100 %, where the matte is furthest from the truth: photo, truth, matte, and the "
        "subject on magenta."
    )
    for line in report.lines:
        with st.container(key=f"worst_{line.spec.name}"):
            st.markdown(f"**{plain(line.spec.label)}**")
            st.html("".join(map(_figure, report.worst[line.spec.name])))


def _figure(strip: Strip) -> str:
    pictures = {
        "Photo": strip.photo, "Truth": strip.truth, "Matte": strip.matte,
        "On magenta": strip.cutout,
    }  # fmt: skip
    name = escape(strip.case)
    images = "".join(f'<img src="{at}" alt="{what} of {name}">' for what, at in pictures.items())
    told = f"<figcaption>{name}: {score(strip.value)}</figcaption>"
    return f"<figure><div>{images}</div>{told}</figure>"


def _files(report: Report, outcomes: list[Outcome]) -> None:
    with st.container(horizontal=True):
        _file("Report", REPORT, "text/html", lambda: as_html(report).encode())
        _file(
            "Table", TABLE, "text/markdown",
            lambda: as_markdown(report).encode(errors="backslashreplace"),
        )  # fmt: skip
        _file("Results", RESULTS, "application/json", lambda: as_json(as_results(report, outcomes)))


def _file(label: str, name: str, mime: str, make: Callable[[], bytes]) -> None:
    file_button(label, make, name, mime, key=f"file_{name}", told=name)


def _failures(failed: Sequence[Outcome]) -> None:
    for outcome in failed[:_NAMED]:
        who = f" by {outcome.spec.label}" if outcome.spec else ""
        st.warning(plain(f"{outcome.case.name}{who}: {outcome.error}"), icon=":material/error:")
    if len(failed) > _NAMED:
        st.warning(f"{len(failed) - _NAMED} more failed; the report names them all.")
