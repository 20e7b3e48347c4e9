"""Models measured on photos with truths, and what is told of it."""

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from typer import BadParameter, echo

from evaluation.choice import Limits
from evaluation.measuring import Outcome, Running, measure
from evaluation.metrics import Metric
from evaluation.records import Records
from evaluation.report import Report, as_html, as_json, as_markdown, as_results, build
from evaluation.report.writing import memory, score, seconds
from evaluation.sets.composed import compose_set
from evaluation.sets.layouts import Case, NoTruths, find_cases, match, tagged
from evaluation.sets.reading import BadTruth, read_tags
from models.catalog import ModelSpec
from models.hub import weights
from models.running.pool import Pool
from photos.names import RESULTS
from photos.reading import SUFFIXES
from photos.saving import write
from terminal.gathering import gather
from terminal.library import announce
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoResult

RECORDS = "measured.sqlite"
REPORT = "report.html"
TABLE = "table.md"


@dataclass(frozen=True)
class Sources:
    """Where photos and truths are: a folder of both; two or three folders; or cutouts and
    backgrounds, of which photos are made."""

    folder: Path | None
    photos: Path | None
    truth: Path | None
    trimaps: Path | None
    cutouts: Path | None
    backgrounds: Path | None
    tags: Path | None


def evaluate(
    sources: Sources, request: Request, metric: Metric, limits: Limits, output: Path, *, boxes: bool
) -> list[NoResult]:
    """Measure all models on all photos, write the report and print its table. Returns what
    failed, told already."""
    cases = _cases(sources, output)
    running = Running(request.device, request.refiner, "always" if boxes else "needed", Pool())
    outcomes = list(_measured(cases, request.specs, output, running))
    failures = [
        NoResult(each.case.photo, each.spec.name if each.spec else None, each.error)
        for each in outcomes
        if each.error
    ]
    if any(each.measured for each in outcomes):
        report = build(outcomes, metric, limits, _command(), _revision)
        write(output / REPORT, as_html(report).encode())
        write(output / TABLE, as_markdown(report).encode(errors="backslashreplace"))
        write(output / RESULTS, as_json(as_results(report, outcomes)))
        _show(report)
        for name in (REPORT, TABLE, RESULTS):
            print(output / name)
    return failures


def _cases(sources: Sources, output: Path) -> list[Case]:
    """Raises BadParameter."""

    def tell(sentence: str) -> None:
        echo(sentence, err=True)

    try:
        if sources.cutouts and sources.backgrounds:
            cases = list(_composed(sources.cutouts, sources.backgrounds, output))
        elif sources.photos and sources.truth:
            cases = match(sources.photos, sources.truth, sources.trimaps, tell)
        elif sources.folder:
            cases = find_cases(sources.folder, tell)
        else:
            raise BadParameter(
                "Name a folder with photos and truths; or --photos and --truth; or --cutouts and "
                "--backgrounds."
            )
        return tagged(cases, read_tags(sources.tags) if sources.tags else None)
    except (NoTruths, BadTruth) as error:
        raise BadParameter(str(error)) from error


def _composed(cutouts: Path, backgrounds: Path, output: Path) -> Iterator[Case]:
    subjects, behind = (
        [path for path in gather([folder], lambda _: None) if path.suffix[1:].lower() in SUFFIXES]
        for folder in (cutouts, backgrounds)
    )
    if not subjects or not behind:
        raise BadParameter(f"“{backgrounds if subjects else cutouts}” holds no pictures.")
    for made in compose_set(subjects, behind, output / "composed"):
        if isinstance(made, Case):
            yield made
        else:
            echo(made, err=True)


def _measured(
    cases: Sequence[Case], specs: Sequence[ModelSpec], output: Path, running: Running
) -> Iterator[Outcome]:
    records = Records(output / RECORDS)
    with Bar(len(cases) * len(specs)) as bar:
        for spec in specs:
            announce(spec, bar)
        for outcome in measure(cases, specs, records, running):
            label = f" · {outcome.spec.label}" if outcome.spec else ""
            bar.doing(f"{outcome.case.name}{label}")
            if outcome.error:
                bar.tell(f"{outcome.case.name}{label}: {outcome.error}")
            bar.done(1 if outcome.spec else len(specs))
            yield outcome


def _show(report: Report) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Model", f"{report.metric.label}", "95 %", "Median", "s/photo", "Memory"):
        table.add_column(heading, no_wrap=heading != "Model")
    for line in report.lines:
        told = " (told the truth's box)" if line.box else ""
        table.add_row(
            line.spec.name + told,
            score(line.mean),
            f"{score(line.low)} – {score(line.high)}",
            score(line.median),
            seconds(line.seconds),
            memory(line.peak_bytes),
        )
    console = Console(width=None if sys.stdout.isatty() else 240)
    console.print(table)
    for sentence in (*(each.sentence for each in report.comparisons), *report.choice.reasons):
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _revision(spec: ModelSpec) -> str:
    return "" if spec.built_in else weights.resolved_revision(spec)


def _command() -> str:
    return shlex.join(["uv", "run", "cli.py", *sys.argv[1:]])
