"""The verbs of `cli.py models`."""

from collections.abc import Sequence
from typing import Annotated

from typer import Argument, Context, Exit, Typer

from models import catalog
from models.catalog import ModelSpec
from terminal import library, tables
from terminal.parsing import find_models

app = Typer(help="The models there are, and which of them are on this machine.")

Names = Annotated[list[str], Argument(metavar="NAMES", help="As `cli.py models` lists them.")]


@app.callback(invoke_without_command=True)
def catalogue(context: Context) -> None:
    if context.invoked_subcommand is None:
        tables.show(tables.all_models())


@app.command("list")
def list_() -> None:
    """Which models are on this machine, and how much of the disk they take."""
    tables.show(tables.on_this_machine())


@app.command()
def pull(names: Names) -> None:
    """Download models, so that they run without a network; a stopped download is carried on."""
    if not library.pull(_all(names)):
        raise Exit(1)


@app.command()
def check(names: Names) -> None:
    """Whether downloaded weights fit their network, and what order of tiles BiRefNet's show."""
    if not library.check(_all(names)):
        raise Exit(1)


@app.command()
def remove(names: Names) -> None:
    """Remove downloaded models from this machine."""
    if not library.remove(_all(names)):
        raise Exit(1)


def _all(names: Sequence[str]) -> list[ModelSpec]:
    return find_models(",".join(names), catalog.everything())
