"""What is printed as tables."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluation.votes.standings import Standings
from models.catalog import ModelSpec
from models.hub import given, weights
from models.hub.errors import download_size, readable

_PIPE_WIDTH = 240
"""Width in characters without a terminal: lines for programs to read shouldn't be folded."""

_JUDGED: dict[str, Callable[[dict[str, Any]], float | None]] = {
    "Apart": lambda result: result.get("apart"),
    "Changes": lambda result: result.get("steadiness", {}).get("mean"),
}
"""From what the others agree on; and when the photo does what should change nothing."""


def all_models(specs: Sequence[ModelSpec]) -> Table:
    """The models and what a person must know of each before choosing."""
    table = _table("Model", "Licence", "Download", "Told")
    table.columns[0].min_width = max((len(spec.name) for spec in specs), default=0)
    for folded in (table.columns[1], table.columns[3]):
        folded.no_wrap = False
    for spec in specs:
        licence = "\n".join(filter(None, (spec.licences, spec.conditions)))
        size = "built in" if spec.built_in else download_size(spec)
        access = "\nask for access" if spec.gated else ""
        caution = f" It is {spec.caution}." if spec.caution else ""
        summary = Padding(Text(spec.summary + caution, "dim"), (0, 0, 0, 2))
        table.add_row(
            Group(Text(spec.name, "bold"), summary), licence, size + access, spec.told or "–"
        )
    return table


def on_this_machine(specs: Iterable[ModelSpec]) -> Table:
    """Which models are here and how much of the disk they take."""
    table = _table("Model", "Here", "On disk", "")
    for spec in specs:
        size = weights.size_on_disk(spec)
        on_disk = readable(size) if size else "–"
        table.add_row(spec.name, _presence(spec, size), on_disk, spec.caution)
    return table


def objects(found: Sequence[dict[str, Any]]) -> Table:
    """What a model found in a photo, as `terminal.objects` tells it."""
    table = _table("Object", "Score", "Of the photo", "Box")
    for each in found:
        box = ",".join(map(str, each["box"]))
        table.add_row(each["name"], f"{each['score']:.2f}", f"{each['share']:.1%}", box)
    return table


def timings(results: Sequence[dict[str, Any]]) -> Table:
    """The medians over the photos for each model, from what results.json holds."""
    judged = {
        heading: value
        for heading, value in _JUDGED.items()
        if any(value(result) is not None for result in results)
    }
    table = _table("Model", "Photos", "Inference", "Composite", "Load", "Memory", "Device", *judged)
    for name in dict.fromkeys(result["model"] for result in results):
        own = [result for result in results if result["model"] == name]
        seconds = [result["seconds"] for result in own]
        table.add_row(
            name,
            str(len(own)),
            _seconds(result["inference"] for result in own if result["inference"]),
            _seconds(each["composite"] for each in seconds if "composite" in each),
            _seconds(each["load"] for each in seconds if "load" in each),
            readable(peak) if (peak := max(result["peak_bytes"] for result in own)) else "–",
            f"{own[0]['device']} {own[0]['dtype']}" if peak else "–",
            *(_percent(map(value, own)) for value in judged.values()),
        )
    return table


def ratings(told: Standings) -> Table:
    """Models by what votes say of them, the best first."""
    table = _table("Model", "Rank", "Elo", "95 %", "Votes")
    for place in told.places:
        numbers = place.rating
        elo, votes = f"{numbers.elo:.0f}", str(numbers.votes)
        table.add_row(Text(place.label), place.rank, elo, place.interval or "–", votes)
    return table


def collections(counts: Mapping[str, tuple[int, int, int]]) -> Table:
    """How many photos, models and votes there are in each."""
    table = _table("Collection", "Photos", "Models", "Votes")
    for name, numbers in counts.items():
        table.add_row(Text(name), *map(str, numbers))
    return table


def show(table: Table) -> None:
    """Print to stdout."""
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def _table(first: str, *others: str) -> Table:
    """A table of which only the first column is folded when the terminal is narrow."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, no_wrap=True)
    return table


def _presence(spec: ModelSpec, size: int) -> str:
    if spec.built_in:
        return "built in"
    if given.own(spec):
        return "your own files" if weights.cached(spec) else "your own files, incomplete"
    if weights.cached(spec):
        return "yes"
    return "in part" if size else "no"


def _percent(values: Iterable[float | None]) -> str:
    found = [value for value in values if value is not None]
    return f"{median(found):.1%}" if found else "–"


def _seconds(values: Iterable[float]) -> str:
    found = list(values)
    return f"{median(found):.3f} s" if found else "–"
