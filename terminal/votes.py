"""Voting without the page: a server for it, the ratings, the collections."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, BadParameter, Context, Exit, Option, Typer, confirm, echo

from evaluation.votes import BadBase, Base, Collection
from evaluation.votes.standings import Grouping, Standings, groups, standings
from photos.saving import WriteFailed, write
from terminal import tables

Named = Annotated[
    str | None,
    Option("--collection", "-c", metavar="NAME", help="Which one; needed if there are several."),
]
Name = Annotated[str, Argument(metavar="NAME", help="As `cli.py collections` lists them.")]

app = Typer(help="The collections of photos that are voted on.")


def vote(
    *,
    collection: Named = None,
    port: Annotated[int, Option(help="Of the server.", min=1, max=65535)] = 8501,
    address: Annotated[
        str, Option(help="Who can reach it: localhost is this machine, 0.0.0.0 the network.")
    ] = "localhost",
) -> None:
    """Serve voting on a collection, and nothing else, until Ctrl-C."""
    name = _chosen(collection).name
    from ui.serving import PortTaken, serve_voting  # slow to import

    try:
        serve_voting(name, address, port)
    except PortTaken as error:
        raise BadParameter(str(error)) from error


def ratings(
    *,
    collection: Named = None,
    by: Annotated[
        Grouping | None, Option(help="A table for each tag of photos, or for each voter.")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="All that is known, for programs.")] = False,
) -> None:
    """Which model is best, by the votes on a collection."""
    found = _chosen(collection)
    votes, labels = _asked(found.votes), _asked(found.models)
    parts = groups(votes, by) if by else {"": votes}
    told = {name: standings(part, labels) for name, part in parts.items()}
    if as_json:
        rated = [{"of": name or None} | _facts(each) for name, each in told.items()]
        print(json.dumps({"collection": found.name, "by": by, "ratings": rated}, indent=2))
        return
    for name, each in told.items():
        _tell(name, each)


@app.callback(invoke_without_command=True)
def list_(context: Context) -> None:
    if context.invoked_subcommand:
        return
    base = Base.here()

    def counts(name: str) -> tuple[int, int, int]:
        held = Collection(base, name)
        return len(held.photos()), len(held.models()), len(held.votes())

    tables.show(tables.collections(_asked(lambda: {name: counts(name) for name in base.names()})))
    print(base.path)


@app.command()
def export(
    name: Name,
    file: Annotated[Path, Argument(metavar="FILE", help="Ending in .csv or .json.")],
) -> None:
    """Write a collection's votes to a file, without pictures."""
    found = _chosen(name)
    makers = {".csv": found.as_csv, ".json": found.as_json}
    make = makers.get(file.suffix.lower())
    if make is None:
        raise BadParameter(f"“{file}” should end in .csv or .json.")
    try:
        write(file, make())
    except WriteFailed as error:
        echo(str(error), err=True)
        raise Exit(1) from error
    print(file)


@app.command()
def delete(
    name: Name, *, yes: Annotated[bool, Option("--yes", help="Don't ask first.")] = False
) -> None:
    """Delete a collection for good: photos, mattes and votes."""
    found = _chosen(name)
    told = f"Delete “{found.name}”, {len(found.photos())} photos and {len(found.votes())} votes?"
    if yes or confirm(told):
        _asked(lambda: found.base.delete(found.name))


def _chosen(name: str | None) -> Collection:
    """The collection, or the only one there is. Raises BadParameter."""
    base = Base.here()
    names = _asked(base.names)
    if name is None and len(names) == 1:
        name = names[0]
    if name is None:
        there = f"Name one with --collection: {', '.join(names)}." if names else _NONE
        raise BadParameter(there)
    return _asked(lambda: Collection(base, name))


_NONE = (
    "There are no collections yet: on the page, run two models or more on your photos, then keep "
    "them under Best."
)


def _asked[Answer](question: Callable[[], Answer]) -> Answer:
    """What a base answers. Raises BadParameter where it can't."""
    try:
        return question()
    except BadBase as error:
        raise BadParameter(str(error)) from error


def _facts(told: Standings) -> dict[str, Any]:
    return {
        "votes": told.turnout.votes,
        "needed": told.turnout.needed,
        "models": [
            {"model": place.model, "label": place.label, **_finite(asdict(place.rating))}
            for place in told.places
        ],
        "even": [place.model for place in told.even],
        "wins": {
            row: dict(zip(told.labels, map(float, line), strict=True))
            for row, line in zip(told.labels, told.won, strict=True)
        },
        "notes": [*filter(None, [told.turnout.missing]), *told.sentences],
    }


def _finite(numbers: dict[str, float]) -> dict[str, float | None]:
    """JSON has no infinity: of a model without votes nothing is known."""
    return {name: value if abs(value) < 1e9 else None for name, value in numbers.items()}


def _tell(name: str, told: Standings) -> None:
    if name:
        print(f"\n{name}")
    if told.places:
        tables.show(tables.ratings(told))
    else:
        print(told.turnout.missing)
    for sentence in told.sentences:
        print(sentence)
