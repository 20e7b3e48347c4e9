"""The report on what this visit measured: the same as the command line's."""

import shlex
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from evaluation.limits import Limits
from evaluation.measuring import Outcome
from evaluation.metrics import METRICS, Metric, find
from evaluation.report import Report, build
from evaluation.report.pictures import Strip
from models.running.apart import revision_of
from photos.cut import Refiner
from ui.limits import limits
from ui.sidebar import chosen_device
from ui.state import Asked, Bench

type Known = Mapping[Asked, Outcome]


def chosen_metric() -> Metric:
    """What models are ranked by."""
    return find(st.session_state.get("metric") or METRICS[0].name)


def report_on(held: Bench, known: Known) -> Report:
    """known: of `ui.measuring.outcomes_of`; something was measured. Made once for what is known,
    the metric and the limits."""
    metric, wanted = chosen_metric(), limits()
    told = [(asked, outcome.case.name, outcome.case.tags) for asked, outcome in known.items()]
    command = command_line(known, metric, wanted, chosen_device(), held.refiner)
    token = repr((held.visit, held.truths.told, told, command))
    return _report(token, known, held.truths.worst, metric, wanted, command)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _report(
    token: str,  # noqa: ARG001
    _known: Known,
    _worst: Mapping[Asked, Strip],
    _metric: Metric,
    _limits: Limits,
    _command: str,
) -> Report:
    return made(_known, _worst, _metric, _limits, _command)


def made(
    known: Known, worst: Mapping[Asked, Strip], metric: Metric, wanted: Limits, command: str
) -> Report:
    """The report, with the pictures that were kept when each matte was measured."""
    asked = {id(outcome): asked for asked, outcome in known.items()}

    def picture(outcome: Outcome, value: float) -> Strip | None:
        kept = worst.get(asked[id(outcome)])
        return replace(kept, case=outcome.case.name, value=value) if kept else None

    return build(list(known.values()), metric, wanted, command, revision_of, picture)


def command_line(
    known: Known, metric: Metric, wanted: Limits, device: str, refiner: Refiner
) -> str:
    """What measures the same photos on the command line."""
    tools = {
        each.spec.name: each.spec.label
        for each in known.values()
        if each.spec and each.spec.foreign
    }
    asked = dict.fromkeys(each.model for each in known if each.model)
    models = [name for name in asked if name not in tools]
    words = ["uv", "run", "cli.py", "evaluate", "--photos", "PHOTOS", "--truth", "TRUTHS"]
    words += ["--models", ",".join(models), "--by", metric.name, "--refine", refiner]
    words += ["--device", device]
    for label in tools.values():
        words += ["--also", f"{label}=MATTES"]
    if wanted.commercial:
        words.append("--commercial-only")
    if wanted.seconds is not None:
        words += ["--max-seconds", f"{wanted.seconds:g}"]
    if wanted.bytes_ is not None:
        words += ["--max-gb", f"{wanted.bytes_ / 1e9:g}"]
    if wanted.download is not None:
        words += ["--max-download-mb", f"{wanted.download / 1e6:g}"]
    if wanted.hears:
        words += ["--hears", ",".join(sorted(wanted.hears))]
    return shlex.join(words)
