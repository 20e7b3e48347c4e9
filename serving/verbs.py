"""The verbs of `cli.py keys`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from typer import Argument, Exit, Typer, echo

from photos.saving import WriteFailed
from serving import keys

app = Typer(no_args_is_help=True, help="Keys of the HTTP API: who has one may use it.")

Name = Annotated[str, Argument(metavar="NAME", help="Whose key it is.")]


@app.command()
def add(name: Name) -> None:
    """Make a key and print it, this once."""
    with _told():
        print(keys.add(name))
        echo("It's shown this once. Send it as X-Api-Key, or as Authorization: Bearer.", err=True)


@app.command("list")
def list_() -> None:
    """Whose keys there are."""
    with _told():
        for key in keys.known():
            print(key.name)


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
