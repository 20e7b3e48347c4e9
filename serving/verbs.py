"""The verbs of `cli.py keys`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from typer import Argument, Exit, Option, Typer, echo

from photos.saving import WriteFailed
from serving import keys

app = Typer(no_args_is_help=True, help="Keys of the HTTP API: who has one may use it.")

Name = Annotated[str, Argument(metavar="NAME", help="Whose key it is.")]
PerMinute = Annotated[
    int | None,
    Option(min=1, max=keys.MOST, help="How many requests for work it may make in any minute."),
]


@app.command()
def add(name: Name, per_minute: PerMinute = None) -> None:
    """Make a key and print it, this once."""
    with _told():
        print(keys.add(name, per_minute))
        echo("It's shown this once. Send it as X-Api-Key, or as Authorization: Bearer.", err=True)


@app.command("list")
def list_() -> None:
    """Whose keys there are, and how many requests a minute each may make."""
    with _told():
        for key in keys.known():
            print(f"{key.name}\t{key.per_minute} a minute" if key.per_minute else key.name)


@app.command()
def revoke(name: Name) -> None:
    """Make a key useless, from the next request on."""
    with _told():
        keys.revoke(name)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (keys.WrongKeys, WriteFailed) as error:
        echo(str(error), err=True)
        raise Exit(1) from error
