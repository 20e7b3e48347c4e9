"""The verbs of `cli.py models`."""

from collections.abc import Sequence
from typing import Annotated

from typer import Argument, Context, Exit, Option, Typer

from models import catalog
from models.catalog import ModelSpec
from models.catalog.licences import usable
from terminal import library, tables
from terminal.listing import as_json
from terminal.parsing import find_models
from terminal.request import check_licences

app = Typer(help="The models there are, and which of them are on this machine.")

Names = Annotated[list[str], Argument(metavar="NAMES", help="As `cli.py models` lists them.")]
CommercialOnly = Annotated[
    bool, Option("--commercial-only", help="Only models that are free for commercial use.")
]


@app.callback(invoke_without_command=True)
def catalogue(context: Context, *, commercial_only: CommercialOnly = False) -> None:
    if context.invoked_subcommand is None:
        tables.show(tables.all_models(_usable(commercial_only)))


@app.command("list")
def list_(
    *,
    commercial_only: CommercialOnly = False,
    json: Annotated[
        bool, Option("--json", help="All that is known of each: licence, revision, SHA-256, …")
    ] = False,
) -> None:
    """Which models are on this machine, and how much of the disk they take."""
    specs = _usable(commercial_only)
    if json:
        print(as_json(specs))
    else:
        tables.show(tables.on_this_machine(specs))


@app.command()
def pull(names: Names, *, commercial_only: CommercialOnly = False) -> None:
    """Download models, so that they run without a network; a stopped download is carried on."""
    specs = _all(names)
    if commercial_only:
        check_licences(specs)
    if not library.pull(specs):
        raise Exit(1)


@app.command()
def check(names: Names) -> None:
    """What downloaded weights say of themselves: the order of BiRefNet's image tiles."""
    if not library.check(_all(names)):
        raise Exit(1)


@app.command()
def remove(names: Names) -> None:
    """Remove downloaded models from this machine."""
    if not library.remove(_all(names)):
        raise Exit(1)


def _usable(commercial_only: bool) -> list[ModelSpec]:
    return usable(catalog.everything(), commercial_only=commercial_only)


def _all(names: Sequence[str]) -> list[ModelSpec]:
    return find_models(",".join(names), catalog.everything())
