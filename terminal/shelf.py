"""The verbs of `cli.py models`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option, Typer

from models import catalog
from models.catalog import ModelSpec
from models.catalog.licences import usable
from terminal import adding, library, tables
from terminal.listing import as_json
from terminal.looking import PRESETS
from terminal.options import ModelsFile
from terminal.parsing import find_models
from terminal.request import check_licences

app = Typer(help="The models there are, and which of them are on this machine.")

Names = Annotated[list[str], Argument(metavar="NAMES", help="As `cli.py models` lists them.")]
CommercialOnly = Annotated[
    bool, Option("--commercial-only", help="Only models that are free for commercial use.")
]


@app.callback(invoke_without_command=True)
def catalogue(
    context: Context,
    *,
    commercial_only: CommercialOnly = False,
    models_file: ModelsFile = None,  # noqa: ARG001
) -> None:
    if context.invoked_subcommand is None:
        tables.show(tables.all_models(_usable(commercial_only)))


@app.command("list")
def list_(
    *,
    commercial_only: CommercialOnly = False,
    json: Annotated[
        bool, Option("--json", help="All that is known of each: licence, revision, SHA-256, …")
    ] = False,
    models_file: ModelsFile = None,  # noqa: ARG001
) -> None:
    """Which models are on this machine, and how much of the disk they take."""
    specs = _usable(commercial_only)
    if json:
        print(as_json(specs))
    else:
        tables.show(tables.on_this_machine(specs))


@app.command()
def pull(
    names: Names,
    *,
    commercial_only: CommercialOnly = False,
    models_file: ModelsFile = None,  # noqa: ARG001
) -> None:
    """Download models, so that they run without a network; a stopped download is carried on."""
    specs = _all(names)
    if commercial_only:
        check_licences(specs)
    if not library.pull(specs):
        raise Exit(1)


@app.command()
def check(names: Names, *, models_file: ModelsFile = None) -> None:  # noqa: ARG001
    """Whether downloaded weights fit their network, and what order of tiles BiRefNet's show."""
    if not library.check(_all(names)):
        raise Exit(1)


@app.command()
def remove(names: Names, *, models_file: ModelsFile = None) -> None:  # noqa: ARG001
    """Remove downloaded models from this machine."""
    if not library.remove(_all(names)):
        raise Exit(1)


@app.command()
def add(
    path: Annotated[Path, Argument(metavar="PATH", help="An ONNX file, or a checkpoint.")],
    *,
    name: Annotated[str | None, Option(help="By default the file's.", show_default=False)] = None,
    label: Annotated[str | None, Option(help="Its name on the page.", show_default=False)] = None,
    preset: Annotated[
        str | None,
        Option(
            metavar="|".join(PRESETS),
            help="How photos are prepared for an ONNX file.",
            show_default=False,
        ),
    ] = None,
    side: Annotated[
        int | None,
        Option(help="At which side it sees a photo, where the file leaves that open.", min=1),
    ] = None,
    output: Annotated[
        int | None, Option(help="Which of an ONNX file's outputs is the matte.", min=0)
    ] = None,
    licence: Annotated[str | None, Option(help="The weights' licence.", show_default=False)] = None,
    commercial: Annotated[
        bool | None,
        Option("--commercial/--no-commercial", help="Whether one may earn money with the results."),
    ] = None,
    to: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="The TOML file; by default the one that CUTOUT_MODELS names, else models.toml.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look into a file of your own, and write a row for it: `cli.py models add my.onnx`.

    What the file doesn't tell is asked, unless an option says it.
    """
    answers = adding.Answers(name, label, preset, side, output, licence, commercial)
    if not adding.add_or_tell(path, answers, to):
        raise Exit(1)


def _usable(commercial_only: bool) -> list[ModelSpec]:
    return usable(catalog.everything(), commercial_only=commercial_only)


def _all(names: Sequence[str]) -> list[ModelSpec]:
    return find_models(",".join(names), catalog.everything())
