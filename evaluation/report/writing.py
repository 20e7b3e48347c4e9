"""A report as a page, as Markdown and as JSON."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation.measuring import Outcome
from evaluation.metrics import METRICS
from evaluation.report.building import Report
from evaluation.summary import Line

REPORT, TABLE = "report.html", "table.md"
"""What the files are called; JSON is `photos.names.RESULTS`."""

SCHEMA = 1
"""Of results.json: it grows when a key changes its meaning."""


def as_html(report: Report) -> str:
    """One page that needs no network and runs no script; pictures are in it."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"score": score, "memory": memory, "seconds": seconds}
    return pages.get_template("page.html").render(report=report, metrics=METRICS)


def as_markdown(report: Report) -> str:
    """A table to paste, with the choice above it."""
    head = ["model", f"{report.metric.label}", "95 %", "median", "s/photo", "memory", "licence"]
    rows = [
        [
            line.spec.label + (" (told the truth's box)" if line.box else ""),
            score(line.mean),
            f"{score(line.low)} – {score(line.high)}",
            score(line.median),
            seconds(line.seconds),
            memory(line.peak_bytes),
            line.spec.terms,
        ]
        for line in report.lines
    ]
    lines = [" | ".join(cells) for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join([*report.choice.reasons, "", *(f"| {line} |" for line in lines), ""])


def as_results(report: Report, outcomes: list[Outcome]) -> dict[str, Any]:
    """Ready for JSON. models: a summary of each, the best first; results: every matte's scores."""
    return {
        "schema": SCHEMA,
        "metric": asdict(report.metric),
        "photos": report.count,
        "choice": {
            "model": report.choice.spec and report.choice.spec.name,
            "even": [spec.name for spec in report.choice.even],
            "reasons": list(report.choice.reasons),
        },
        "models": [_of_line(line, report) for line in report.lines],
        "comparisons": [
            {
                "better": each.better.name,
                "other": each.other.name,
                "p_corrected": each.p,
                "real": each.real,
                **asdict(each.difference),
            }
            for each in report.comparisons
        ],
        "environment": report.environment,
        "command": report.command,
        "results": [_of_outcome(outcome) for outcome in outcomes],
    }


def as_json(told: dict[str, Any]) -> bytes:
    """UTF-8; names that are no Unicode are escaped."""
    return json.dumps(told, indent=1, ensure_ascii=False).encode(errors="backslashreplace")


def score(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"


def megabytes(count: int | None) -> int | None:
    """None where it isn't known: of a run, too, for which what the process had free was enough."""
    return round((count or 0) / 1e6) or None


def memory(count: int | None) -> str:
    """“–” where there are no `megabytes`."""
    if count is None or (told := megabytes(count)) is None:
        return "–"
    return f"{count / 1e9:.2f} GB" if count >= 1e8 else f"{told} MB"


def seconds(spent: float | None) -> str:
    """“–” where they aren't known."""
    if spent is None:
        return "–"
    return f"{spent:.2f} s" if spent < 10 else f"{spent:.0f} s"


def _of_line(line: Line, report: Report) -> dict[str, Any]:
    spec = line.spec
    told = {each.name: getattr(line, each.name) for each in fields(line) if each.name != "spec"}
    return {
        "model": spec.name,
        "family": spec.family,
        "source": spec.source,
        "revision": report.revisions[spec.name],
        "licence": spec.licences,
        "commercial": not spec.conditions,
        "pareto": spec.name in report.front,
        **told,
        "means": report.others[spec.name],
    }


def _of_outcome(outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {
        "photo": outcome.case.name,
        "tags": list(outcome.case.tags),
        "model": outcome.spec and outcome.spec.name,
        "error": outcome.error,
    }
    if outcome.measured:
        measured = asdict(outcome.measured)
        told |= {key: value for key, value in measured.items() if key not in ("curve", "worst")}
        crop = measured["worst"]
        told["worst"] = {key: crop[key] for key in ("x", "y", "width", "height")}
    return told
