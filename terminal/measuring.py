"""What the verb `evaluate` does: cases are found, models measured, and all of it told."""

import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from typer import BadParameter, echo

from evaluation import measuring
from evaluation.limits import Limits
from evaluation.measuring import Outcome
from evaluation.metrics import Metric
from evaluation.pace import Pace
from evaluation.records import BadRecords, Records
from evaluation.report import (
    REPORT,
    TABLE,
    Report,
    as_html,
    as_json,
    as_markdown,
    as_results,
    build,
)
from evaluation.report.writing import memory, score, seconds
from evaluation.sets.composed import compose_set
from evaluation.sets.layouts import Case, NoTruths, find_cases, match, tagged
from evaluation.sets.reading import BadTruth, read_tags
from models.catalog import ModelSpec
from models.running.apart import revision_of
from models.running.pool import Pool
from photos.names import RESULTS
from photos.reading import SUFFIXES
from photos.saving import write
from terminal.elsewhere import Tool, match_all
from terminal.evaluating import Sources, Wanted
from terminal.gathering import gather, named
from terminal.library import announce
from terminal.options import Running
from terminal.progress import Bar
from terminal.work import NoResult

RECORDS = "measured.sqlite"


def limits_of(wanted: Wanted, running: Running) -> Limits:
    return Limits.of(
        wanted.max_seconds,
        wanted.max_gb,
        wanted.max_download_mb,
        wanted.hears,
        commercial=running.commercial_only,
    )


def cases_of(folder: Path | None, sources: Sources, output: Path) -> list[Case]:
    """Raises BadParameter."""

    def tell(sentence: str) -> None:
        echo(sentence, err=True)

    apart = (sources.photos, sources.truth, sources.trimaps)
    made = (sources.cutouts, sources.backgrounds)
    if sum(any(way) for way in ((folder,), apart, made)) > 1:
        raise BadParameter(
            "Photos and truths come in one of these ways alone: a folder with both; or --photos, "
            "--truth and --trimaps; or --cutouts and --backgrounds."
        )
    try:
        if sources.cutouts and sources.backgrounds:
            cases = list(_composed(sources.cutouts, sources.backgrounds, output))
        elif sources.photos and sources.truth:
            cases = match(sources.photos, sources.truth, sources.trimaps, tell)
        elif folder:
            cases = find_cases(folder, tell)
        else:
            raise BadParameter(
                "Name a folder with photos and truths; or --photos and --truth; or --cutouts and "
                "--backgrounds."
            )
        return tagged(cases, _tags(sources.tags, cases, tell) if sources.tags else None)
    except (NoTruths, BadTruth) as error:
        raise BadParameter(str(error)) from error


def _tags(
    path: Path, cases: Sequence[Case], tell: Callable[[str], object]
) -> dict[str, tuple[str, ...]]:
    """Names that no photo has are told, but for that of a first line, which is a heading's."""
    table = read_tags(path)
    photos = {case.photo.stem.casefold() for case in cases}
    if lost := [name for name in list(table)[1:] if name not in photos]:
        tell(f"{path}: no photo is called {named(lost)}.")
    return table


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


def measured(
    cases: Sequence[Case],
    specs: Sequence[ModelSpec],
    output: Path,
    running: Running,
    tools: Sequence[Tool] = (),
    *,
    boxes: bool,
) -> list[Outcome]:
    """What became of each case and model; what was measured before isn't done again. Raises
    BadParameter, or BadRecords if results can't be kept."""
    try:
        records = Records(output / RECORDS)
    except BadRecords as error:
        raise BadParameter(str(error), param_hint="--output") from error
    outcomes = []
    pace = Pace()
    for spec in specs:
        for took in records.took(spec.name, running.device, running.refine):
            pace.learn(spec.name, took)
    with Bar(len(cases) * (len(specs) + len(tools)), foretold=True) as bar:
        others = _matched(tools, cases, bar.tell)
        for spec in specs:
            announce(spec, bar)
        how = measuring.Running(
            running.device,
            running.refine,
            "always" if boxes else "needed",
            Pool(),
            bar.downloaded,
        )
        # Nothing is told before the first outcome: until then, all may be on record.
        left = _left(cases, specs, others)
        for outcome in measuring.measure(cases, specs, records, how, others):
            label = f" · {outcome.spec.label}" if outcome.spec else ""
            left -= _done(outcome, specs, others)
            pace.learn_of(outcome)
            told = pace.words(left)
            bar.doing(f"{outcome.case.name}{label}{told and f', {told} left'}")
            if outcome.error:
                bar.tell(f"{outcome.case.name}{label}: {outcome.error}")
            bar.done(1 if outcome.spec else len(specs))
            outcomes.append(outcome)
    return outcomes


def _left(
    cases: Sequence[Case], specs: Sequence[ModelSpec], others: Sequence[measuring.Elsewhere]
) -> Counter[str]:
    """How many photos each has yet to be measured on, by names."""
    models = {spec.name: len(cases) for spec in specs}
    return Counter(models | {each.spec.name: len(each.files) for each in others})


def _done(
    outcome: Outcome, specs: Sequence[ModelSpec], others: Sequence[measuring.Elsewhere]
) -> Counter[str]:
    """What needn't be measured any more: of a photo that can't be used, nothing of it."""
    if outcome.spec:
        return Counter([outcome.spec.name])
    theirs = [each.spec.name for each in others if outcome.case.name in each.files]
    return Counter([*(spec.name for spec in specs), *theirs])


def _matched(
    tools: Sequence[Tool], cases: Sequence[Case], tell: Callable[[str], object]
) -> list[measuring.Elsewhere]:
    """The files of other tools for the photos; what is left out is told."""
    found = match_all(tools, [case.photo for case in cases], tell)
    others = []
    for tool, files in found.items():
        mine = {case.name: files[case.photo] for case in cases if case.photo in files}
        if lost := [case.photo.name for case in cases if case.name not in mine]:
            tell(f"{tool.spec.label}: nothing for {named(lost)}.")
        others.append(measuring.Elsewhere(tool.spec, mine))
    return others


def failures(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[NoResult]:
    photos = {case.name: case.photo for case in cases}
    return [
        NoResult(photos[each.case.name], each.spec.name if each.spec else None, each.error)
        for each in outcomes
        if each.error
    ]


def tell(
    outcomes: list[Outcome], metric: Metric, limits: Limits, output: Path, page: Path | None
) -> None:
    """Write the report in its three forms, and print its tables. page: where the report goes, if
    not into the output folder."""
    if not any(each.measured for each in outcomes):
        return
    report = build(outcomes, metric, limits, _command(), revision_of)
    page = page or output / REPORT
    write(page, as_html(report).encode())
    write(output / TABLE, as_markdown(report).encode(errors="backslashreplace"))
    write(output / RESULTS, as_json(as_results(report, outcomes)))
    _show(report)
    for path in (page, output / TABLE, output / RESULTS):
        print(path)


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


def _command() -> str:
    return shlex.join(["uv", "run", "cli.py", *sys.argv[1:]])
