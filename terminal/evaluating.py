"""The verb `evaluate` and its options."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, BadParameter, Option

from evaluation.metrics import METRICS, Metric, find
from models import catalog
from models.catalog import ModelSpec, PromptKind
from models.catalog.licences import usable
from models.hub import weights
from models.running.extra import installed
from terminal.elsewhere import ALSO, Also, tools
from terminal.files import check_folder
from terminal.options import Running
from terminal.parsing import find_models, parse_hears
from terminal.request import check_licences, check_running
from terminal.work import NoResult

ALL, OUTPUT = "all", Path("measured")

_TRUTHS, _LIMITS = "Where the truths are", "Which model is named"


def _folder(name: str, help_: str) -> Any:
    return Option(name, metavar="FOLDER", help=help_, rich_help_panel=_TRUTHS, show_default=False)


@dataclass(frozen=True)
class Sources:
    """Where photos and truths are, if not in one folder: in two or three; or cutouts and
    backgrounds, of which photos are made."""

    photos: Annotated[Path | None, _folder("--photos", "Photos; --truth holds their truths.")] = (
        None
    )
    truth: Annotated[
        Path | None,
        _folder("--truth", "Truths, called as the photos are: white = subject, or cutouts."),
    ] = None
    trimaps: Annotated[
        Path | None, _folder("--trimaps", "Trimaps, called as the photos are; grey = edge band.")
    ] = None
    cutouts: Annotated[
        Path | None,
        _folder("--cutouts", "Finished cutouts, of which photos are made with --backgrounds."),
    ] = None
    backgrounds: Annotated[
        Path | None, _folder("--backgrounds", "Photos to put the cutouts into.")
    ] = None
    tags: Annotated[
        Path | None,
        Option(
            metavar="CSV",
            help="Kinds of photos: a name in the first column, tags in the others. By default the "
            "words that some file names share.",
            rich_help_panel=_TRUTHS,
            show_default=False,
        ),
    ] = None


@dataclass(frozen=True)
class Wanted:
    """What a model must keep to, to be named as the one to use."""

    max_seconds: Annotated[
        float | None,
        Option(
            help="At most so long for a photo.", min=0, rich_help_panel=_LIMITS, show_default=False
        ),
    ] = None
    max_gb: Annotated[
        float | None,
        Option(help="At most so much memory.", min=0, rich_help_panel=_LIMITS, show_default=False),
    ] = None
    max_download_mb: Annotated[
        float | None,
        Option(
            help="At most so much to download; what isn't known to keep to it isn't named.",
            min=0,
            rich_help_panel=_LIMITS,
            show_default=False,
        ),
    ] = None
    hears: Annotated[
        frozenset[PromptKind] | None,
        Option(
            parser=parse_hears,
            metavar="boxes,points,text,objects",
            help="What it must be told by: one or several of these.",
            rich_help_panel=_LIMITS,
            show_default=False,
        ),
    ] = None


def _metric(name: str) -> Metric:
    try:
        return find(name)
    except KeyError as error:
        raise BadParameter(error.args[0]) from error


def evaluate(
    folder: Annotated[
        Path | None,
        Argument(metavar="FOLDER", help="Photos with truths, as known test sets have them."),
    ] = None,
    *,
    sources: Sources,
    models: Annotated[
        str, Option(metavar="NAME,NAME...", help="Which to measure; all: those on this machine.")
    ] = ALL,
    by: Annotated[
        Metric,
        Option(
            parser=_metric,
            metavar="METRIC",
            help=f"What they are ranked by: {', '.join(each.name for each in METRICS)}.",
        ),
    ] = "mad",  # type: ignore[assignment]  # Typer parses it
    also: Also = None,
    boxes: Annotated[
        bool,
        Option(
            "--boxes",
            help="Tell all models that hear boxes where the truth is; those that can't guess are "
            "always told.",
        ),
    ] = False,
    output: Annotated[
        Path,
        Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="For the report and what was measured; what is there isn't measured again.",
        ),
    ] = OUTPUT,
    report: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="Where the report's page goes, if not into the output folder.",
            show_default=False,
        ),
    ] = None,
    wanted: Wanted,
    running: Running,
) -> list[NoResult]:
    """Measure models on photos whose truth is known: which is best, and is it really?

    report.html, table.md and results.json tell of it.
    """
    specs = _specs(models, commercial_only=running.commercial_only)
    check_running(specs, running)
    check_folder(output)
    if report and (report.is_dir() or report.parent.is_file()):
        raise BadParameter(f"“{report}” is no place for a file.", param_hint="--report")
    from terminal import measuring  # statistics are slow to import

    wishes = measuring.limits_of(wanted, running)
    cases = measuring.cases_of(folder, sources, output)
    others = tools(also or (), [case.photo for case in cases], ALSO)
    if running.commercial_only:
        check_licences([tool.spec for tool in others])
    outcomes = measuring.measured(cases, specs, output, running, others, boxes=boxes)
    measuring.tell(outcomes, by, wishes, output, report)
    return measuring.failures(cases, outcomes)


def _specs(names: str, *, commercial_only: bool) -> list[ModelSpec]:
    if names != ALL:
        return find_models(names)
    here = [spec for spec in catalog.cutters() if weights.cached(spec) and installed(spec)]
    return usable(here, commercial_only=commercial_only)
